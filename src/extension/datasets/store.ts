/** Keeps the picture of the workspace's datasets up to date by watching configs, manifests and inputs. */
import { EventEmitter, FileType, RelativePattern, Uri, workspace } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { CONFIG_FILES, fetchedRecordPath, isOfFiles, isRemote, parseConfig } from '../../config';
import { MANIFEST_FILE } from '../../protocol';
import type { DatasetBuild, DatasetSpec, Manifest } from '../../protocol';
import { ContextKey, setContext } from '../context';
import { Disposable } from '../disposable';
import { ContentHashes } from './contentHashes';
import { FileWatchers } from './fileWatchers';
import { Looks } from './looks';
import { readBuild, readManifest } from './manifestFile';
import { datasetKey } from './model';
import type { Config, Dataset, DatasetStatus } from './model';
import { folderOf, IGNORED_GLOB, isConfig, isIgnored, isInside, resolve } from './paths';
import { remoteSourcesOf } from './remoteSources';
import { stalenessOf } from './staleness';
import { userLayer } from './userLayer';
import { watchFile, watchPatterns } from './watchPatterns';

const CONFIG_GLOB = `**/{${CONFIG_FILES.join(',')}}`;
/** A build renames many files at once; they are one change. */
const SETTLE_MS = 150;

interface Failure {
  readonly build: DatasetBuild;
  /** When it was over, as `Date.now()` tells. */
  readonly at: number;
}

/** A build that had nothing to do has compared every input, also those that only look newer. */
interface Comparison {
  /** Which build it found up to date. */
  readonly createdAt: string;
  readonly at: number;
}

export class DatasetStore extends Disposable {
  private readonly changed = this._register(new EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  private readonly built = this._register(new EventEmitter<readonly Dataset[]>());
  /** Datasets that were built anew, as they are now. */
  readonly onDidBuild = this.built.event;
  private readonly files = this._register(new FileWatchers(() => this.schedule()));

  private current: readonly Config[] = [];
  /** When each began, as `Date.now()` tells. */
  private readonly building = new Map<string, number>();
  private readonly comparisons = new Map<string, Comparison>();
  private readonly failures = new Map<string, Failure>();
  private readonly hashes = new ContentHashes();
  private timer: NodeJS.Timeout | undefined;
  private readonly looks = new Looks(() => this.look());
  private looked = false;

  constructor(private readonly log: LogOutputChannel) {
    super();
    for (const pattern of [CONFIG_GLOB, `**/${MANIFEST_FILE}`]) {
      const watcher = this._register(workspace.createFileSystemWatcher(pattern));
      for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) {
        this._register(event(() => this.schedule()));
      }
    }
    // A folder that comes or goes may be one event, without any for the files in it.
    const folders = this._register(workspace.createFileSystemWatcher('**', false, true));
    // A build makes and leaves many where nothing is looked for.
    this._register(folders.onDidCreate((come) => !isIgnored(come) && void this.scheduleIfFolder(come)));
    this._register(folders.onDidDelete((gone) => this.concerns(gone) && this.schedule()));
    this._register(workspace.onDidChangeWorkspaceFolders(() => this.schedule()));
    this._register({ dispose: () => clearTimeout(this.timer) });
  }

  /** Sorted by path, as last seen on disk. */
  get configs(): readonly Config[] {
    return this.current;
  }

  get datasets(): readonly Dataset[] {
    return this.current.flatMap((config) => config.datasets);
  }

  find(config: Uri, name: string): Dataset | undefined {
    const key = datasetKey({ config, name });
    return this.datasets.find((dataset) => datasetKey(dataset) === key);
  }

  /** Whether the workspace has been looked at: before that, what is not here may still be there. */
  get isReady(): boolean {
    return this.looked;
  }

  /** Looks at the workspace again. */
  refresh(): Promise<void> {
    return this.looks.again();
  }

