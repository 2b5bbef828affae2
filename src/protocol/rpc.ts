/** The messages between an engine's face and the engine process. */
import type { BuildPlan, BuildReport, BuildRequest, InitRequest, InitResult, Progress } from './build';
import type { Export, ExportProgress, ExportRequest } from './export';
import type {
  GridCell,
  GridCellRequest,
  GridOpenRequest,
  GridPage,
  GridPageRequest,
  GridThumbnail,
  OpenedGrid,
} from './grid';
import type { CredentialsReport, CredentialsRequest } from './credentials';
import type { Doctor, DoctorRequest } from './doctor';
import type { Drift } from './drift';
import type { AlertList, AlertsRequest } from './driftAlert';
import type { DriftHistory, DriftHistoryRequest } from './driftHistory';
import type { DriftProgress, DriftReportRequest, DriftRequest } from './driftRequest';
import type {
  SchemaDiff,
  SchemaDiffRequest,
  SchemaDocument,
  SchemaHistory,
  SchemaHistoryRequest,
  SchemaRequest,
} from './evolution';
import type { TargetsRequest } from './lineage';
import type { LookRequest, SourceLook } from './look';
import type { NetworkSettings } from './network';
import type { Peek, PeekRequest } from './peek';
import type { Preview, PreviewRequest } from './preview';
import type {
  Pair,
  PairRequest,
  Profile,
  ProfileProgress,
  ProfileRequest,
  ProfileUpdate,
  ReportRequest,
} from './profile';
import type { Pull, PullProgress, PullRequest } from './pull';
import type { PutBack, PutBackRequest } from './quarantine';
import type { Quality, QualityReportRequest, ValidateProgress, ValidateRequest } from './quality';
import type {
  Remote,
  RemoteRequest,
  Track,
  TrackingStatus,
  TrackingStatusRequest,
  TrackProgress,
  TrackRequest,
} from './tracking';
import type { VersionList } from './versions';
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { MldataErrorData } from './errors';

