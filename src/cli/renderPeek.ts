/** The first rows of a source in a terminal. */
import type { Peek } from '../protocol';
import type { Console } from './console';
import { bytes, count } from './numbers';
import { shortened, tableLines } from './table';

const SHOWN_ROWS = 10;
const SHOWN_CHARACTERS = 24;

export function renderPeek(peek: Peek, output: Console): void {
  const { source, tables, columns, rows, findings } = peek;
  if (tables) {
    output.line(`${source}: ${count(tables.length, 'table')}`);
    for (const table of tables) output.line(`  ${table}`);
    return;
  }
  output.line(`${source}: ${facts(peek).join(', ')}`);
  for (const line of tableOf(columns, rows, output.columns)) output.line(`  ${line}`);
  if (rows.length > SHOWN_ROWS) output.line(`  … ${count(rows.length - SHOWN_ROWS, 'more row')} read`);
  const unread = columns.filter((column) => column.unread).map(({ name }) => name);
  if (unread.length > 0) output.line(`  not read, too large for a look: ${unread.join(', ')}`);
  for (const { severity, message } of findings) output.line(`  ${severity}: ${message}`);
}

function facts({ rows, total, columns, file, files, format, bytes: taken, ofBytes }: Peek): string[] {
  const amount =
    total === undefined
      ? `the first ${count(rows.length, 'row')}`
      : `${rows.length.toLocaleString()} of ${count(total, 'row')}`;
  return [
    amount,
    count(columns.length, 'column'),
    ...(format ? [format] : []),
    ...(file !== undefined ? [file] : []),
    ...(files !== undefined ? [`one of ${count(files, 'file')}`] : []),
    ...(taken !== undefined ? [`${bytes(taken)}${ofBytes === undefined ? '' : ` of ${bytes(ofBytes)}`} read`] : []),
  ];
}

/** As many columns as there is room for. */
function tableOf(columns: Peek['columns'], rows: Peek['rows'], width: number): string[] {
  const lines = [
    columns.map(({ name }) => shortened(name, SHOWN_CHARACTERS)),
    columns.map(({ type }) => type),
    ...rows.slice(0, SHOWN_ROWS).map((row) => row.map((value) => shortened(value ?? '', SHOWN_CHARACTERS))),
  ];
  const room = Math.max(width, 80) - 4;
  let used = 0;
  const fitting = columns.findIndex((_, at) => {
    used += Math.max(...lines.map((line) => line[at]?.length ?? 0)) + 2;
    return used > room;
  });
  const shown = fitting < 0 ? columns.length : Math.max(1, fitting);
  const right = columns.flatMap(({ type }, at) => (type === 'integer' || type === 'number' ? [at] : []));
  const table = tableLines(
    lines.map((line) => line.slice(0, shown)),
    right,
  );
  const left = columns.length - shown;
  return left > 0
    ? [
        ...table,
        `… ${count(left, 'more column')}: ${columns
          .slice(shown, shown + 8)
          .map(({ name }) => name)
          .join(', ')}`,
      ]
    : table;
}
