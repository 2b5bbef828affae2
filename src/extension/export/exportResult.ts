/** The word at the end of an export, and what one does next. */
import * as path from 'node:path';
import { commands, env, l10n, Uri, workspace } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { EXPORT_FILE } from '../../protocol';
import type { Export } from '../../protocol';
import { CommandId } from '../commandIds';
import { reveal } from '../commands/open';
import { bytes, rows, warnings } from '../format';
import { alarm, inform, warn } from '../notifications';
import type { ExportSubject } from './exportSubject';
import { absoluteFolder, loaderSnippet } from './loaderSnippet';
import { formatWord } from './progressText';
import { EXAMPLE, runExample } from './runExample';

/** Resolves when the user has answered. Nobody waits for that, so that it never throws. */
export async function offerNextSteps(subject: ExportSubject, made: Export, log: LogOutputChannel): Promise<void> {
  const failed = made.formats.filter(({ status }) => status === 'failed');
  const found = made.findings.filter(({ severity }) => severity !== 'info').length;
  const say = failed.length > 0 ? alarm : found > 0 ? warn : inform;
  const snippet = loaderSnippet(made, absoluteFolder(made.output));
  const steps: Step[] = [
    { title: l10n.t('Open Folder'), take: () => reveal(Uri.file(path.join(made.output, shownFile(made)))) },
    ...(snippet === undefined
      ? []
      : [{ title: l10n.t('Copy Snippet'), take: () => env.clipboard.writeText(snippet), again: true }]),
    ...(hasFile(made, EXAMPLE)
      ? [{ title: l10n.t('Run Example in Terminal'), take: () => runExample(subject.title, made.output) }]
      : []),
    ...(found === 0 ? [] : [problemsOf(subject)]),
  ];
  try {
    await offer(say, sentence(subject, made), steps);
  } catch (error) {
    log.error(error instanceof Error ? error : String(error));
    await alarm(error instanceof Error ? error.message : String(error));
  }
}

/** With more, a notification cuts the words of all of them. */
const BUTTONS = 3;

interface Step {
  readonly title: string;
  readonly take: () => Thenable<unknown>;
  /** Whether there is something to do afterwards still. */
  readonly again?: boolean;
}

async function offer(say: typeof inform, message: string, steps: readonly Step[]): Promise<void> {
  const shown = steps.slice(0, BUTTONS);
  const choice = await say(message, ...shown.map(({ title }) => title));
  const step = shown.find(({ title }) => title === choice);
  await step?.take();
  if (step?.again !== true) return;
  await offer(
    inform,
    l10n.t('The snippet is in the clipboard.'),
    steps.filter((each) => each !== step),
  );
}

function sentence({ title }: ExportSubject, made: Export): string {
  const { rows: count, files, formats, findings, output } = made;
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  const found = findings.filter(({ severity }) => severity !== 'info').length;
  const facts = [
    rows(count),
    files.length === 1 ? l10n.t('1 file') : l10n.t('{0} files', files.length),
    bytes(size),
    ...(found === 0 ? [] : [warnings(found)]),
  ];
  const failures = formats.flatMap(({ format, error }) =>
    error === undefined ? [] : l10n.t('{0} was not written: {1}', formatWord(format), error.message),
  );
  const done = l10n.t('Exported {0} to {1}: {2}.', title, workspace.asRelativePath(output), facts.join(', '));
  return [done, ...failures].join(' ');
}

/** In the folder: the one that people read first. */
function shownFile(made: Export): string {
  return hasFile(made, 'README.md') ? 'README.md' : EXPORT_FILE;
}

function hasFile({ files }: Export, file: string): boolean {
  return files.some(({ path: each }) => each === file);
}

/** What was found of a dataset stands on the lines of its config. */
function problemsOf({ dataset }: ExportSubject): Step {
  const [title, command] =
    dataset === undefined
      ? [l10n.t('Show Output'), CommandId.showOutput]
      : [l10n.t('Show Problems'), 'workbench.actions.view.problems'];
  return { title, take: () => commands.executeCommand(command) };
}
