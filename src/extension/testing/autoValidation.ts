/** Checks datasets by itself where the settings say so: when their config is saved, and after they were built. */
import { l10n, workspace } from 'vscode';
import type { LogOutputChannel, Uri } from 'vscode';
import { MldataError } from '../../protocol';
import type { Dataset } from '../datasets/model';
import { datasetKey } from '../datasets/model';
import { isConfig } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { Disposable } from '../disposable';
import { withQuietProgress } from '../notifications';
import type { Validate } from './checksTesting';

/** Saves in a row, as of "Save All" or a formatter, are one. */
const SETTLE_MS = 500;

export class AutoValidation extends Disposable {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** Of a dataset that is being checked: stops it, because its config has changed since. */
  private readonly running = new Map<string, AbortController>();

  constructor(
    private readonly store: DatasetStore,
    private readonly validate: Validate,
    private readonly log: LogOutputChannel,
  ) {
    super();
    this._register(workspace.onDidSaveTextDocument(({ uri }) => isConfig(uri) && this.schedule(uri)));
    this._register(store.onDidBuild((datasets) => this.builtOf(datasets)));
    this._register({
      dispose: () => {
        this.timers.forEach((timer) => clearTimeout(timer));
        this.running.forEach((controller) => controller.abort());
      },
    });
  }

  private schedule(config: Uri): void {
    if (!isWanted('validate.onSave', config)) return;
    const key = config.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => void this.saved(config), SETTLE_MS),
    );
  }

  private async saved(config: Uri): Promise<void> {
    await this.store.refresh();
    this.start(this.store.datasets.filter((dataset) => dataset.config.toString() === config.toString()));
  }

  private builtOf(datasets: readonly Dataset[]): void {
    this.start(datasets.filter(({ config }) => isWanted('validate.afterBuild', config)));
  }

  private start(datasets: readonly Dataset[]): void {
    for (const dataset of datasets) {
      if (dataset.spec !== undefined && !this.store.isBuilding(dataset)) void this.check(dataset);
    }
  }

  private async check(dataset: Dataset): Promise<void> {
    const key = datasetKey(dataset);
    this.running.get(key)?.abort();
    const controller = new AbortController();
    this.running.set(key, controller);
    try {
      await withQuietProgress(l10n.t('Validating {0}', dataset.name), () =>
        this.validate(dataset, undefined, controller.signal),
      );
    } catch (error) {
      // Nobody asked for it just now, so nobody is interrupted.
      if (!controller.signal.aborted) this.log.warn(`${dataset.name} was not validated: ${messageOf(error)}`);
    } finally {
      if (this.running.get(key) === controller) this.running.delete(key);
    }
  }
}

function isWanted(setting: 'validate.onSave' | 'validate.afterBuild', config: Uri): boolean {
  return workspace.isTrusted && workspace.getConfiguration('mldata', config).get<boolean>(setting, false);
}

function messageOf(error: unknown): string {
  if (error instanceof MldataError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
