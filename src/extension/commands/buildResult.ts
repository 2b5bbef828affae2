/** The word at the end of a build that the user asked for. */
import { commands, l10n } from 'vscode';
import type { DatasetBuild, Finding } from '../../protocol';
import { reasonOf } from '../datasets/failure';
import type { Dataset } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import { duration, rows, warnings } from '../format';
import { alarm, inform } from '../notifications';
import { CommandId } from '../commandIds';
import { remedyOf } from './remedies';

/** Says what came of it and offers what one does next. Resolves when the user has answered. */
export async function offerNextSteps(
  store: DatasetStore,
  datasets: readonly Dataset[],
  results: readonly DatasetBuild[],
): Promise<void> {
  const failed = results.filter(({ status }) => status === 'failed');
  if (failed.length > 0) return offerHelp(store, failed, results.length);
  const [dataset] = datasets;
  const [result] = results;
  if (dataset === undefined || result === undefined) return;
  const showReport = l10n.t('Show Report');
  const openFolder = l10n.t('Open Folder');
  const rebuild = l10n.t('Rebuild');
  const only = results.length === 1;
  const skipped = only && result.status === 'upToDate';
  const message = only ? sentence(result) : summary(results);
  const choice = await inform(message, showReport, ...(skipped ? [rebuild] : only ? [openFolder] : []));
  const target = only ? store.find(dataset.config, dataset.name) : undefined;
  if (choice === showReport) await commands.executeCommand(CommandId.showReport, target);
  if (choice === openFolder) await commands.executeCommand(CommandId.openFolder, target);
  if (choice === rebuild) await commands.executeCommand(CommandId.rebuildDataset, target);
}

async function offerHelp(store: DatasetStore, failed: readonly DatasetBuild[], total: number): Promise<void> {
  const [first] = failed;
  const showProblems = l10n.t('Show Problems');
  const showOutput = l10n.t('Show Output');
  const reasons = new Set(failed.map(reasonOf));
  // What stops all of them alike, such as a missing engine, is what there is to do something about.
  const why =
    reasons.size === 1 && first !== undefined ? reasonOf(first) : failed.map(({ dataset }) => dataset).join(', ');
  const message =
    failed.length === 1
      ? l10n.t('{0} was not built: {1}', first?.dataset ?? '', why)
      : l10n.t('{0} of {1} datasets were not built: {2}', failed.length, total, why);
  const hasFindings = failed.some(({ findings }) => findings.length > 0);
  const named = store.datasets.filter(({ name }) => name === first?.dataset);
  // Which of two of the same name failed is not known here.
  const remedy = first?.error && remedyOf(first.error, named.length === 1 ? named[0] : undefined);
  const items = [...(remedy === undefined ? [] : [remedy.label]), ...(hasFindings ? [showProblems] : []), showOutput];
  const choice = await alarm(message, ...items);
  if (choice === remedy?.label) await remedy?.take();
  if (choice === showProblems) await commands.executeCommand('workbench.actions.view.problems');
  if (choice === showOutput) await commands.executeCommand(CommandId.showOutput);
}

function sentence(build: DatasetBuild): string {
  if (build.status === 'upToDate')
    return l10n.t('{0} is up to date: nothing changed since it was built.', build.dataset);
  const files = build.artifacts.filter(({ kind }) => kind === 'data').length;
  const facts = [
    rows(build.rows),
    files === 1 ? l10n.t('1 file') : l10n.t('{0} files', files),
    duration(build.durationMs),
    ...warned(build.findings),
  ];
  return l10n.t('Built {0}: {1}.', build.dataset, facts.join(', '));
}

function summary(results: readonly DatasetBuild[]): string {
  const built = results.filter(({ status }) => status === 'built');
  if (built.length === 0) {
    return l10n.t('All {0} datasets are up to date: nothing changed since they were built.', results.length);
  }
  if (built.length === results.length) return l10n.t('Built {0} datasets. {1}', built.length, totals(built));
  return l10n.t(
    'Built {0} of {1} datasets; the others are up to date. {2}',
    built.length,
    results.length,
    totals(built),
  );
}

function totals(builds: readonly DatasetBuild[]): string {
  const sum = builds.reduce((total, build) => total + build.rows, 0);
  return [rows(sum), ...warned(builds.flatMap(({ findings }) => findings))].join(', ') + '.';
}

function warned(findings: readonly Finding[]): string[] {
  const found = findings.filter(({ severity }) => severity === 'warning').length;
  return found === 0 ? [] : [warnings(found)];
}
