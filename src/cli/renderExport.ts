/** What an export wrote, as text for a terminal. */
import { join, relative } from 'node:path';
import { EXPORT_FILE, type Export } from '../protocol';
import type { Console } from './console';
import { bytes, count } from './numbers';
import { renderFindings } from './render';
import { tableLines } from './table';

export function renderExport({ dataset, framework, output: folder, ...done }: Export, output: Console): void {
  const { rows, splits, formats, files, findings } = done;
  const failed = formats.filter(({ status }) => status === 'failed');
  const place = relative(process.cwd(), folder) || '.';
  const inSplits =
    splits.length > 0 ? ` (${splits.map((split) => `${split.name} ${split.rows.toLocaleString()}`).join(', ')})` : '';
  const as = framework === undefined ? '' : ` as a package for ${framework}`;
  output.note(`${dataset}: ${count(rows, 'row')}${inSplits} exported${as} to ${place}`);
  const table = formats
    .filter(({ status }) => status === 'written')
    .map(({ format, files: number, bytes: size }) => [format, count(number, 'file'), bytes(size)]);
  for (const line of tableLines(table, [1, 2])) output.note(`  ${line}`);
  const others = files.filter(({ kind }) => kind !== 'data').map(({ path }) => path);
  if (others.length > 0)
    output.note(`  ${count(others.length, 'file')} beside the data, such as ${others.slice(0, 3).join(', ')}`);
  output.detail(`  what was written: ${join(place, EXPORT_FILE)}`);
  renderFindings(findings, output, '.');
  for (const { format, error } of failed) output.line(`${format} failed: ${error?.message ?? ''}`);
}
