/** The engine in a process of its own, so that heavy work, a crash or an out-of-memory kill never takes VS Code along. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { EventEmitter, l10n } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import {
  CancellationTokenSource,
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { withoutSecrets } from '../config';
import { cancelled, MldataError } from '../protocol';
import type {
  AlertList,
  AlertsRequest,
  BuildReport,
  BuildRequest,
  Doctor,
  DoctorRequest,
  Drift,
  DriftHistory,
  DriftHistoryRequest,
  DriftProgress,
  DriftReportRequest,
  DriftRequest,
  Engine,
  Export,
  ExportProgress,
  ExportRequest,
  GridCell,
  GridCellRequest,
  GridOpenRequest,
  GridPage,
  GridPageRequest,
  GridThumbnail,
  InitRequest,
  InitResult,
  LookRequest,
  MldataErrorData,
  NetworkSettings,
  OpenedGrid,
  Pair,
  PairRequest,
  Peek,
  PeekRequest,
  Preview,
  PreviewRequest,
  Profile,
  ProfileListener,
  ProfileRequest,
  Progress,
  Pull,
  PullProgress,
  PullRequest,
  PutBack,
  PutBackRequest,
  Quality,
  QualityReportRequest,
  Remote,
  RemoteRequest,
  ReportRequest,
  SourceLook,
  TargetsRequest,
  Track,
  TrackingStatus,
  TrackingStatusRequest,
  TrackProgress,
  TrackRequest,
  ValidateProgress,
  ValidateRequest,
  VersionList,
} from '../protocol';
import {
  acknowledgeAlertsRequest,
  addRemoteRequest,
  alertsRequest,
  buildRequest,
  closeGridRequest,
  credentialsNotification,
  doctorRequest,
  driftHistoryRequest,
  driftProgressNotification,
  driftReportRequest,
  driftRequest,
  exportProgressNotification,
  exportRequest,
  gridCellRequest,
  gridPageRequest,
  gridThumbnailRequest,
  initRequest,
  lookRequest,
  MLDATA_ERROR,
  networkNotification,
  openGridRequest,
  pairRequest,
  peekRequest,
  previewRequest,
  profileProgressNotification,
  profileRequest,
  profileUpdateNotification,
  progressNotification,
  pullProgressNotification,
  pullRequest,
  putBackRequest,
  qualityReportRequest,
  reportRequest,
  trackingStatusRequest,
  trackProgressNotification,
  trackRequest,
  validateProgressNotification,
  validateRequest,
  versionsRequest,
} from '../protocol/rpc';
import { Disposable } from './disposable';

/** Code of the error that work in progress fails with when the process goes away; {@link EngineClient.onDidStop} tells the user. */
export const ENGINE_STOPPED = 'engine-stopped';

/** How long the process may take to leave by itself once its input is closed. */
const GRACE_MS = 2000;

interface Server {
  readonly process: ChildProcessWithoutNullStreams;
  readonly connection: MessageConnection;
  /** Rejects when the process goes away; never resolves. */
  readonly gone: Promise<never>;
}

