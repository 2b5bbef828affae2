/**
 * The façade: everything the command line and the editor can ask of the engine. What answers is loaded when it is first asked
 * for: all of it together takes longer to load than many a command takes.
 */
import { join } from 'node:path';
import { foldersOf } from '../config';
import { Credentials, remember } from './credentials';
import type { Grids } from './grids';
import { JOB_ENTRY } from './jobFork';
import { cacheBytesOf, limitsOf } from './limits';
import { lineageOf } from './lineage';
import type { Looks } from './looks';
import { manifestsOf } from './named';
import { useNetwork } from './network';
import { readSpecs } from './readConfig';
import { writeDriftReport, writeQualityReport, writeReport } from './report';
import type { Build } from './run';
import { explain } from './trouble';
import { allowsInner, readUserConfig } from './userLayer';
import { documentHead } from './version';
import { openWorkspace } from './workspace';
import {
  MANIFEST_FILE,
  type AlertDelivery,
  type AlertList,
  type AlertsRequest,
  type AlertTestRequest,
  type ApplyRequest,
  type BuildPlan,
  type BuildReport,
  type BuildRequest,
  type CacheReport,
  type CacheRequest,
  type CredentialsReport,
  type CredentialsRequest,
  type DatasetRebuild,
  type Diff,
  type DiffRequest,
  type Doctor,
  type DoctorRequest,
  type Drift,
  type DriftHistory,
  type DriftHistoryRequest,
  type DriftProgress,
  type DriftReportRequest,
  type DriftRequest,
  type Engine,
  type Export,
  type ExportProgress,
  type ExportRequest,
  type GcRequest,
  type GridCell,
  type GridCellRequest,
  type GridOpenRequest,
  type GridPage,
  type GridPageRequest,
  type GridThumbnail,
  type InitRequest,
  type InitResult,
  type KeepCredentialRequest,
  type Lineage,
  type LookRequest,
  type NetworkSettings,
  type OpenedGrid,
  type Pair,
  type PairRequest,
  type Peek,
  type PeekRequest,
  type Preview,
  type PreviewRequest,
  type Profile,
  type ProfileListener,
  type ProfileRequest,
  type Progress,
  type Pull,
  type PullProgress,
  type PullRequest,
  type PutBack,
  type PutBackRequest,
  type Quality,
  type QualityReportRequest,
  type RebuildReport,
  type RebuildRequest,
  type Remote,
  type RemoteRequest,
  type ReportRequest,
  type RestoreRequest,
  type SchemaDiff,
  type SchemaDiffRequest,
  type SchemaDocument,
  type SchemaExport,
  type SchemaExportRequest,
  type SchemaHistory,
  type SchemaHistoryRequest,
  type SchemaImportRequest,
  type SchemaRequest,
  type SourceLook,
  type TagRequest,
  type TargetsRequest,
  type Track,
  type TrackingStatus,
  type TrackingStatusRequest,
  type TrackProgress,
  type TrackRequest,
  type ValidateProgress,
  type ValidateRequest,
  type VersionGc,
  type VersionList,
  type VersionRequest,
  type VersionRestore,
  type VersionShown,
  type VersionTag,
} from '../protocol';

export class LocalEngine implements Engine {
  /** Where the secrets that configs name are found. */
  private readonly credentials = new Credentials();
  private grids: Promise<Grids> | undefined;
  private looks: Promise<Looks> | undefined;

  /**
   * @param jobEntry the script of a job process
   * @param here what builds instead of one: in this process, which whatever befalls a build then befalls too
   */
  constructor(
    private readonly jobEntry = JOB_ENTRY,
    private readonly here?: Build,
  ) {}

