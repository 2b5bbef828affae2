/** How far each dataset was from its baseline when it was compared last, for everything that shows it. */
import { EventEmitter, workspace } from 'vscode';
import { DRIFT_FILE, driftSchema } from '../../protocol';
import type { Drift } from '../../protocol';
import { Disposable } from '../disposable';
import { readReport } from './manifestFile';
import { datasetKey } from './model';
import type { Dataset } from './model';
import type { DatasetStore } from './store';
import type { DatasetName } from './validations';

export class Drifts extends Disposable {
  private readonly changed = this._register(new EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  /** Of builds, kept beside them. */
  private beside = new Map<string, Drift>();
  /** Made while the window is open. */
  private readonly made = new Map<string, Drift>();
  private reading = 0;

  constructor(private readonly store: DatasetStore) {
    super();
    this._register(store.onDidChange(() => void this.read()));
    // It is written after the manifest, which the store watches.
    const watcher = this._register(workspace.createFileSystemWatcher(`**/${DRIFT_FILE}`));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
      this._register(event(() => void this.read()));
    void this.read();
  }

  /** The latest comparison of what stands now with the baseline that the config names. */
  of({ config, name, manifest, spec }: Dataset): Drift | undefined {
    const baseline = spec?.drift?.baseline;
    if (baseline === undefined) return undefined;
    const key = datasetKey({ config, name });
    return (
      [this.made.get(key), this.beside.get(key)]
        .filter((drift) => drift !== undefined)
        // Another one may be named since.
        .filter(({ settings }) => settings.baseline === baseline)
        .filter(({ current }) => current.of !== 'build' || current.builtAt === manifest?.createdAt)
        .sort((a, b) => (a.generatedAt < b.generatedAt ? 1 : -1))[0]
    );
  }

  keep(dataset: DatasetName, drift: Drift): void {
    this.made.set(datasetKey(dataset), drift);
    this.changed.fire();
  }

  private async read(): Promise<void> {
    const turn = ++this.reading;
    const found = await Promise.all(
      this.store.datasets.map(async (dataset): Promise<[string, Drift][]> => {
        const { manifest, output, spec } = dataset;
        // Where no manifest was read none may be looked for.
        if (manifest === undefined || output === undefined || spec?.drift === undefined) return [];
        const drift = await readReport(output, DRIFT_FILE, driftSchema);
        return drift === undefined ? [] : [[datasetKey(dataset), drift]];
      }),
    );
    if (turn !== this.reading || this.isDisposed) return;
    this.beside = new Map(found.flat());
    this.changed.fire();
  }
}
