/** `mldata preview DATASET` */
import { Command } from 'commander';
import type { Preview, PreviewRow, PreviewStep, PreviewTable, RowStatus } from '../protocol';
import {
  configPathOf,
  runOptions,
  wholeNumber,
  withSharedOptions,
  type CommandContext,
  type SharedOptions,
} from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { count } from './numbers';
import { shortened, tableLines } from './table';

interface PreviewOptions extends SharedOptions {
  readonly step?: number;
}

export function previewCommand({ engine, output, signal }: CommandContext): Command {
  const command = new Command('preview')
    .description('try the steps of a dataset on its first rows, and write nothing')
    .argument('<dataset>', 'a dataset of the config')
    .option('--step <n>', 'show only this step, from 1', wholeNumber('Give the number of a step, from 1 on.'));
  return withSharedOptions(command).action(async (dataset: string, options: PreviewOptions) => {
    const preview = await engine.preview(
      {
        configPath: await configPathOf(options),
        dataset,
        ...(options.step !== undefined && { step: options.step }),
        ...runOptions(options),
      },
      signal,
    );
    if (options.json) printDocument(preview);
    else render(preview, output);
  });
}

function render(preview: Preview, output: Console): void {
  const { dataset, sample, steps, before, after, findings } = preview;
  const whole = sample.complete ? 'all of them' : 'a sample: figures are of these rows only, also what steps learn';
  output.line(`${dataset}: the first ${count(sample.rows, 'row')}, ${whole}`);
  if (steps.length === 0) output.line('There are no steps.');
  for (const step of steps) output.line(`  ${stepLine(step)}`);
  for (const { severity, message } of findings) output.line(`  ${severity}: ${message}`);
  output.line('');
  for (const line of table(before, after)) output.line(`  ${line}`);
  if (steps.length === 0) return;
  output.line('');
  for (const line of rowLines(preview)) output.line(`  ${line}`);
}

const signs: Readonly<Record<Exclude<RowStatus, 'same'>, string>> = { changed: '~', removed: '-', added: '+' };
const SHOWN_ROWS = 3;
const SHOWN_VALUES = 6;

/** What became of the rows, with the first few of each kind. */
function rowLines({ changes, rows, before, after }: Preview): string[] {
  const { same, changed, added, removed } = changes;
  const amounts = [`${changed.toLocaleString()} changed`, `${removed.toLocaleString()} removed`];
  const kinds = Object.keys(signs) as (keyof typeof signs)[];
  return [
    `rows: ${[...amounts, `${added.toLocaleString()} added`, `${same.toLocaleString()} the same`].join(', ')}`,
    ...kinds.flatMap((kind) =>
      rows
        .filter(({ status }) => status === kind)
        .slice(0, SHOWN_ROWS)
        .map((row) => `${signs[kind]} ${rowLine(row, before, after)}`),
    ),
  ];
}

function rowLine({ before, after, changed }: PreviewRow, was: PreviewTable, is: PreviewTable): string {
  const value = (table: PreviewTable, side: PreviewRow['before'], name: string) =>
    shown(side?.values[table.columns.findIndex((column) => column.name === name)]);
  const [table, side] = after === undefined ? [was, before] : [is, after];
  const names = changed.length > 0 ? changed : table.columns.map(({ name }) => name);
  const values = names.slice(0, SHOWN_VALUES).map((name) => {
    const old = changed.length > 0 ? `${value(was, before, name)} → ` : '';
    return `${shortened(name, LONGEST_CELL)} ${old}${value(table, side, name)}`;
  });
  if (names.length > SHOWN_VALUES) values.push(`and ${names.length - SHOWN_VALUES} more`);
  return `row ${(before ?? after)?.row.toLocaleString() ?? ''}: ${values.join(', ')}`;
}

function shown(value: string | null | undefined): string {
  return value === null || value === undefined ? 'missing' : shortened(value === '' ? '""' : value, LONGEST_CELL);
}

function stepLine(step: PreviewStep): string {
  const { rowsIn, rowsOut, rowsChanged, columnsAdded, columnsRemoved, columnsChanged } = step;
  const said = [
    rowsIn === rowsOut ? count(rowsOut, 'row') : `${rowsIn.toLocaleString()} → ${count(rowsOut, 'row')}`,
    rowsChanged > 0 && `${count(rowsChanged, 'row')} changed`,
    columnsChanged.length > 0 && `changes ${columnsChanged.map(({ name }) => name).join(', ')}`,
    columnsAdded.length > 0 && `adds ${columnsAdded.join(', ')}`,
    columnsRemoved.length > 0 && `removes ${columnsRemoved.join(', ')}`,
  ].filter(Boolean);
  return `${step.step} ${step.transform}: ${said.join('; ')}`;
}

const heads = ['column', 'type', 'missing', 'distinct', 'minimum', 'maximum', 'mean'];

/** A column whose figures change stands twice: as it was (-) and as it is (+). */
function table(before: PreviewTable, after: PreviewTable): string[] {
  const was = new Map(before.columns.map((column) => [column.name, cells(column).join('\u0000')]));
  const rows: [string, ...string[]][] = [[' ', ...heads]];
  for (const column of before.columns) {
    const now = after.columns.find(({ name }) => name === column.name);
    if (now === undefined) rows.push(['-', ...cells(column)]);
    else if (cells(now).join('\u0000') !== was.get(column.name))
      rows.push(['-', ...cells(column)], ['+', ...cells(now)]);
    else rows.push([' ', ...cells(column)]);
  }
  for (const column of after.columns) if (!was.has(column.name)) rows.push(['+', ...cells(column)]);
  return tableLines(rows);
}

const LONGEST_CELL = 24;

function cells({ name, type, missing, distinct, minimum = '', maximum = '', mean }: PreviewTable['columns'][number]) {
  const figures = [missing, distinct].map((figure) => figure.toLocaleString());
  const average = mean === undefined ? '' : short(mean);
  return [name, type, ...figures, minimum, maximum, average].map((cell) => shortened(cell, LONGEST_CELL));
}

/** Five digits; what is as good as nothing by its power of ten. */
function short(figure: number): string {
  if (figure !== 0 && Math.abs(figure) < 1e-6) return figure.toExponential(1);
  return figure.toLocaleString(undefined, { maximumSignificantDigits: 5 });
}