  async build(
    request: BuildRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<BuildReport> {
    const user = await readUserConfig();
    const limits = limitsOf(request, user?.engine);
    const orders = await readSpecs(request, user);
    const cacheBytes = cacheBytesOf(request, user?.engine);
    const workspace = { ...(await openWorkspace(request.configPath)), retention: orders.retention, cacheBytes };
    const allowInner = allowsInner(request, user);
    const run = {
      jobEntry: this.jobEntry,
      build: this.here,
      limits,
      allowInner,
      credentials: this.credentials,
      onProgress,
      signal,
    };
    const { buildAll } = await import('./buildAll');
    const datasets = await buildAll(run, orders, workspace, request);
    return {
      ...documentHead('mldata/build'),
      config: request.configPath,
      datasets,
    };
  }

  async plan(request: BuildRequest, signal: AbortSignal): Promise<BuildPlan> {
    limitsOf(request);
    const { specs } = await readSpecs(request, await readUserConfig());
    const [{ describePlan }, { rootOf }] = await Promise.all([import('./plan'), import('./run')]);
    return describePlan(specs, request.configPath, rootOf(request), signal);
  }

  async pull(request: PullRequest, onProgress: (progress: PullProgress) => void, signal: AbortSignal): Promise<Pull> {
    const user = await readUserConfig();
    const run = {
      jobEntry: this.jobEntry,
      limits: limitsOf(request, user?.engine),
      credentials: this.credentials,
      signal,
    };
    return (await import('./pullAll')).pullAll(run, request, user, onProgress);
  }

  async export(
    request: ExportRequest,
    onProgress: (progress: ExportProgress) => void,
    signal: AbortSignal,
  ): Promise<Export> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./exportOne')).exportOne({ jobEntry: this.jobEntry, limits, signal }, request, onProgress);
  }

  async cache(request: CacheRequest): Promise<CacheReport> {
    return (await import('./cache')).cacheOf(request);
  }

  async init(request: InitRequest, signal: AbortSignal): Promise<InitResult> {
    const user = await readUserConfig();
    return (await import('./init')).writeFirstConfig(request, limitsOf(request, user?.engine), signal);
  }

  async apply(
    request: ApplyRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<BuildReport> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    const [build] = await manifestsOf({ targets: [request.manifest], folder: request.manifest });
    if (!build) throw new Error('No manifest was found and nothing was said');
    const { applyOne } = await import('./apply');
    const run = { jobEntry: this.jobEntry, build: this.here, limits, onProgress, signal };
    const dataset = await applyOne(run, build, request);
    return {
      ...documentHead('mldata/build'),
      config: join(build.folder, MANIFEST_FILE),
      datasets: [dataset],
    };
  }

  async preview(request: PreviewRequest, signal: AbortSignal): Promise<Preview> {
    const { configPath, dataset } = request;
    const user = await readUserConfig();
    const limits = limitsOf(request, user?.engine);
    const { specs } = await readSpecs({ configPath, names: [dataset] }, user);
    const spec = specs.find(({ name }) => name === dataset);
    if (!spec) throw new Error(`The config has ${dataset} and does not say what it is`);
    const run = { jobEntry: this.jobEntry, limits, onProgress: () => undefined, signal };
    return (await import('./previewOne')).previewOne(run, { spec, datasets: foldersOf(spec, specs) }, request);
  }

  async look(request: LookRequest, signal: AbortSignal): Promise<SourceLook> {
    const user = await readUserConfig();
    this.looks ??= import('./looks').then(({ Looks }) => new Looks());
    return (await this.looks).look(request, user, limitsOf(request, user?.engine), signal);
  }

  async peek(request: PeekRequest, signal: AbortSignal): Promise<Peek> {
    const user = await readUserConfig();
    const { jobEntry, credentials } = this;
    const run = { jobEntry, limits: limitsOf(request, user?.engine), credentials, signal };
    return (await import('./peekOne')).peekOne(run, request, user);
  }

