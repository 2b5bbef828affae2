/** Building datasets: progress one can stop, and a word at the end. */
import { l10n, workspace } from 'vscode';
import type { LogOutputChannel, Uri } from 'vscode';
import { withDependencies, withoutSecrets } from '../../config';
import { MldataError } from '../../protocol';
import type { BuildRequest, DatasetBuild, Engine } from '../../protocol';
import type { Config, Dataset } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import { dvcOptions } from '../dvcProgram';
import { withProgress } from '../notifications';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';
import { offerNextSteps } from './buildResult';
import { ProgressBar } from './progressBar';
import { saveConfigs } from './saveConfigs';
import { configOf, configUriOf, isRemote, noDatasets, nothingRemote, pickDataset } from './target';
import type { Target } from './target';
import { tellDrift } from './tellDrift';

export interface BuildTools {
  readonly engine: Pick<Engine, 'build'>;
  readonly store: DatasetStore;
  readonly log: LogOutputChannel;
}

/** How it is built: `force`: also what is up to date; `update`: from what the servers have by now. */
type Manner = Pick<BuildRequest, 'force' | 'update'>;

/** Builds one dataset unless it is up to date: the one the command was called on, else the one the user picks. */
export function buildDataset(tools: BuildTools, argument: unknown): Promise<void> {
  return buildPicked(tools, argument, {}, { accepts: () => true, none: noDatasets });
}

/** The same, whether or not it is up to date. */
export function rebuildDataset(tools: BuildTools, argument: unknown): Promise<void> {
  return buildPicked(tools, argument, { force: true }, { accepts: () => true, none: noDatasets });
}

/** The same, from what its addresses stand for by now. */
export function buildFromNewest(tools: BuildTools, argument: unknown): Promise<void> {
  return buildPicked(tools, argument, { update: true }, { accepts: isRemote, none: nothingRemote });
}

async function buildPicked(
  tools: BuildTools,
  argument: unknown,
  manner: Manner,
  which: Pick<Target, 'accepts' | 'none'>,
): Promise<void> {
  // First of all: which dataset the cursor stands in is a question about what the editor shows.
  const shown = configUriOf(argument);
  await saveConfigs((uri) => uri.toString() === shown?.toString());
  await tools.store.refresh();
  const target = { placeHolder: l10n.t('Which dataset to build?'), ...which };
  const dataset = await pickDataset(tools.store, argument, target);
  if (dataset !== undefined) await build(tools, [dataset], manner);
}

/** Builds every dataset of the config the command was called on, else of the workspace. */
export async function buildAll(tools: BuildTools, argument: unknown): Promise<void> {
  const { store } = tools;
  const meant = argument === undefined ? undefined : configUriOf(argument);
  await saveConfigs((uri) => meant === undefined || uri.toString() === meant.toString());
  await store.refresh();
  const config = argument === undefined ? undefined : configOf(store, argument);
  const datasets = config?.datasets ?? store.datasets;
  if (datasets.length === 0) throw noDatasets();
  await build(tools, datasets, {});
}

async function build(tools: BuildTools, asked: readonly Dataset[], manner: Manner): Promise<void> {
  const { store } = tools;
  const datasets = store.configs.flatMap((config) => withNeeded(config, asked));
  for (const { config } of datasets) requireEngineAllowed(config);
  const busy = datasets.find((dataset) => store.isBuilding(dataset));
  if (busy !== undefined) {
    throw new MldataError(
      'usage',
      'already-building',
      l10n.t('{0} is being built. Wait for it, or cancel it.', busy.name),
    );
  }
  store.begin(datasets); // all of them, before anything is waited for: a second command finds them busy
  const results: DatasetBuild[] = [];
  const title =
    asked.length === 1 ? l10n.t('Building {0}', asked[0]?.name ?? '') : l10n.t('Building {0} datasets', asked.length);
  try {
    await withProgress(title, async (show, signal) => {
      const bar = new ProgressBar(datasets.length, show);
      for (const config of store.configs) {
        const isPart = (dataset: Dataset): boolean => dataset.config.toString() === config.uri.toString();
        const part = { config: config.uri, asked: asked.filter(isPart), datasets: datasets.filter(isPart), manner };
        if (part.asked.length > 0) results.push(...(await buildPart(tools, part, bar, signal)));
      }
    });
  } finally {
    await store.end(datasets);
  }
  void offerNextSteps(store, asked, results);
}

/** What was asked for of a config, with the datasets that it is made from. */
function withNeeded({ uri, parsed, datasets }: Config, asked: readonly Dataset[]): Dataset[] {
  const own = asked.filter(({ config }) => config.toString() === uri.toString());
  const names = own.map(({ name }) => name);
  const needed = withDependencies(names, parsed.datasets);
  return datasets.filter(({ name }) => needed.has(name));
}

interface Part {
  readonly config: Uri;
  readonly asked: readonly Dataset[];
  /** Those that were asked for, and those they are made from. */
  readonly datasets: readonly Dataset[];
  readonly manner: Manner;
}

/** Builds datasets of one config. */
async function buildPart(
  { engine, store, log }: BuildTools,
  { config, asked, datasets, manner }: Part,
  bar: ProgressBar,
  signal: AbortSignal,
): Promise<readonly DatasetBuild[]> {
  const names = asked.map(({ name }) => name);
  log.info(`Building ${names.join(', ')} of ${config.fsPath}`);
  bar.begin(datasets.map(({ name }) => name));
  const tracksWithDvc = datasets.some(({ spec }) => spec?.tracking?.dvc);
  const report = await engine.build(
    {
      configPath: config.fsPath,
      names,
      ...manner,
      keepGoing: true,
      trusted: workspace.isTrusted,
      ...(tracksWithDvc && { dvc: await dvcOptions(config) }),
      ...runOptions(config),
    },
    (progress) => {
      if (progress.said === undefined) bar.show(progress);
      else log.info(withoutSecrets(progress.said));
    },
    signal,
  );
  await store.end(datasets, report.datasets);
  for (const result of report.datasets) logResult(log, result);
  bar.finish();
  void tellDrift(config, report.datasets);
  return report.datasets;
}

function logResult(log: LogOutputChannel, { dataset, status, rows, durationMs, findings, error }: DatasetBuild): void {
  const what = status === 'upToDate' ? 'up to date' : status;
  if (error === undefined) log.info(`${dataset}: ${what}, ${rows} rows in ${Math.round(durationMs)} ms`);
  else log.error(`${dataset}: ${error.code}: ${error.message}`);
  for (const finding of findings) {
    const line = `${dataset}: ${finding.code}: ${finding.message}`;
    if (finding.severity === 'error') log.error(line);
    else if (finding.severity === 'warning') log.warn(line);
    else log.info(line);
  }
}
