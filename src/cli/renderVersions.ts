/** Versions as text for a terminal. */
import type { VersionGc, VersionList, VersionRestore, VersionShown, VersionTag } from '../protocol';
import type { Console } from './console';
import { bytes, count, fileText } from './numbers';
import { tableLines } from './table';

type Listed = VersionList['datasets'][number]['versions'][number];

const day = (at: string): string => new Date(at).toLocaleString();

export function renderVersions({ datasets }: VersionList, output: Console): void {
  for (const { dataset, versions } of datasets) {
    output.line(`${dataset}: ${versions.length === 0 ? 'no version yet' : count(versions.length, 'version')}`);
    const table = versions.map((version) => [
      version.current ? '*' : ' ',
      version.id,
      day(version.createdAt),
      count(version.rows, 'row'),
      bytes(version.bytes),
      remarks(version),
    ]);
    for (const line of tableLines(table, [3, 4])) output.line(`  ${line}`);
  }
}

function remarks({ tags, kept }: Listed): string {
  return [...tags, ...(kept ? [] : ['(bytes not here)'])].join(', ');
}

export function renderVersion({ dataset, entry, build }: VersionShown, output: Console): void {
  const { id, createdAt, rows, bytes: size, parent, current, tags, kept } = entry;
  output.line(`${dataset}@${id}${current ? ', which stands in its folder' : ''}`);
  output.line(
    `  built   ${day(createdAt)}${build ? `, mldata ${build.tool.version}, DuckDB ${build.engine.duckdb}` : ''}`,
  );
  if (parent !== undefined) output.line(`  after   ${parent}`);
  if (tags.length > 0) output.line(`  tags    ${tags.join(', ')}`);
  output.line(`  bytes   ${count(rows, 'row')}, ${bytes(size)}, ${kept ? 'kept' : 'not on this machine'}`);
  for (const file of build?.inputs ?? []) output.line(`  from    ${fileText(file)}`);
  for (const file of build?.artifacts ?? []) output.line(`  to      ${fileText(file)}`);
}

export function renderRestore({ dataset, restored, replaced, status }: VersionRestore, output: Console): void {
  if (status === 'unchanged') output.note(`${dataset}@${restored} stands in its folder already; nothing was changed.`);
  else {
    const before = replaced === undefined || replaced === restored ? '' : ` in place of ${replaced}`;
    output.note(`${dataset}@${restored} stands in its folder again${before}.`);
  }
}

export function renderTag({ dataset, tag, means, meant }: VersionTag, output: Console): void {
  const before = meant === null ? '' : `; before it was ${meant}`;
  if (means === null) output.note(`${tag} is no tag of ${dataset} any more${before}.`);
  else if (means === meant) output.note(`${tag} is ${dataset}@${means} already; nothing was changed.`);
  else output.note(`${tag} is now ${dataset}@${means}${before}.`);
}

export function renderGc({ datasets, dryRun }: VersionGc, output: Console): void {
  const [would, free] = dryRun ? ['would remove', 'would free'] : ['removed', 'freed'];
  for (const { dataset, kept, removed, files, bytesFreed } of datasets) {
    output.note(
      `${dataset}: ${would} ${count(files, 'file')} of ${count(removed.length, 'version')}, ${free} ${bytes(bytesFreed)}; ` +
        `${count(kept.length, 'version')} ${kept.length === 1 ? 'stays' : 'stay'}`,
    );
  }
}
