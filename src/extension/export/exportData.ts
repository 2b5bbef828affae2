/** "Export…" and "Export to PyTorch": asks, writes, and offers what one does next. */
import { l10n, Uri, workspace } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { EXPORT_FILE, exportSchema, MldataError } from '../../protocol';
import type { Engine, Export, ExportFramework, ExportRequest } from '../../protocol';
import type { Exports } from '../datasets/exports';
import { readReport } from '../datasets/manifestFile';
import type { DatasetStore } from '../datasets/store';
import { ask, withProgress } from '../notifications';
import { askForExport } from './exportQuestions';
import type { TargetColumn } from './exportQuestions';
import { offerNextSteps } from './exportResult';
import { pickExported } from './exportSubject';
import type { ExportSubject } from './exportSubject';
import { exportProgressText } from './progressText';

export interface ExportTools {
  readonly engine: Pick<Engine, 'export' | 'openGrid' | 'closeGrid'>;
  readonly store: DatasetStore;
  readonly exports: Exports;
  readonly log: LogOutputChannel;
}

/**
 * @param framework absent: asked
 * @param clicked what menus give; without it the user picks a dataset
 */
export async function exportData(
  tools: ExportTools,
  framework: ExportFramework | undefined,
  clicked: unknown,
): Promise<void> {
  const { store, exports, log } = tools;
  const subject = await pickExported(store, clicked);
  if (subject === undefined) return;
  const request = await askForExport(subject, framework, () => columnsOf(tools, subject));
  const made = request && (await writeOrReplace(tools, subject, request));
  if (made === undefined) return;
  for (const { severity, code, message } of made.findings) {
    const line = `${subject.title}: ${code}: ${message}`;
    if (severity === 'info') log.info(line);
    else log.warn(line);
  }
  if (subject.dataset !== undefined) exports.keep(subject.dataset, made);
  void offerNextSteps(subject, made, log);
}

/** Of what was built; of files, as they are read. */
async function columnsOf({ engine }: ExportTools, { request, title, dataset }: ExportSubject) {
  const built: readonly TargetColumn[] | undefined = dataset?.manifest?.columns;
  if (built !== undefined) return built;
  return withProgress(l10n.t('Reading {0}', title), async (_, signal): Promise<readonly TargetColumn[]> => {
    const { id, columns } = await engine.openGrid(request, signal);
    await engine.closeGrid(id);
    return columns;
  });
}

/** Undefined: what stands there is to stay. */
async function writeOrReplace(
  tools: ExportTools,
  subject: ExportSubject,
  request: ExportRequest,
): Promise<Export | undefined> {
  try {
    return await write(tools, subject, request);
  } catch (error) {
    const { output = '' } = request;
    const isExport = (await readReport(Uri.file(output), EXPORT_FILE, exportSchema)) !== undefined;
    // Only exports are replaced.
    if (!(error instanceof MldataError) || error.code !== 'output-exists' || !isExport) throw error;
    const replace = l10n.t('Replace');
    const question = l10n.t('{0} exists already.', workspace.asRelativePath(output));
    const detail = l10n.t('What it wrote goes once the new export is complete; other files in the folder stay.');
    if ((await ask(question, detail, replace)) !== replace) return undefined;
    return write(tools, subject, { ...request, force: true });
  }
}

function write({ engine }: ExportTools, { title }: ExportSubject, request: ExportRequest): Thenable<Export> {
  const doing =
    request.framework === 'pytorch' ? l10n.t('Exporting {0} to PyTorch', title) : l10n.t('Exporting {0}', title);
  return withProgress(doing, (show, signal) => {
    let shown = 0;
    return engine.export(
      request,
      (progress) => {
        const done = progress.fraction * 100;
        show(exportProgressText(progress), Math.max(done - shown, 0));
        shown = Math.max(done, shown);
      },
      signal,
    );
  });
}
