/** What is tracked now, as text for a terminal. */
import type { Track, TrackedTarget } from '../protocol';
import type { Console } from './console';
import { bytes, count } from './numbers';
import { renderFindings } from './render';
import { tableLines } from './table';
import { toolNames } from './toolNames';

/** @param commandPaths gives a path of the document as commands take it in the current folder */
export async function renderTrack(
  { targets, dryRun }: Track,
  commandPaths: () => Promise<(path: string) => string>,
  output: Console,
): Promise<void> {
  for (const target of targets) renderTarget(target, dryRun, output);
  if (targets.length > 1) {
    const failed = targets.filter(({ status }) => status === 'failed').length;
    if (failed > 0) output.line(`${failed} of ${count(targets.length, 'target')} failed.`);
  }
  if (dryRun) return;
  const changes = targets.flatMap(({ files }) => files);
  if (changes.length === 0) return;
  const inCommand = await commandPaths();
  const named = (gone: boolean) => {
    const paths = changes
      .filter(({ change }) => (change === 'removed') === gone)
      .map(({ path }) => quoted(inCommand(path)));
    return [...new Set(paths)].join(' ');
  };
  const commands = [
    named(true) !== '' && `git rm --cached --ignore-unmatch ${named(true)}`,
    named(false) !== '' && `git add ${named(false)}`,
    'git commit',
  ];
  output.note(`Next: ${commands.filter(Boolean).join(' && ')}`);
  if (targets.some(({ tool, files }) => tool === 'dvc' && files.length > 0)) {
    output.note('      dvc push, so that others get the bytes');
  }
}

function renderTarget(target: TrackedTarget, dryRun: boolean, output: Console): void {
  const { target: name, tool, by, status, findings, error } = target;
  if (status === 'failed') {
    output.line(`${name}: not tracked. ${(error?.message ?? '').replace(`${name}: `, '')}`);
    renderFindings(findings, output, '.');
    return;
  }
  const would = dryRun ? 'would be ' : '';
  const outcome = {
    tracked: `${would}tracked with ${toolNames[tool]}`,
    converted: `${would}tracked with ${toolNames[tool]}, in place of what tracked it before`,
    unchanged: `tracked with ${toolNames[tool]} already; nothing ${dryRun ? 'would change' : 'was changed'}`,
  }[status];
  output.note(`${name}: ${outcome}${by === 'dvc' ? ', by the installed DVC' : ''}`);
  if (output.notes) renderFiles(target, output);
  renderFindings(findings, output, '.');
}

function renderFiles({ paths, files }: TrackedTarget, output: Console): void {
  const table = paths.map(({ path, files: number, bytes: size, md5 }) => [
    path,
    count(number, 'file'),
    bytes(size),
    md5 === undefined ? '' : `md5 ${md5.slice(0, 12)}`,
  ]);
  for (const line of tableLines(table, [1, 2])) output.note(`  ${line}`);
  for (const { path, change } of files) output.note(`  ${change.padEnd(8)} ${path}`);
}

/** As a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./@%+:-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
