/** Building datasets: progress one can stop, and a word at the end. */
import { l10n, ProgressLocation, window, workspace } from 'vscode';
import type { CancellationToken, LogOutputChannel, Uri } from 'vscode';
import { MldataError } from '../../protocol';
import type { BuildReport, DatasetBuild, Engine } from '../../protocol';
import type { Dataset } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';
import { progressText } from './buildWords';
import { offerNextSteps } from './buildResult';
import { configOf, nothingToBuild, pickDataset } from './target';

export interface BuildTools {
  readonly engine: Engine;
  readonly store: DatasetStore;
  readonly log: LogOutputChannel;
}

/** Builds one dataset: the one the command was called on, else the one the user picks. */
export async function buildDataset(tools: BuildTools, argument: unknown): Promise<void> {
  await tools.store.refresh();
  const dataset = await pickDataset(tools.store, argument, l10n.t('Which dataset to build?'));
  if (dataset !== undefined) return build(tools, [dataset]);
  if (tools.store.datasets.length === 0) throw new MldataError('usage', 'no-datasets', nothingToBuild());
}

/** Builds every dataset of the config the command was called on, else of the workspace. */
export async function buildAll(tools: BuildTools, argument: unknown): Promise<void> {
  const { store } = tools;
  await store.refresh();
  const config = argument === undefined ? undefined : configOf(store, argument);
  const datasets = config?.datasets ?? store.datasets;
  if (datasets.length === 0) throw new MldataError('usage', 'no-datasets', nothingToBuild());
  await build(tools, datasets);
}

async function build(tools: BuildTools, datasets: readonly Dataset[]): Promise<void> {
  const { store } = tools;
  const busy = datasets.find((dataset) => store.isBuilding(dataset));
  if (busy !== undefined) {
    throw new MldataError(
      'usage',
      'already-building',
      l10n.t('{0} is being built. Wait for it, or cancel it.', busy.name),
    );
  }
  const parts = store.configs.map(({ uri }) => datasets.filter(({ config }) => config.toString() === uri.toString()));
  for (const { config } of datasets) requireEngineAllowed(config);
  const title =
    datasets.length === 1
      ? l10n.t('Building {0}', datasets[0]?.name ?? '')
      : l10n.t('Building {0} datasets', datasets.length);
  const results = await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const bar = new ProgressBar(datasets.length, progress);
      const all: DatasetBuild[] = [];
      for (const part of parts) all.push(...(await buildPart(tools, part, bar, token)));
      return all;
    },
  );
  void offerNextSteps(store, datasets, results);
}

/** Builds datasets of one config. */
async function buildPart(
  { engine, store, log }: BuildTools,
  datasets: readonly Dataset[],
  bar: ProgressBar,
  token: CancellationToken,
): Promise<readonly DatasetBuild[]> {
  const config = datasets[0]?.config;
  if (config === undefined) return [];
  await saveConfig(config);
  const names = datasets.map(({ name }) => name);
  log.info(`Building ${names.join(', ')} of ${config.fsPath}`);
  store.begin(datasets);
  let report: BuildReport | undefined;
  try {
    report = await engine.build(
      { configPath: config.fsPath, names, ...runOptions(config) },
      (progress) => bar.show(names.indexOf(progress.dataset), progress.fraction, progressText(progress)),
      signalOf(token),
    );
  } finally {
    await store.end(config, datasets, report?.datasets ?? []);
  }
  for (const result of report.datasets) logResult(log, result);
  bar.finish(datasets.length);
  return report.datasets;
}

/** What the editor shows is what gets built. */
async function saveConfig(config: Uri): Promise<void> {
  const document = workspace.textDocuments.find(({ uri }) => uri.toString() === config.toString());
  if (document?.isDirty === true) await document.save();
}

function logResult(log: LogOutputChannel, { dataset, status, rows, durationMs, findings, error }: DatasetBuild): void {
  if (error === undefined) log.info(`${dataset}: ${status}, ${rows} rows in ${Math.round(durationMs)} ms`);
  else log.error(`${dataset}: ${error.code}: ${error.message}`);
  for (const finding of findings) {
    const line = `${dataset}: ${finding.code}: ${finding.message}`;
    if (finding.severity === 'error') log.error(line);
    else if (finding.severity === 'warning') log.warn(line);
    else log.info(line);
  }
}

/** Cancelling in VS Code, as the engine takes it. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  if (token.isCancellationRequested) controller.abort();
  return controller.signal;
}

/** Turns each dataset's own share done into steps of one bar, which never goes back. */
class ProgressBar {
  private shown = 0;
  private finished = 0;

  constructor(
    private readonly total: number,
    private readonly progress: { report(value: { message?: string; increment?: number }): void },
  ) {}

  /** `index` counts from the first dataset of the config being built. */
  show(index: number, fraction: number, message: string): void {
    const done = ((this.finished + Math.max(index, 0) + fraction) / this.total) * 100;
    this.progress.report({ message, increment: Math.max(done - this.shown, 0) });
    this.shown = Math.max(done, this.shown);
  }

  finish(datasets: number): void {
    this.finished += datasets;
  }
}
