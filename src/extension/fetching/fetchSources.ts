/** Fetching what lies elsewhere without building: progress one can stop, and a word at the end. */
import { commands, l10n, workspace } from 'vscode';
import type { LogOutputChannel, Uri } from 'vscode';
import { withoutSecrets } from '../../config';
import { MldataError } from '../../protocol';
import type { Engine, Pull } from '../../protocol';
import { saveConfigs } from '../commands/saveConfigs';
import { configUriOf, isRemote, nothingRemote, pickDataset } from '../commands/target';
import { CommandId } from '../commandIds';
import type { Config, Dataset } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import { bytes, rows } from '../format';
import { inform, withProgress } from '../notifications';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';
import { FetchBar } from './fetchBar';

export interface FetchTools {
  readonly engine: Pick<Engine, 'pull'>;
  readonly store: DatasetStore;
  readonly log: LogOutputChannel;
}

/** What is fetched: a dataset, or all of a config. */
interface Subject {
  readonly config: Uri;
  readonly datasets: readonly Dataset[];
  /** The argument that stands for it. */
  readonly itself: object;
  readonly title: string;
}

/** @param update whether the servers are asked for something newer than what was fetched before */
export async function fetchSources(tools: FetchTools, argument: unknown, update: boolean): Promise<void> {
  const shown = configUriOf(argument);
  await saveConfigs((uri) => uri.toString() === shown?.toString());
  await tools.store.refresh();
  const subject = await pickSubject(tools.store, argument);
  if (subject === undefined) return;
  requireEngineAllowed(subject.config);
  const pull = await run(tools, subject, update);
  await tools.store.refresh();
  if (pull !== undefined) void offerNextSteps(subject, pull, update);
}

async function pickSubject(store: DatasetStore, argument: unknown): Promise<Subject | undefined> {
  const whole = store.configs.find((config) => isNodeOf(config, argument));
  if (whole !== undefined) {
    const datasets = whole.datasets.filter(isRemote);
    if (datasets.length === 0) throw nothingRemote();
    return {
      ...{ config: whole.uri, datasets, itself: { uri: whole.uri, config: whole } },
      title: l10n.t('all datasets'),
    };
  }
  const target = {
    placeHolder: l10n.t('Whose sources to fetch?'),
    accepts: isRemote,
    none: nothingRemote,
  };
  const dataset = await pickDataset(store, argument, target);
  if (dataset === undefined) return undefined;
  if (!isRemote(dataset)) throw nothingRemote();
  const { config, name } = dataset;
  return { config, datasets: [dataset], itself: { config, name }, title: name };
}

/** Of the tree, where several configs are told apart. */
function isNodeOf({ uri }: Config, argument: unknown): boolean {
  if (typeof argument !== 'object' || argument === null || !('uri' in argument)) return false;
  return String(argument.uri) === uri.toString();
}

/** Undefined where the user stopped it, which is told. */
async function run({ engine, log }: FetchTools, subject: Subject, update: boolean): Promise<Pull | undefined> {
  const { config, datasets, title, itself } = subject;
  const request = {
    configPath: config.fsPath,
    targets: datasets.map(({ name }) => name),
    update,
    trusted: workspace.isTrusted,
    ...runOptions(config),
  };
  const sources = datasets.reduce((sum, { remote = [] }) => sum + remote.length, 0);
  try {
    return await withProgress(l10n.t('Fetching {0}', title), (show, signal) => {
      const bar = new FetchBar(sources, show);
      return engine.pull(
        request,
        (progress) => {
          if ('said' in progress) log.info(withoutSecrets(progress.said));
          else bar.show(progress);
        },
        signal,
      );
    });
  } catch (error) {
    if (!(error instanceof MldataError) || error.kind !== 'cancelled') throw error;
    const again = l10n.t('Resume');
    const message = l10n.t('Stopped fetching {0}. What came of files is kept, and resuming goes on from there.', title);
    void inform(message, again).then((choice) => {
      if (choice === again) void commands.executeCommand(update ? CommandId.fetchNewer : CommandId.fetch, itself);
    });
    return undefined;
  }
}

/** Says what came of it, and offers what one does next. Resolves when the user has answered. */
async function offerNextSteps({ title, itself, datasets }: Subject, { sources }: Pull, update: boolean): Promise<void> {
  const fetched = sources.filter(({ outcome }) => outcome === 'fetched');
  const build = l10n.t('Build');
  const newer = l10n.t('Fetch Newer');
  const only = datasets.length === 1;
  const choice = await inform(
    sentence(title, fetched, update),
    ...(fetched.length > 0 ? [build] : update ? [] : [newer]),
  );
  if (choice === build) await commands.executeCommand(only ? CommandId.buildDataset : CommandId.buildAll, itself);
  if (choice === newer) await commands.executeCommand(CommandId.fetchNewer, itself);
}

function sentence(title: string, fetched: Pull['sources'], update: boolean): string {
  if (fetched.length === 0) {
    return update
      ? l10n.t('Nothing of {0} has changed where it comes from.', title)
      : l10n.t('{0}: everything was fetched before.', title);
  }
  const size = bytes(fetched.reduce((sum, source) => sum + source.bytes, 0));
  const came = fetched.reduce((sum, source) => sum + (source.rows ?? 0), 0);
  const facts = [
    fetched.length === 1 ? l10n.t('1 source') : l10n.t('{0} sources', fetched.length),
    ...(came > 0 ? [rows(came)] : []),
    size,
  ];
  return l10n.t('Fetched {0}: {1}.', title, facts.join(', '));
}