/** Starts the engine with the first request and again with the first one after a crash. */
export class EngineClient
  extends Disposable
  implements
    Pick<
      Engine,
      | 'build'
      | 'pull'
      | 'init'
      | 'preview'
      | 'profile'
      | 'pair'
      | 'writeReport'
      | 'validate'
      | 'putBack'
      | 'writeQualityReport'
      | 'drift'
      | 'writeDriftReport'
      | 'driftHistory'
      | 'versions'
      | 'alerts'
      | 'acknowledgeAlerts'
      | 'export'
      | 'track'
      | 'trackingStatus'
      | 'addRemote'
      | 'look'
      | 'openGrid'
      | 'gridPage'
      | 'gridCell'
      | 'gridThumbnail'
      | 'closeGrid'
      | 'handCredentials'
      | 'doctor'
      | 'useNetwork'
    >
{
  private readonly stopped = this._register(new EventEmitter<string>());
  /** The process went away unasked; the text says how and what was lost, once per crash. */
  readonly onDidStop = this.stopped.event;

  private server: Server | undefined;
  /** Also for a process that is started later. */
  private credentials: Readonly<Record<string, string>> = {};
  private network: NetworkSettings = {};
  private readonly running = new Set<string>();
  private readonly progress = new Map<string, (progress: Progress) => void>();
  private readonly pulls = new Map<string, (progress: PullProgress) => void>();
  private readonly profiles = new Map<string, ProfileListener>();
  private readonly validations = new Map<string, (progress: ValidateProgress) => void>();
  private readonly comparisons = new Map<string, (progress: DriftProgress) => void>();
  private readonly exports = new Map<string, (progress: ExportProgress) => void>();
  private readonly trackings = new Map<string, (progress: TrackProgress) => void>();

  /** `modulePath` is the engine's bundle. */
  constructor(
    private readonly modulePath: string,
    private readonly log: LogOutputChannel,
  ) {
    super();
    this._register({ dispose: () => this.stop() });
  }

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.server?.process.pid;
  }

  async build(
    request: BuildRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<BuildReport> {
    const id = randomUUID();
    this.progress.set(id, onProgress);
    const what = l10n.t('building {0}', request.names?.join(', ') ?? l10n.t('all datasets'));
    try {
      return await this.ask(what, signal, (connection, token) =>
        connection.sendRequest(buildRequest, { ...request, id }, token),
      );
    } finally {
      this.progress.delete(id);
    }
  }

  async pull(request: PullRequest, onProgress: (progress: PullProgress) => void, signal: AbortSignal): Promise<Pull> {
    const id = randomUUID();
    this.pulls.set(id, onProgress);
    const what = l10n.t('fetching {0}', request.targets?.join(', ') ?? l10n.t('all datasets'));
    try {
      return await this.ask(what, signal, (connection, token) =>
        connection.sendRequest(pullRequest, { ...request, id }, token),
      );
    } finally {
      this.pulls.delete(id);
    }
  }

  init(request: InitRequest, signal: AbortSignal): Promise<InitResult> {
    return this.ask(l10n.t('reading the files'), signal, (connection, token) =>
      connection.sendRequest(initRequest, request, token),
    );
  }

  preview(request: PreviewRequest, signal: AbortSignal): Promise<Preview> {
    return this.ask(l10n.t('trying the transforms of {0}', request.dataset), signal, (connection, token) =>
      connection.sendRequest(previewRequest, request, token),
    );
  }

  async profile(request: ProfileRequest, listener: ProfileListener, signal: AbortSignal): Promise<Profile> {
    const id = randomUUID();
    this.profiles.set(id, listener);
    try {
      return await this.ask(l10n.t('profiling {0}', request.target), signal, (connection, token) =>
        connection.sendRequest(profileRequest, { ...request, id }, token),
      );
    } finally {
      this.profiles.delete(id);
    }
  }

  pair(request: PairRequest, signal: AbortSignal): Promise<Pair> {
    return this.ask(l10n.t('comparing columns of {0}', request.target), signal, (connection, token) =>
      connection.sendRequest(pairRequest, request, token),
    );
  }

  writeReport(request: ReportRequest): Promise<void> {
    return this.ask(l10n.t('writing a report'), new AbortController().signal, (connection, token) =>
      connection.sendRequest(reportRequest, request, token),
    );
  }

  async validate(
    request: ValidateRequest,
    onProgress: (progress: ValidateProgress) => void,
    signal: AbortSignal,
  ): Promise<Quality> {
    const id = randomUUID();
    this.validations.set(id, onProgress);
    try {
      return await this.ask(l10n.t('checking {0}', request.target), signal, (connection, token) =>
        connection.sendRequest(validateRequest, { ...request, id }, token),
      );
    } finally {
      this.validations.delete(id);
    }
  }

  putBack(request: PutBackRequest, signal: AbortSignal): Promise<PutBack> {
    return this.ask(l10n.t('putting files back'), signal, (connection, token) =>
      connection.sendRequest(putBackRequest, request, token),
    );
  }

  writeQualityReport(request: QualityReportRequest): Promise<void> {
    return this.ask(l10n.t('writing a report'), new AbortController().signal, (connection, token) =>
      connection.sendRequest(qualityReportRequest, request, token),
    );
  }

  async drift(
    request: DriftRequest,
    onProgress: (progress: DriftProgress) => void,
    signal: AbortSignal,
  ): Promise<Drift> {
    const id = randomUUID();
    this.comparisons.set(id, onProgress);
    try {
      return await this.ask(l10n.t('comparing {0}', request.current), signal, (connection, token) =>
        connection.sendRequest(driftRequest, { ...request, id }, token),
      );
    } finally {
      this.comparisons.delete(id);
    }
  }

  writeDriftReport(request: DriftReportRequest): Promise<void> {
    return this.ask(l10n.t('writing a report'), new AbortController().signal, (connection, token) =>
      connection.sendRequest(driftReportRequest, request, token),
    );
  }

  driftHistory(request: DriftHistoryRequest): Promise<DriftHistory> {
    return this.ask(l10n.t('reading the drift history'), new AbortController().signal, (connection, token) =>
      connection.sendRequest(driftHistoryRequest, request, token),
    );
  }

  alerts(request: AlertsRequest): Promise<AlertList> {
    return this.ask(l10n.t('reading the alerts'), new AbortController().signal, (connection, token) =>
      connection.sendRequest(alertsRequest, request, token),
    );
  }

  acknowledgeAlerts(request: AlertsRequest): Promise<AlertList> {
    return this.ask(l10n.t('acknowledging alerts'), new AbortController().signal, (connection, token) =>
      connection.sendRequest(acknowledgeAlertsRequest, request, token),
    );
  }

  versions(request: TargetsRequest): Promise<VersionList> {
    return this.ask(l10n.t('listing versions'), new AbortController().signal, (connection, token) =>
      connection.sendRequest(versionsRequest, request, token),
    );
  }

  async export(
    request: ExportRequest,
    onProgress: (progress: ExportProgress) => void,
    signal: AbortSignal,
  ): Promise<Export> {
    const id = randomUUID();
    this.exports.set(id, onProgress);
    try {
      return await this.ask(l10n.t('exporting {0}', request.target), signal, (connection, token) =>
        connection.sendRequest(exportRequest, { ...request, id }, token),
      );
    } finally {
      this.exports.delete(id);
    }
  }

  async track(
    request: TrackRequest,
    onProgress: (progress: TrackProgress) => void,
    signal: AbortSignal,
  ): Promise<Track> {
    const id = randomUUID();
    this.trackings.set(id, onProgress);
    try {
      return await this.ask(l10n.t('tracking data'), signal, (connection, token) =>
        connection.sendRequest(trackRequest, { ...request, id }, token),
      );
    } finally {
      this.trackings.delete(id);
    }
  }

  trackingStatus(request: TrackingStatusRequest, signal: AbortSignal): Promise<TrackingStatus> {
    return this.ask(l10n.t('reading what is tracked'), signal, (connection, token) =>
      connection.sendRequest(trackingStatusRequest, request, token),
    );
  }

  addRemote(request: RemoteRequest): Promise<Remote> {
    return this.ask(l10n.t('adding a remote'), new AbortController().signal, (connection, token) =>
      connection.sendRequest(addRemoteRequest, request, token),
    );
  }

  look(request: LookRequest, signal: AbortSignal): Promise<SourceLook> {
    return this.ask(l10n.t('reading the files'), signal, (connection, token) =>
      connection.sendRequest(lookRequest, request, token),
    );
  }

  peek(request: PeekRequest, signal: AbortSignal): Promise<Peek> {
    return this.ask(l10n.t('reading the first rows'), signal, (connection, token) =>
      connection.sendRequest(peekRequest, request, token),
    );
  }

  openGrid(request: GridOpenRequest, signal: AbortSignal): Promise<OpenedGrid> {
    return this.ask(l10n.t('opening {0}', request.target), signal, (connection, token) =>
      connection.sendRequest(openGridRequest, request, token),
    );
  }

  gridPage(request: GridPageRequest, signal: AbortSignal): Promise<GridPage> {
    return this.ask(l10n.t('showing data'), signal, (connection, token) =>
      connection.sendRequest(gridPageRequest, request, token),
    );
  }

  gridCell(request: GridCellRequest, signal: AbortSignal): Promise<GridCell> {
    return this.ask(l10n.t('showing data'), signal, (connection, token) =>
      connection.sendRequest(gridCellRequest, request, token),
    );
  }

  gridThumbnail(request: GridCellRequest, signal: AbortSignal): Promise<GridThumbnail> {
    return this.ask(l10n.t('showing data'), signal, (connection, token) =>
      connection.sendRequest(gridThumbnailRequest, request, token),
    );
  }

  /** A process that is gone has closed everything. */
  async closeGrid(id: string): Promise<void> {
    await this.server?.connection.sendRequest(closeGridRequest, { id });
  }

  doctor(request: DoctorRequest, signal: AbortSignal): Promise<Doctor> {
    return this.ask(l10n.t('looking at sources, tools and hosts'), signal, (connection, token) =>
      connection.sendRequest(doctorRequest, request, token),
    );
  }

  handCredentials(values: Readonly<Record<string, string>>): void {
    this.credentials = values;
    if (this.server) this.hand(this.server.connection);
  }

  useNetwork(settings: NetworkSettings): void {
    this.network = settings;
    if (this.server) this.hand(this.server.connection);
  }

  private hand(connection: MessageConnection): void {
    // That the process went away is told by what is running.
    connection.sendNotification(credentialsNotification, this.credentials).catch(() => undefined);
    connection.sendNotification(networkNotification, this.network).catch(() => undefined);
  }

  private async ask<T>(
    what: string,
    signal: AbortSignal,
    send: (connection: MessageConnection, token: CancellationToken) => Promise<T>,
  ): Promise<T> {
    if (signal.aborted) throw cancelled();
    const server = (this.server ??= this.start());
    const source = new CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    this.running.add(what);
    try {
      return await Promise.race([send(server.connection, source.token), server.gone]);
    } catch (error) {
      throw fromResponse(error);
    } finally {
      this.running.delete(what);
      signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  }

  private start(): Server {
    const child = spawn(process.execPath, [this.modulePath], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: 'pipe',
      windowsHide: true,
    });
    this.log.info(`Engine started (process ${child.pid ?? '?'}).`);
    let lastWords = '';
    createInterface({ input: child.stderr }).on('line', (line) => {
      const told = withoutSecrets(line);
      if (told.trim() !== '') lastWords = told.trim();
      this.log.info(`[engine] ${told}`);
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.onNotification(progressNotification, ({ id, progress }) => this.progress.get(id)?.(progress));
    connection.onNotification(pullProgressNotification, ({ id, progress }) => this.pulls.get(id)?.(progress));
    connection.onNotification(profileProgressNotification, ({ id, progress }) =>
      this.profiles.get(id)?.onProgress(progress),
    );
    connection.onNotification(driftProgressNotification, ({ id, progress }) => this.comparisons.get(id)?.(progress));
    connection.onNotification(exportProgressNotification, ({ id, progress }) => this.exports.get(id)?.(progress));
    connection.onNotification(trackProgressNotification, ({ id, progress }) => this.trackings.get(id)?.(progress));
    connection.onNotification(validateProgressNotification, ({ id, progress }) => this.validations.get(id)?.(progress));
    connection.onNotification(profileUpdateNotification, ({ id, update }) => this.profiles.get(id)?.onUpdate(update));
    connection.onError(([error]) => this.log.warn(`Engine connection: ${error.message}`));
    // Writing to a process that is going away fails twice: here and as `gone`, which says why.
    child.stdin.on('error', (error) => this.log.debug(`Engine input: ${error.message}`));
    const gone = new Promise<never>((_, reject) => {
      child.once('error', (error) => reject(this.lost(child, error.message)));
      // `close` comes after the last line of stderr, `exit` may come before it.
      child.once('close', (code, signal) => reject(this.lost(child, reason(code, signal), lastWords)));
    });
    gone.catch(() => connection.dispose());
    connection.listen();
    this.hand(connection);
    return { process: child, connection, gone };
  }

  /** The error of everything that was running; tells the user unless the process was asked to go. */
  private lost(child: ChildProcessWithoutNullStreams, why: string, lastWords = ''): MldataError {
    const details = lastWords === '' ? why : `${why}: ${lastWords}`;
    if (this.server?.process !== child) {
      return new MldataError('buildFailed', ENGINE_STOPPED, l10n.t('The data engine was stopped.'));
    }
    this.server = undefined;
    const message =
      this.running.size === 0
        ? l10n.t('The data engine stopped ({0}). It starts again when it is next needed.', details)
        : l10n.t(
            'The data engine stopped ({0}) while {1}. It starts again when it is next needed.',
            details,
            [...this.running].join(', '),
          );
    this.log.error(message);
    this.stopped.fire(message);
    return new MldataError('buildFailed', ENGINE_STOPPED, message);
  }

  /** Closing the input asks the process to leave, with its jobs; it is killed when it doesn't. */
  private stop(): void {
    const child = this.server?.process;
    this.server = undefined;
    if (child === undefined) return;
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    child.once('exit', () => clearTimeout(timer));
  }
}

function reason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') {
    return l10n.t('killed, most often for want of memory; a lower `mldata.engine.memoryLimit` may help');
  }
  return signal === null ? l10n.t('exit code {0}', code ?? '?') : l10n.t('signal {0}', signal);
}

function fromResponse(error: unknown): unknown {
  if (!(error instanceof ResponseError) || error.code !== MLDATA_ERROR) return error;
  return MldataError.fromData(error.data as MldataErrorData);
}
