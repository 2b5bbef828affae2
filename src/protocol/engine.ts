/** The one door to everything about data. The command line calls it in its process, the editor over JSON-RPC. */
import type { ApplyRequest } from './apply';
import type { BuildPlan, BuildReport, BuildRequest, InitRequest, InitResult, Progress } from './build';
import type { CredentialsReport, CredentialsRequest, KeepCredentialRequest } from './credentials';
import type { Diff, DiffRequest } from './diff';
import type { Doctor, DoctorRequest } from './doctor';
import type { Drift } from './drift';
import type { AlertDelivery, AlertList, AlertsRequest, AlertTestRequest } from './driftAlert';
import type { DriftHistory, DriftHistoryRequest } from './driftHistory';
import type { DriftProgress, DriftReportRequest, DriftRequest } from './driftRequest';
import type { Export, ExportProgress, ExportRequest } from './export';
import type { CacheReport, CacheRequest } from './cache';
import type {
  SchemaDiff,
  SchemaDiffRequest,
  SchemaDocument,
  SchemaExport,
  SchemaExportRequest,
  SchemaHistory,
  SchemaHistoryRequest,
  SchemaImportRequest,
  SchemaRequest,
} from './evolution';
import type {
  GridCell,
  GridCellRequest,
  GridOpenRequest,
  GridPage,
  GridPageRequest,
  GridThumbnail,
  OpenedGrid,
} from './grid';
import type { NetworkSettings } from './network';
import type { Peek, PeekRequest } from './peek';
import type { Preview, PreviewRequest } from './preview';
import type { Pair, PairRequest, Profile, ProfileListener, ProfileRequest, ReportRequest } from './profile';
import type { Pull, PullProgress, PullRequest } from './pull';
import type { PutBack, PutBackRequest } from './quarantine';
import type { Quality, QualityReportRequest, ValidateProgress, ValidateRequest } from './quality';
import type { RebuildReport, RebuildRequest } from './rebuild';
import type { Lineage, TargetsRequest } from './lineage';
import type { LookRequest, SourceLook } from './look';
import type {
  Remote,
  RemoteRequest,
  Track,
  TrackingStatus,
  TrackingStatusRequest,
  TrackProgress,
  TrackRequest,
} from './tracking';
import type {
  GcRequest,
  RestoreRequest,
  TagRequest,
  VersionGc,
  VersionList,
  VersionRequest,
  VersionRestore,
  VersionShown,
  VersionTag,
} from './versions';