  /** A build of these datasets starts. */
  begin(datasets: readonly Dataset[]): void {
    for (const dataset of datasets) this.building.set(datasetKey(dataset), Date.now());
    this.current = this.withBuilding(this.current);
    this.changed.fire();
  }

  /** A build of these datasets is over; `results` holds what became of those that ran to an end. */
  async end(datasets: readonly Dataset[], results: readonly DatasetBuild[] = []): Promise<void> {
    const ended = datasets.filter((dataset) => this.isBuilding(dataset));
    for (const dataset of ended) {
      const build = results.find((result) => result.dataset === dataset.name);
      const at = this.building.get(datasetKey(dataset)) ?? 0;
      this.building.delete(datasetKey(dataset));
      if (build?.status === 'upToDate' && dataset.manifest !== undefined) {
        this.comparisons.set(datasetKey(dataset), { createdAt: dataset.manifest.createdAt, at });
      }
      if (build?.status === 'failed') this.failures.set(datasetKey(dataset), { build, at: Date.now() });
      else if (build !== undefined) this.failures.delete(datasetKey(dataset));
    }
    if (ended.length > 0) await this.refresh();
    const anew = results.filter(({ status }) => status === 'built').map(({ dataset }) => dataset);
    const built = ended
      .filter(({ name }) => anew.includes(name))
      .flatMap((each) => this.find(each.config, each.name) ?? []);
    if (built.length > 0) this.built.fire(built);
  }

  isBuilding(dataset: Dataset): boolean {
    return this.building.has(datasetKey(dataset));
  }

  /** Whether a config or a build lies in this folder. */
  private concerns(folder: Uri): boolean {
    const isWithin = (uri: Uri | undefined): boolean => `${uri?.path ?? ''}/`.startsWith(`${folder.path}/`);
    return this.current.some(({ uri, datasets }) => isWithin(uri) || datasets.some(({ output }) => isWithin(output)));
  }

