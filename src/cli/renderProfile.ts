/** What the rows of a dataset are like, for people. */
import { distinctText, facts, keyFigures, numbersFor, scope, verdict } from '../engine';
import {
  shapeOf,
  sparkline,
  type AssociationMethod,
  type Finding,
  type Profile,
  type ProfileColumn,
} from '../protocol';
import type { Console } from './console';
import { shortened, tableLines } from './table';

const numbers = numbersFor();
const { count, figure, share } = numbers;

/** The rest is in `--json`. */
const SHOWN = { alerts: 20, columns: 50, patterns: 8, pairs: 3, associations: 8, classes: 10 };
const LONGEST_TARGET = 200;
const LONGEST_NAME = 32;
const LONGEST_VALUE = 24;
const BLOCKS = 10;
/** Weaker ones are no news. */
const WEAKEST = 0.3;

export function renderProfile(profile: Profile, output: Console): void {
  output.note(`${shortened(profile.dataset, LONGEST_TARGET)}: ${verdict(profile, numbers)}`);
  for (const sentence of scope(profile, numbers)) output.note(`  ${sentence}`);
  output.note(
    `  ${facts(profile, numbers)
      .map(({ label, text }) => `${label} ${text}`)
      .join(', ')}`,
  );
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    output.note('');
    output.note(title);
    for (const line of lines) output.note(`  ${line}`);
  };
  // A table that wraps cannot be read.
  const width = output.interactive ? output.columns - 3 : Infinity;
  const fitting = (line: string) => (line.length > width ? `${line.slice(0, width - 1)}…` : line);
  section('Columns', columnLines(profile.columns, output.drawsBlocks).map(fitting));
  section('Alerts', alertLines(profile.alerts));
  section('Target', targetLines(profile));
  section('Correlations', correlationLines(profile));
  section('Missing together', missingLines(profile));
  section(
    'Splits',
    (profile.splits ?? []).map(({ name, rows }) => `${name}  ${count(rows)} ${rows === 1 ? 'row' : 'rows'}`),
  );
}

function columnLines(columns: readonly ProfileColumn[], blocks: boolean): string[] {
  if (columns.length === 0) return [];
  const heads = ['column', 'type', 'missing', 'distinct', ...(blocks ? ['shape'] : []), 'figures'];
  const rows = columns
    .slice(0, SHOWN.columns)
    .map((column) => [
      shortened(column.name, LONGEST_NAME),
      column.semantic + (column.role === undefined ? '' : ` ${column.role}`),
      column.nulls === 0 ? '0' : `${count(column.nulls)} (${share(column.nullRatio)})`,
      distinctText(column, numbers),
      ...(blocks ? [sparkline(shapeOf(column), BLOCKS)] : []),
      figuresText(column),
    ]);
  return [...tableLines([heads, ...rows], [2, 3]), ...leftOut(columns.length, SHOWN.columns, 'column')];
}

function figuresText(column: ProfileColumn): string {
  return keyFigures(column, numbers)
    .map(({ label, value, text }) => [label, value === undefined ? '' : shown(value), text])
    .map((parts) => parts.filter((part) => part !== '').join(' '))
    .join(' · ');
}

function alertLines(alerts: readonly Finding[]): string[] {
  return [
    ...alerts
      .slice(0, SHOWN.alerts)
      .flatMap(({ severity, code, message, suggestion }) => [
        `${severity}: ${shortened(message, 500)} [${code}]`,
        ...(suggestion === undefined ? [] : [`  ${shortened(suggestion, 500)}`]),
      ]),
    ...leftOut(alerts.length, SHOWN.alerts, 'alert'),
  ];
}

function targetLines({ target }: Profile): string[] {
  if (target === undefined) return [];
  const { column, classes = [], imbalanceRatio, associations } = target;
  const total = classes.reduce((sum, { count: rows }) => sum + rows, 0);
  const ratio = typeof imbalanceRatio === 'number' ? `, largest over smallest class ${figure(imbalanceRatio)}` : '';
  return [
    `${shortened(column, LONGEST_NAME)}${classes.length > 0 ? `: ${count(classes.length)} classes${ratio}` : ''}`,
    ...classes
      .slice(0, SHOWN.classes)
      .map(({ value, count: rows }) => `  ${shown(value)} ${count(rows)} (${share(total === 0 ? 0 : rows / total)})`),
    ...leftOut(classes.length, SHOWN.classes, 'class', 'classes'),
    ...associations
      .slice(0, SHOWN.associations)
      .map(
        ({ column: other, method, value }) => `${shortened(other, LONGEST_NAME)}  ${methods[method]} ${figure(value)}`,
      ),
    ...leftOut(associations.length, SHOWN.associations, 'column'),
  ];
}

const methods: Readonly<Record<AssociationMethod, string>> = {
  pearson: 'Pearson',
  spearman: 'Spearman',
  cramersV: "Cramér's V",
  correlationRatio: 'correlation ratio',
  missing: 'missing together',
};

function correlationLines({ correlations }: Profile): string[] {
  return correlations.flatMap(({ method, pairs, omittedColumns, sampled }) => [
    ...pairs
      .filter(({ value }) => Math.abs(value) >= WEAKEST)
      .slice(0, SHOWN.pairs)
      .map(({ a, b, value }) => {
        const [first, second] = [a, b].map((name) => shortened(name, LONGEST_NAME));
        return `${methods[method]} ${sampled ? '≈ ' : ''}${figure(value)}  ${first} ~ ${second}`;
      }),
    ...(omittedColumns > 0
      ? [`${methods[method]}: ${count(omittedColumns)} columns left out, to bound the pairs`]
      : []),
  ]);
}

function missingLines({ missing, rows, sample }: Profile): string[] {
  const { patterns, otherPatterns, otherRows } = missing;
  const total = sample?.rows ?? rows;
  const amount = (number: number) => `${count(number)} (${share(total === 0 ? 0 : number / total)})`;
  const beyond = patterns.slice(SHOWN.patterns);
  const others = otherPatterns + beyond.length;
  return [
    ...patterns.slice(0, SHOWN.patterns).map(({ columns, rows: having }) => {
      const names = columns.slice(0, 5).map((name) => shortened(name, LONGEST_NAME));
      const more = columns.length > names.length ? ` and ${count(columns.length - names.length)} more` : '';
      return `${amount(having)}  ${names.join(', ')}${more}`;
    }),
    ...(others > 0
      ? [
          `${amount(beyond.reduce((sum, pattern) => sum + pattern.rows, otherRows))}  in ${count(others)} other patterns`,
        ]
      : []),
  ];
}

function shown(value: string): string {
  return value === '' ? '""' : shortened(value, LONGEST_VALUE);
}

function leftOut(there: number, limit: number, one: string, many = `${one}s`): string[] {
  const number = there - limit;
  return number <= 0 ? [] : [`and ${count(number)} more ${number === 1 ? one : many}; --json has them all`];
}