export const buildRequest = new RequestType<BuildRequest & { readonly id: string }, BuildReport, MldataErrorData>(
  'mldata/build',
);
export const pullRequest = new RequestType<PullRequest & { readonly id: string }, Pull, MldataErrorData>('mldata/pull');
/** Progress of the pull with this id. */
export const pullProgressNotification = new NotificationType<{ readonly id: string; readonly progress: PullProgress }>(
  'mldata/pullProgress',
);
export const planRequest = new RequestType<BuildRequest, BuildPlan, MldataErrorData>('mldata/plan');
export const initRequest = new RequestType<InitRequest, InitResult, MldataErrorData>('mldata/init');
/** Progress of the build with this id. */
export const progressNotification = new NotificationType<{ readonly id: string; readonly progress: Progress }>(
  'mldata/progress',
);
export const previewRequest = new RequestType<PreviewRequest, Preview, MldataErrorData>('mldata/preview');
export const profileRequest = new RequestType<ProfileRequest & { readonly id: string }, Profile, MldataErrorData>(
  'mldata/profile',
);
/** Progress of the profile with this id, and what is known of it before all is. */
export const profileProgressNotification = new NotificationType<{
  readonly id: string;
  readonly progress: ProfileProgress;
}>('mldata/profileProgress');
export const profileUpdateNotification = new NotificationType<{ readonly id: string; readonly update: ProfileUpdate }>(
  'mldata/profileUpdate',
);
export const pairRequest = new RequestType<PairRequest, Pair, MldataErrorData>('mldata/pair');
export const reportRequest = new RequestType<ReportRequest, void, MldataErrorData>('mldata/report');
export const validateRequest = new RequestType<ValidateRequest & { readonly id: string }, Quality, MldataErrorData>(
  'mldata/validate',
);
/** Progress of the validation with this id. */
export const validateProgressNotification = new NotificationType<{
  readonly id: string;
  readonly progress: ValidateProgress;
}>('mldata/validateProgress');
export const qualityReportRequest = new RequestType<QualityReportRequest, void, MldataErrorData>(
  'mldata/qualityReport',
);
export const putBackRequest = new RequestType<PutBackRequest, PutBack, MldataErrorData>('mldata/putBack');
export const driftRequest = new RequestType<DriftRequest & { readonly id: string }, Drift, MldataErrorData>(
  'mldata/drift',
);
/** Progress of the comparison with this id. */
export const driftProgressNotification = new NotificationType<{
  readonly id: string;
  readonly progress: DriftProgress;
}>('mldata/driftProgress');
export const driftReportRequest = new RequestType<DriftReportRequest, void, MldataErrorData>('mldata/driftReport');
export const driftHistoryRequest = new RequestType<DriftHistoryRequest, DriftHistory, MldataErrorData>(
  'mldata/driftHistory',
);
/** The versions of datasets. */
export const versionsRequest = new RequestType<TargetsRequest, VersionList, MldataErrorData>('mldata/versions');
export const alertsRequest = new RequestType<AlertsRequest, AlertList, MldataErrorData>('mldata/alerts');
export const acknowledgeAlertsRequest = new RequestType<AlertsRequest, AlertList, MldataErrorData>(
  'mldata/acknowledgeAlerts',
);
export const schemaRequest = new RequestType<SchemaRequest, SchemaDocument, MldataErrorData>('mldata/schema');
export const schemaDiffRequest = new RequestType<SchemaDiffRequest, SchemaDiff, MldataErrorData>('mldata/schemaDiff');
export const schemaHistoryRequest = new RequestType<SchemaHistoryRequest, SchemaHistory, MldataErrorData>(
  'mldata/schemaHistory',
);
export const lookRequest = new RequestType<LookRequest, SourceLook, MldataErrorData>('mldata/look');
export const peekRequest = new RequestType<PeekRequest, Peek, MldataErrorData>('mldata/peek');
export const openGridRequest = new RequestType<GridOpenRequest, OpenedGrid, MldataErrorData>('mldata/grid/open');
export const gridPageRequest = new RequestType<GridPageRequest, GridPage, MldataErrorData>('mldata/grid/page');
export const gridCellRequest = new RequestType<GridCellRequest, GridCell, MldataErrorData>('mldata/grid/cell');
export const gridThumbnailRequest = new RequestType<GridCellRequest, GridThumbnail, MldataErrorData>(
  'mldata/grid/thumbnail',
);
export const closeGridRequest = new RequestType<{ readonly id: string }, void, MldataErrorData>('mldata/grid/close');
export const exportRequest = new RequestType<ExportRequest & { readonly id: string }, Export, MldataErrorData>(
  'mldata/export',
);
/** Progress of the export with this id. */
export const exportProgressNotification = new NotificationType<{
  readonly id: string;
  readonly progress: ExportProgress;
}>('mldata/exportProgress');
export const trackRequest = new RequestType<TrackRequest & { readonly id: string }, Track, MldataErrorData>(
  'mldata/track',
);
/** Progress of the tracking with this id. */
export const trackProgressNotification = new NotificationType<{
  readonly id: string;
  readonly progress: TrackProgress;
}>('mldata/trackProgress');
export const trackingStatusRequest = new RequestType<TrackingStatusRequest, TrackingStatus, MldataErrorData>(
  'mldata/trackingStatus',
);
export const addRemoteRequest = new RequestType<RemoteRequest, Remote, MldataErrorData>('mldata/addRemote');
export const doctorRequest = new RequestType<DoctorRequest, Doctor, MldataErrorData>('mldata/doctor');
export const credentialStatusRequest = new RequestType<CredentialsRequest, CredentialsReport, MldataErrorData>(
  'mldata/credentialStatus',
);
/** The secrets that the editor keeps, by name. They pass here only: no argument, no environment, no file, no log. */
export const credentialsNotification = new NotificationType<Readonly<Record<string, string>>>('mldata/credentials');
/** How the network is reached. A proxy's password passes here only, as secrets do. */
export const networkNotification = new NotificationType<NetworkSettings>('mldata/network');
/** JSON-RPC error code of every `MldataError`; its data is `MldataErrorData`. */
export const MLDATA_ERROR = -32000;
