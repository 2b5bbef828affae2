/** How what DVC and Git LFS track of each dataset stands, for everything that shows it. */
import * as path from 'node:path';
import { EventEmitter, RelativePattern, Uri, workspace } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import type { Engine, TrackingPath, TrackingStatus } from '../../protocol';
import { ContextKey, setContext } from '../context';
import { FileWatchers } from './fileWatchers';
import { FolderWatches } from './folderWatches';
import { datasetKey } from './model';
import type { Config, Dataset } from './model';
import { folderOf } from './paths';
import type { DatasetStore } from './store';
import type { DatasetName } from './validations';
import { Disposable } from '../disposable';
import { dvcOptions } from '../dvcProgram';
import { mayBeTracked } from './trackedPlaces';

export interface DatasetTracking extends Pick<TrackingStatus, 'repository' | 'remotes'> {
  /** What paths are relative to: the git root, without git the folder of the config. */
  readonly root: string;
  /** Of the dataset; at least one of them is tracked. */
  readonly paths: readonly TrackingPath[];
}

/** What says that something is tracked, or where it is kept. */
const TRACKING_FILES = ['**/{*.dvc,dvc.yaml,dvc.lock,.gitattributes}', '**/.dvc/{config,config.local}'];
/** A checkout changes many files; they are one change. */
const SETTLE_MS = 300;

export class Trackings extends Disposable {
  private readonly changed = this._register(new EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  /** What lies outside of the opened folders, and the files that are tracked. */
  private readonly files = this._register(new FileWatchers(() => this.schedule()));
  private readonly folders = this._register(new FolderWatches(() => this.schedule()));
  private known = new Map<string, DatasetTracking>();
  /** Paths that the remote was seen not to have: only then is it asked. */
  private readonly lacking = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private running: AbortController | undefined;
  private latest: Promise<void> | undefined;
  /** Until it was answered, also when a look that was to ask gives way to another. */
  private isRemoteWanted = false;

  constructor(
    private readonly engine: Pick<Engine, 'trackingStatus'>,
    private readonly store: DatasetStore,
    private readonly log: LogOutputChannel,
  ) {
    super();
    for (const pattern of TRACKING_FILES) {
      const watcher = this._register(workspace.createFileSystemWatcher(pattern));
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
        this._register(event(() => this.schedule()));
    }
    this._register(store.onDidChange(() => this.schedule()));
    this._register({
      dispose: () => {
        clearTimeout(this.timer);
        this.running?.abort();
      },
    });
    this.schedule();
  }

  /** Undefined where nothing of the dataset is tracked, or nobody knows yet. */
  of(dataset: DatasetName): DatasetTracking | undefined {
    return this.known.get(datasetKey(dataset));
  }

  /** Whether `dvc` can push, pull and check out something of the dataset. */
  isDvc(dataset: DatasetName): boolean {
    return this.of(dataset)?.paths.some(({ tool }) => tool === 'dvc' || tool === 'dvc-pipeline') ?? false;
  }

  /** Remotes of a DVC repository, as far as they were seen. */
  remotesIn(root: string): DatasetTracking['remotes'] {
    return [...this.known.values()].find(({ repository }) => repository.dvc === root)?.remotes ?? [];
  }

  /**
   * Asks again; what is still being asked is forgotten. With `remote` also what each remote has. Never throws; resolves
   * once the latest answer is here.
   */
  async refresh(remote = false): Promise<void> {
    clearTimeout(this.timer);
    this.running?.abort();
    this.running = new AbortController();
    this.isRemoteWanted ||= remote;
    this.latest = this.lookTwice(this.running.signal);
    for (let seen: Promise<void> | undefined; seen !== this.latest;) {
      seen = this.latest;
      await seen;
    }
  }

  /** How things stand here is known at once; a remote may take long, or never answer. */
  private async lookTwice(signal: AbortSignal): Promise<void> {
    await this.look(false, signal);
    if (this.isRemoteWanted && !signal.aborted) await this.look(true, signal);
  }

  private async look(remote: boolean, signal: AbortSignal): Promise<void> {
    const found = await Promise.all(this.store.configs.map((config) => this.ask(config, remote, signal)));
    if (signal.aborted || this.isDisposed) return;
    if (remote) this.isRemoteWanted = false;
    this.known = new Map(found.flat());
    this.watch();
    setContext(
      ContextKey.hasDvc,
      this.store.datasets.some((dataset) => this.isDvc(dataset)),
    );
    this.changed.fire();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), SETTLE_MS);
  }

  private async ask(config: Config, remote: boolean, signal: AbortSignal): Promise<[string, DatasetTracking][]> {
    const datasets = await trackedAtAll(config);
    if (datasets.length === 0) return [];
    const request = {
      configPath: config.uri.fsPath,
      folder: folderOf(config.uri).fsPath,
      targets: datasets.map(({ name }) => name),
      remote,
      // Only a remote may have to be asked by DVC, which takes its time to start.
      dvc: remote ? await dvcOptions(config.uri) : ({ mode: 'native' } as const),
    };
    try {
      const { repository, remotes, paths } = await this.engine.trackingStatus(request, signal);
      const root = repository.git ?? request.folder;
      if (remote) for (const each of paths) this.remember(path.join(root, each.path), each);
      const seen = paths.map((each) =>
        this.isLacking(root, each) ? { ...each, state: 'missing-remote' as const } : each,
      );
      return datasets.flatMap((dataset): [string, DatasetTracking][] => {
        const own = seen.filter((each) => each.dataset === dataset.name);
        const isTracked = own.some(({ tool }) => tool !== undefined);
        return isTracked ? [[datasetKey(dataset), { repository, remotes, root, paths: own }]] : [];
      });
    } catch (error) {
      if (!signal.aborted) this.log.debug(`Tracking of ${config.uri.fsPath}: ${String(error)}`);
      return [];
    }
  }

  private remember(file: string, { state }: TrackingPath): void {
    if (state === 'missing-remote') this.lacking.add(file);
    else this.lacking.delete(file);
  }

  private isLacking(root: string, { path: file, state }: TrackingPath): boolean {
    return state === 'up-to-date' && this.lacking.has(path.join(root, file));
  }

  private watch(): void {
    const tracked = this.store.datasets.filter((dataset) => this.of(dataset) !== undefined);
    const builds = tracked.flatMap(({ output }) => (output === undefined ? [] : new RelativePattern(output, '**')));
    const roots = [...this.known.values()].flatMap(({ repository: { git, dvc } }) => [
      ...(git === null ? [] : [new RelativePattern(Uri.file(git), '{.gitattributes,dvc.yaml,dvc.lock}')]),
      ...(dvc === null ? [] : [new RelativePattern(Uri.file(path.join(dvc, '.dvc')), 'config*')]),
    ]);
    this.files.watch([...builds, ...roots]);
    const data = [...this.known.values()].flatMap(({ root, paths }) => paths.map((each) => path.join(root, each.path)));
    // What is gone comes again where it was.
    this.folders.watch([...data, ...data.map((each) => path.dirname(each))]);
  }
}

/** The datasets worth asking about: the engine is not started where nothing can be tracked. */
async function trackedAtAll({ uri, datasets }: Config): Promise<Dataset[]> {
  if (!workspace.isTrusted || uri.scheme !== 'file') return [];
  const found = await Promise.all(
    datasets.map(async (dataset) => {
      const { manifest, output } = dataset;
      const isBuilt = manifest !== undefined && output !== undefined;
      return isBuilt && (await mayBeTracked(output.fsPath)) ? [dataset] : [];
    }),
  );
  return found.flat();
}