  async openGrid(request: GridOpenRequest, signal: AbortSignal): Promise<OpenedGrid> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await (await this.openGrids()).open(request, limits, signal)).opened;
  }

  async gridPage(request: GridPageRequest, signal: AbortSignal): Promise<GridPage> {
    return (await this.openGrids()).get(request.id).page(request, signal);
  }

  async gridCell(request: GridCellRequest, signal: AbortSignal): Promise<GridCell> {
    return (await this.openGrids()).get(request.id).cell(request, signal);
  }

  async gridThumbnail(request: GridCellRequest, signal: AbortSignal): Promise<GridThumbnail> {
    return (await this.openGrids()).get(request.id).thumbnail(request, signal);
  }

  async closeGrid(id: string): Promise<void> {
    await (await this.grids)?.close(id);
  }

  /** Closes what is open, before the process leaves. */
  async close(): Promise<void> {
    await (await this.grids)?.closeAll();
  }

  private openGrids(): Promise<Grids> {
    return (this.grids ??= import('./grids').then(({ Grids }) => new Grids()));
  }

  async profile(request: ProfileRequest, listener: ProfileListener, signal: AbortSignal): Promise<Profile> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./profileOne')).profileOne({ jobEntry: this.jobEntry, limits, signal }, request, listener);
  }

  async pair(request: PairRequest, signal: AbortSignal): Promise<Pair> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./profileOne')).pairOne({ jobEntry: this.jobEntry, limits, signal }, request);
  }

  writeReport(request: ReportRequest): Promise<void> {
    return writeReport(request);
  }

  async validate(
    request: ValidateRequest,
    onProgress: (progress: ValidateProgress) => void,
    signal: AbortSignal,
  ): Promise<Quality> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./validateOne')).validateOne(
      { jobEntry: this.jobEntry, limits, signal },
      request,
      onProgress,
    );
  }

  async putBack(request: PutBackRequest, signal: AbortSignal): Promise<PutBack> {
    return (await import('./putBackOne')).putBackOne(request, signal);
  }

  writeQualityReport(request: QualityReportRequest): Promise<void> {
    return writeQualityReport(request);
  }

  async drift(
    request: DriftRequest,
    onProgress: (progress: DriftProgress) => void,
    signal: AbortSignal,
  ): Promise<Drift> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./driftOne')).driftOne({ jobEntry: this.jobEntry, limits, signal }, request, onProgress);
  }

  writeDriftReport(request: DriftReportRequest): Promise<void> {
    return writeDriftReport(request);
  }

  async driftHistory(request: DriftHistoryRequest): Promise<DriftHistory> {
    return (await import('./driftHistory')).driftHistory(request);
  }

  async alerts(request: AlertsRequest): Promise<AlertList> {
    return (await import('./alertList')).listAlerts(request);
  }

  async acknowledgeAlerts(request: AlertsRequest): Promise<AlertList> {
    return (await import('./alertList')).acknowledgeAlerts(request);
  }

  async testAlerts(request: AlertTestRequest, signal: AbortSignal): Promise<readonly AlertDelivery[]> {
    return (await import('./alertList')).testAlerts(request, this.credentials, signal);
  }

  async schema(request: SchemaRequest, signal: AbortSignal): Promise<SchemaDocument> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./schemaOne')).schemaOf({ jobEntry: this.jobEntry, limits, signal }, request);
  }

  async schemaDiff(request: SchemaDiffRequest, signal: AbortSignal): Promise<SchemaDiff> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./schemaOne')).schemaDiffOf({ jobEntry: this.jobEntry, limits, signal }, request);
  }

  async schemaHistory(request: SchemaHistoryRequest): Promise<SchemaHistory> {
    return (await import('./schemaOne')).schemaHistoryOf(request);
  }

  async exportSchema(request: SchemaExportRequest, signal: AbortSignal): Promise<SchemaExport> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./schemaForms')).exportSchemaOf({ jobEntry: this.jobEntry, limits, signal }, request);
  }

  async importSchema(request: SchemaImportRequest, signal: AbortSignal): Promise<SchemaDocument> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./schemaForms')).importSchemaOf({ jobEntry: this.jobEntry, limits, signal }, request);
  }

  async diff(request: DiffRequest, signal: AbortSignal): Promise<Diff> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    return (await import('./diffOne')).diffOne(
      { jobEntry: this.jobEntry, limits, onProgress: () => undefined, signal },
      request,
    );
  }

  async lineage(request: TargetsRequest): Promise<Lineage> {
    const builds = await manifestsOf(request);
    const datasets = builds.map(({ manifest }) => lineageOf(manifest));
    return { ...documentHead('mldata/lineage'), datasets };
  }

  async rebuild(
    request: RebuildRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<RebuildReport> {
    const limits = limitsOf(request, (await readUserConfig())?.engine);
    const run = { jobEntry: this.jobEntry, build: this.here, limits, onProgress, signal };
    const datasets: DatasetRebuild[] = [];
    const [{ buildsToRebuild }, { rebuildOne }] = await Promise.all([import('./rebuildTargets'), import('./rebuild')]);
    for (const build of await buildsToRebuild(request)) {
      try {
        datasets.push(await rebuildOne(run, build, request));
      } catch (error) {
        const { dataset } = build.manifest;
        const { kind, code, message } = explain(error, dataset);
        if (kind === 'cancelled') throw error;
        datasets.push({ dataset, status: 'failed', differences: [], error: { kind, code, message } });
      }
    }
    return { ...documentHead('mldata/rebuild'), datasets };
  }

  async versions(request: TargetsRequest): Promise<VersionList> {
    return (await import('./versionList')).listVersions(request);
  }

  async version(request: VersionRequest): Promise<VersionShown> {
    return (await import('./versionList')).showVersion(request);
  }

  async restore(request: RestoreRequest, signal: AbortSignal): Promise<VersionRestore> {
    return (await import('./restore')).restoreVersion(request, signal);
  }

  async tag(request: TagRequest, signal: AbortSignal): Promise<VersionTag> {
    return (await import('./versionChanges')).tagVersion(request, signal);
  }

  async collect(request: GcRequest): Promise<VersionGc> {
    return (await import('./versionChanges')).collectVersions(request);
  }

  async track(
    request: TrackRequest,
    onProgress: (progress: TrackProgress) => void,
    signal: AbortSignal,
  ): Promise<Track> {
    return (await import('./trackOne')).trackAll(request, onProgress, signal);
  }

  async trackingStatus(request: TrackingStatusRequest, signal: AbortSignal): Promise<TrackingStatus> {
    return (await import('./tracking')).trackingStatus(request, signal);
  }

  async doctor(request: DoctorRequest, signal: AbortSignal): Promise<Doctor> {
    return (await import('./doctorOne')).doctorOne(request, this.credentials, signal);
  }

  async credentialStatus(request: CredentialsRequest, signal: AbortSignal): Promise<CredentialsReport> {
    return (await import('./credentialsOne')).credentialStatus(request, this.credentials, signal);
  }

  async credentialNames(request: CredentialsRequest): Promise<string[]> {
    return (await import('./credentialsOne')).credentialNames(request);
  }

  async keepCredential({ name, value }: KeepCredentialRequest): Promise<void> {
    return (await import('./credentialsOne')).keepCredential(name, value);
  }

  async forgetCredential(name: string): Promise<boolean> {
    return (await import('./credentialsOne')).forgetCredential(name);
  }

  handCredentials(values: Readonly<Record<string, string>>): void {
    this.credentials.hand(values);
  }

  async addRemote(request: RemoteRequest): Promise<Remote> {
    return (await import('./tracking')).addRemote(request);
  }

  useNetwork(settings: NetworkSettings): void {
    const { proxy = '', proxyAuthorization = '' } = settings;
    if (URL.canParse(proxy)) remember(new URL(proxy).password);
    remember(proxyAuthorization);
    useNetwork(settings);
  }
}