export interface Engine {
  /**
   * Builds datasets side by side, each after those it is made from, leaving alone those that are up to date. After one
   * has failed no other is started, unless `keepGoing` is set. The report is in the order of the config.
   * Throws `MldataError` only when nothing could be started (config errors) or the build was cancelled.
   */
  build(request: BuildRequest, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<BuildReport>;
  /**
   * Fetches sources that have an address, and builds nothing. Throws what is wrong with the config, `dataset-unknown`,
   * `untrusted-workspace`, what fetching throws, and when cancelled: what came of a file by then is gone on from.
   */
  pull(request: PullRequest, onProgress: (progress: PullProgress) => void, signal: AbortSignal): Promise<Pull>;
  plan(request: BuildRequest, signal: AbortSignal): Promise<BuildPlan>;
  /**
   * Writes the rows of a build or of files in other formats, or as a package that a framework reads. A format that fails
   * does not stop the others. Throws `not-built`, `target-unknown`, `output-exists` without `force`, `disk-space` before
   * anything is written, what is missing for a package, what reading the files throws, and when cancelled.
   */
  export(request: ExportRequest, onProgress: (progress: ExportProgress) => void, signal: AbortSignal): Promise<Export>;
  /** Shows what builds keep to read less the next time, or removes some or all of it. */
  cache(request: CacheRequest): Promise<CacheReport>;
  /** Writes a first config from the data; never overwrites without `force`. */
  init(request: InitRequest, signal: AbortSignal): Promise<InitResult>;
  /** Changes new data as a build changed its own. Throws `not-built` where no manifest stands. */
  apply(request: ApplyRequest, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<BuildReport>;
  /** Tries the steps of a dataset on its first rows; nothing is written. */
  preview(request: PreviewRequest, signal: AbortSignal): Promise<Preview>;
  /**
   * Describes the rows of a dataset, build, file or glob. Throws `target-unknown`, `source-changed` where a file changed
   * meanwhile, what reading the files throws, and when cancelled; a column that fails is an alert of its own.
   */
  profile(request: ProfileRequest, listener: ProfileListener, signal: AbortSignal): Promise<Profile>;
  /** Two columns of the same rows against each other. */
  pair(request: PairRequest, signal: AbortSignal): Promise<Pair>;
  /** Writes a profile as JSON, Markdown or a web page that needs nothing else. */
  writeReport(request: ReportRequest): Promise<void>;
  /**
   * Checks the rows of a dataset, build, file or glob. Findings are no errors; throws `target-unknown`, what reading the
   * files throws, and when cancelled.
   */
  validate(
    request: ValidateRequest,
    onProgress: (progress: ValidateProgress) => void,
    signal: AbortSignal,
  ): Promise<Quality>;
  /**
   * Puts files back that checks moved aside; nothing is overwritten, and what cannot be put back is told. Throws
   * `quarantine-unknown`, `quarantine-list` where the list of them is damaged, `path-outside`, `not-in-quarantine`, and
   * when cancelled.
   */
  putBack(request: PutBackRequest, signal: AbortSignal): Promise<PutBack>;
  /** Writes what checks found as JSON, Markdown, a web page, SARIF or JUnit XML. */
  writeQualityReport(request: QualityReportRequest): Promise<void>;
  /**
   * Holds the rows of one dataset, version, build or files against those of another. That they drifted is no error;
   * throws `target-unknown`, what finding versions and reading the files throws, and when cancelled.
   */
  drift(request: DriftRequest, onProgress: (progress: DriftProgress) => void, signal: AbortSignal): Promise<Drift>;
  /** Writes what is different as JSON, Markdown, a web page or SARIF. */
  writeDriftReport(request: DriftReportRequest): Promise<void>;
  /** How far each version was from what it was held against, oldest first. Throws what is wrong with a `versions.yaml`. */
  driftHistory(request: DriftHistoryRequest): Promise<DriftHistory>;
  /** The alerts of datasets, newest first; of a machine, since they lie in `.mldata`. */
  alerts(request: AlertsRequest): Promise<AlertList>;
  /** Says that somebody has seen to the alerts: what still drifts alerts again. Returns those that were open. */
  acknowledgeAlerts(request: AlertsRequest): Promise<AlertList>;
  /** Sends a trial to every place that a config names for alerts. Throws `alerts-none` where it names none. */
  testAlerts(request: AlertTestRequest, signal: AbortSignal): Promise<readonly AlertDelivery[]>;
  /**
   * The schema of a dataset, version, build or files, which may be written into a config. Throws `target-unknown`, what
   * reading the files and changing the config throws.
   */
  schema(request: SchemaRequest, signal: AbortSignal): Promise<SchemaDocument>;
  /** How the schema of one differs from that of another, and what that breaks. Breaking changes are no errors. */
  schemaDiff(request: SchemaDiffRequest, signal: AbortSignal): Promise<SchemaDiff>;
  /** How the schema of a dataset changed from version to version, as their manifests say. */
  schemaHistory(request: SchemaHistoryRequest): Promise<SchemaHistory>;
  /** The schema in the form of another tool. Throws as `schema` does, and what writing the file throws. */
  exportSchema(request: SchemaExportRequest, signal: AbortSignal): Promise<SchemaExport>;
  /** A schema from the form of another tool. Throws `schema-unreadable`, and what changing the config throws. */
  importSchema(request: SchemaImportRequest, signal: AbortSignal): Promise<SchemaDocument>;
  /** Looks at the source of a dataset for whoever writes its config. Throws what reading the files throws. */
  look(request: LookRequest, signal: AbortSignal): Promise<SourceLook>;
  /**
   * The first rows of a source that no config names yet, without fetching all of it, or the tables of a database. Throws
   * `untrusted-workspace`, `address-unclear`, `range-refused` and `peek-too-large` for what can be had as a whole only, what
   * reading, unpacking and asking throw, and when cancelled.
   */
  peek(request: PeekRequest, signal: AbortSignal): Promise<Peek>;
  /** Opens rows to look at; whoever opened them closes them. Throws what reading the files throws. */
  openGrid(request: GridOpenRequest, signal: AbortSignal): Promise<OpenedGrid>;
  /** Throws `grid-closed`, and `filter-invalid` for a value that is none of its column's type. */
  gridPage(request: GridPageRequest, signal: AbortSignal): Promise<GridPage>;
  gridCell(request: GridCellRequest, signal: AbortSignal): Promise<GridCell>;
  gridThumbnail(request: GridCellRequest, signal: AbortSignal): Promise<GridThumbnail>;
  closeGrid(id: string): Promise<void>;
  /** Holds two builds against each other. Throws `not-built` for what has no manifest, and where files of it are gone. */
  diff(request: DiffRequest, signal: AbortSignal): Promise<Diff>;
  /** Where builds came from, as their manifests say. Throws `not-built` for one without. */
  lineage(request: TargetsRequest): Promise<Lineage>;
  /** Builds again what manifests describe. Differences are no errors; throws `not-built`, and when cancelled. */
  rebuild(
    request: RebuildRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<RebuildReport>;
  /** The versions of datasets. Throws what is wrong with a `versions.yaml`. */
  versions(request: TargetsRequest): Promise<VersionList>;
  version(request: VersionRequest): Promise<VersionShown>;
  /** Puts a kept version back in its folder. Throws `version-bytes-missing` and `version-bytes-damaged`, and when cancelled. */
  restore(request: RestoreRequest, signal: AbortSignal): Promise<VersionRestore>;
  /** Gives a tag to a version, gives it back to the one before, or takes it away. */
  tag(request: TagRequest, signal: AbortSignal): Promise<VersionTag>;
  /** Removes the bytes of versions that are not kept. */
  collect(request: GcRequest): Promise<VersionGc>;
  /**
   * Has DVC or Git LFS track datasets, builds, files and folders. One that fails stops no other: each says why. Throws what
   * is wrong with the config, `target-unknown`, and when cancelled.
   */
  track(request: TrackRequest, onProgress: (progress: TrackProgress) => void, signal: AbortSignal): Promise<Track>;
  /** How what is tracked stands. Nothing is changed. Throws what is wrong with the config, `target-unknown`, and when cancelled. */
  trackingStatus(request: TrackingStatusRequest, signal: AbortSignal): Promise<TrackingStatus>;
  /** Adds a remote to the DVC repository. Throws `remote-exists` and `remote-invalid`, and where there is no repository. */
  addRemote(request: RemoteRequest): Promise<Remote>;
  /** Looks at every source, tool and host, within five seconds. What fails is told; throws when cancelled. */
  doctor(request: DoctorRequest, signal: AbortSignal): Promise<Doctor>;
  /** Whether the secrets that a config names are there and are taken. Throws `credential-unknown`, and when cancelled. */
  credentialStatus(request: CredentialsRequest, signal: AbortSignal): Promise<CredentialsReport>;
  /** The credentials that logging in to a source sets. Throws `credential-unknown`, and what is wrong with the config. */
  credentialNames(request: CredentialsRequest): Promise<string[]>;
  /** Keeps a secret in the keyring of this machine. Throws `keyring-unavailable` and `credential-empty`. */
  keepCredential(request: KeepCredentialRequest): Promise<void>;
  /** Removes one from the keyring, and tells whether it was there. Throws `keyring-unavailable`. */
  forgetCredential(name: string): Promise<boolean>;
  /** Takes the secrets that the editor keeps, by name, in the place of those before: in memory, and nowhere else. */
  handCredentials(values: Readonly<Record<string, string>>): void;
  /** Reaches the network so from now on: by these proxies, and trusting these authorities. */
  useNetwork(settings: NetworkSettings): void;
}