  private async scheduleIfFolder(uri: Uri): Promise<void> {
    const isFolder = await workspace.fs.stat(uri).then(
      ({ type }) => (type & FileType.Directory) !== 0,
      () => false, // it was there for a moment
    );
    if (isFolder && !this.isDisposed) this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.refresh().catch((error: unknown) => this.log.error(String(error)));
    }, SETTLE_MS);
  }

  private async look(): Promise<void> {
    const found = await workspace.findFiles(CONFIG_GLOB, IGNORED_GLOB);
    const uris = found.filter(isConfig).sort((a, b) => (a.path < b.path ? -1 : 1));
    const configs = await Promise.all(uris.map((uri) => this.readConfig(uri)));
    this.current = this.withBuilding(configs.filter((config) => config !== undefined));
    this.files.watch(await this.patterns());
    this.looked = true;
    setContext(ContextKey.hasConfig, this.current.length > 0);
    setContext(ContextKey.hasDatasets, this.datasets.length > 0);
    setContext(
      ContextKey.hasManifest,
      this.datasets.some(({ manifest }) => manifest !== undefined),
    );
    setContext(
      ContextKey.hasRemote,
      this.datasets.some(({ remote }) => remote !== undefined),
    );
    setContext(
      ContextKey.hasReport,
      this.datasets.some(({ build }) => build !== undefined),
    );
    setContext(
      ContextKey.buildFolders,
      this.datasets.flatMap(({ manifest, output }) =>
        manifest === undefined || output === undefined ? [] : output.fsPath,
      ),
    );
    setContext(ContextKey.ready, true);
    this.changed.fire();
  }

  /** Where inputs come and go, and where manifests do that lie outside the opened folders. */
  private async patterns(): Promise<RelativePattern[]> {
    const found = await Promise.all(
      this.datasets.map(async ({ config, spec, output }) => {
        if (spec === undefined || output === undefined || config.scheme !== 'file') return [];
        // Of other datasets the manifests are watched.
        const paths = spec.source.filter(isOfFiles).map(({ path }) => path);
        const sources = paths.map((path) => watchPatterns(folderOf(config).fsPath, path));
        const manifest = isInside(output) ? [] : [await watchFile(Uri.joinPath(output, MANIFEST_FILE).fsPath)];
        const records = spec.source.filter(isRemote).map(fetchedRecordPath);
        const fetched = records.map((record) => watchFile(Uri.joinPath(folderOf(config), record).fsPath));
        return [...(await Promise.all([...sources, ...fetched])).flat(), ...manifest];
      }),
    );
    const patterns = found.flat().map(({ folder, pattern }) => new RelativePattern(Uri.file(folder), pattern));
    return patterns.filter(({ baseUri }) => mayLookAt(baseUri));
  }

  private async readConfig(uri: Uri): Promise<Config | undefined> {
    let text: string;
    try {
      text = new TextDecoder().decode(await workspace.fs.readFile(uri));
    } catch (error) {
      this.log.debug(`${uri.toString()} vanished while reading: ${String(error)}`);
      return undefined;
    }
    const parsed = parseConfig(text, uri.fsPath, await userLayer());
    const specs = new Map(parsed.datasets.map((spec) => [spec.name, spec]));
    const datasets = await Promise.all(parsed.datasetNames.map((name) => this.readDataset(uri, name, specs.get(name))));
    return { uri, parsed, datasets };
  }

  private async readDataset(config: Uri, name: string, spec: DatasetSpec | undefined): Promise<Dataset> {
    if (spec === undefined) return { config, name, status: 'failing', staleBecause: [], unchecked: [] };
    const output = resolve(config, spec.output.path);
    const known = mayLookAt(output) ? await readManifest(output) : undefined;
    const manifest = typeof known === 'object' ? known : undefined;
    const key = datasetKey({ config, name });
    const { reasons, unchecked } =
      manifest === undefined
        ? { reasons: [], unchecked: [] }
        : await stalenessOf(config, spec, manifest, this.hashes, this.knownUntil(key, manifest));
    const build = await this.latestBuild(key, output, manifest);
    const remote = await remoteSourcesOf(config, spec);
    return {
      config,
      name,
      spec,
      output,
      ...(manifest !== undefined && { manifest }),
      ...(typeof known === 'string' && { manifestProblem: known }),
      status: statusOf(manifest, reasons, build),
      staleBecause: reasons,
      unchecked,
      ...(build !== undefined && { build }),
      ...(remote.length > 0 && { remote }),
    };
  }

  /** Until when the inputs are known to be those of the manifest, as `Date.now()` tells. */
  private knownUntil(key: string, { createdAt }: Manifest): number {
    const comparison = this.comparisons.get(key);
    const built = Date.parse(createdAt);
    return comparison?.createdAt === createdAt ? Math.max(built, comparison.at) : built;
  }

  /** A failed build of this session counts until a later one, wherever it ran, has left its manifest. */
  private async latestBuild(key: string, output: Uri, manifest: Manifest | undefined) {
    const failure = this.failures.get(key);
    if (failure !== undefined) {
      if (manifest === undefined || Date.parse(manifest.createdAt) <= failure.at) return failure.build;
      this.failures.delete(key);
    }
    return manifest === undefined ? undefined : await readBuild(output);
  }

  private withBuilding(configs: readonly Config[]): readonly Config[] {
    return configs.map((config) => ({
      ...config,
      datasets: config.datasets.map((dataset) =>
        this.isBuilding(dataset) ? { ...dataset, status: 'building' as const } : dataset,
      ),
    }));
  }
}

function statusOf(
  manifest: Manifest | undefined,
  staleBecause: readonly string[],
  build: DatasetBuild | undefined,
): DatasetStatus {
  if (build?.status === 'failed') return 'failing';
  if (manifest === undefined) return 'never';
  return staleBecause.length > 0 ? 'stale' : 'built';
}

/** A config may point anywhere; outside the opened folders, only one that is trusted is followed. */
function mayLookAt(uri: Uri): boolean {
  return workspace.isTrusted || isInside(uri);
}
