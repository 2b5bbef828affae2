/** What passes between the engine and a job process. */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { BuildJob, Built } from './build';
import type { Fetched, FetchJob } from './databases';
import type { DiffJob } from './diff';
import type { DriftJob } from './driftRows';
import type { ExportJob } from './export';
import type { PreviewJob } from './preview';
import type { PairJob, ProfileJob } from './profile';
import type { ComparedSchemas, SchemaDiffJob, SchemaJob, SchemaOfRows } from './schemaRows';
import type { ValidateJob } from './validateRows';
import type {
  DiffData,
  Drift,
  DriftProgress,
  Export,
  ExportProgress,
  MldataErrorData,
  Pair,
  Preview,
  Profile,
  ProfileProgress,
  ProfileUpdate,
  Progress,
  Quality,
  ValidateProgress,
} from '../protocol';

export const runBuild = new RequestType<BuildJob, Built, MldataErrorData>('job/build');
export const runPreview = new RequestType<PreviewJob, Preview, MldataErrorData>('job/preview');
export const runDiff = new RequestType<DiffJob, DiffData, MldataErrorData>('job/diff');
export const runProfile = new RequestType<ProfileJob, Profile, MldataErrorData>('job/profile');
export const runPair = new RequestType<PairJob, Pair, MldataErrorData>('job/pair');
export const runValidate = new RequestType<ValidateJob, Quality, MldataErrorData>('job/validate');
export const runDrift = new RequestType<DriftJob, Drift, MldataErrorData>('job/drift');
export const runSchema = new RequestType<SchemaJob, SchemaOfRows, MldataErrorData>('job/schema');
export const runSchemaDiff = new RequestType<SchemaDiffJob, ComparedSchemas, MldataErrorData>('job/schemaDiff');
export const runExport = new RequestType<ExportJob, Export, MldataErrorData>('job/export');
export const runFetch = new RequestType<FetchJob, Fetched, MldataErrorData>('job/fetch');
export const jobProgress = new NotificationType<Progress>('job/progress');
export const validateProgress = new NotificationType<ValidateProgress>('job/validateProgress');
export const driftProgress = new NotificationType<DriftProgress>('job/driftProgress');
export const exportProgress = new NotificationType<ExportProgress>('job/exportProgress');
/** Rows that came, and how much they are. */
export const fetchProgress = new NotificationType<{ readonly rows: number; readonly bytes: number }>(
  'job/fetchProgress',
);
export const profileProgress = new NotificationType<ProfileProgress>('job/profileProgress');
export const profileUpdate = new NotificationType<ProfileUpdate>('job/profileUpdate');

/** What a job process of each kind is called where it dies, and what to do then. */
interface JobWords {
  readonly process: string;
  readonly again: string;
  /** How long it may take to stop by itself where that is not the usual time. */
  readonly graceMs?: number;
}

export const jobWords: Readonly<Record<string, JobWords>> = {
  [runBuild.method]: { process: 'build process', again: 'Build again' },
  [runPreview.method]: { process: 'process of the preview', again: 'Preview again' },
  [runProfile.method]: { process: 'process of the profile', again: 'Profile again' },
  // It tells the server, which may be far away.
  [runFetch.method]: { process: 'process that asks the database', again: 'Fetch again', graceMs: 2500 },
  [runPair.method]: { process: 'process that compares the columns', again: 'Try again' },
  [runValidate.method]: { process: 'process that checks the data', again: 'Validate again' },
  [runDrift.method]: { process: 'process that compares them', again: 'Compare them again' },
  [runExport.method]: { process: 'process of the export', again: 'Export again' },
  [runSchema.method]: { process: 'process that reads the schema', again: 'Try again' },
  [runSchemaDiff.method]: { process: 'process that compares them', again: 'Compare them again' },
  [runDiff.method]: { process: 'process that compares them', again: 'Compare them again' },
};
