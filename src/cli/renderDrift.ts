/** A comparison as text for a terminal: the verdict, what is compared, and the columns that drifted, worst first. */
import { dirname } from 'node:path';
import { driftVerdict, levelsText, measureNames, numbersFor, sideFacts } from '../engine';
import type { Drift, DriftColumn, DriftSide, DriftStatus } from '../protocol';
import type { Console } from './console';
import { count, duration } from './numbers';
import { renderFindings } from './render';
import { shortened, tableLines } from './table';

const numbers = numbersFor();

/** The rest is in `--json`. */
const SHOWN = { columns: 50, windows: 50, names: 10, findings: 20 };
const inTable: readonly string[] = [
  ...['drift-column', 'drift-missing-share', 'drift-dataset'],
  ...['drift-column-added', 'drift-column-removed', 'drift-column-retyped'],
];
const LONGEST = { reference: 100, name: 32, notes: 200 };

const words: Readonly<Record<DriftStatus, string>> = {
  none: 'none',
  low: 'low',
  medium: 'MEDIUM',
  high: 'HIGH',
  insufficient: 'too few rows',
  added: 'added',
  removed: 'removed',
  retyped: 'other type',
  failed: 'NOT COMPARED',
};

/** @param all also the columns that did not drift */
export function renderDrift(drift: Drift, output: Console, all: boolean): void {
  const { baseline, current, columns, windows = [], findings, config } = drift;
  output.line(
    `${shortened(current.reference, LONGEST.reference)}: ${driftVerdict(drift, numbers, (name) => shortened(name, LONGEST.name))}`,
  );
  output.note(`  baseline  ${sideText(baseline)}`);
  output.note(`  current   ${sideText(current)}; compared in ${duration(drift.durationMs)}`);
  const told = all ? columns : columns.filter(({ status }) => status !== 'none');
  const shown = told.slice(0, SHOWN.columns);
  if (shown.length > 0) {
    const heads = ['column', 'drift', 'decided by', 'value', 'low, medium, high', 'PSI', 'missing'];
    for (const line of tableLines([heads, ...shown.map(cells)], [3, 5])) output.line(`  ${line}`);
  }
  const more = told.length - shown.length;
  if (more > 0) output.note(`  and ${count(more, 'more column')}; --json has them all`);
  const still = columns.length - told.length;
  if (still > 0)
    output.note(`  ${count(still, 'column')} without drift; --verbose shows ${still === 1 ? 'it' : 'them'}`);
  if (drift.schema.breaking) output.line('  Whoever reads the baseline can no longer read the current side.');
  if (windows.length > 0) renderWindows(windows, output);
  // The table has these.
  const others = findings.filter(({ code }) => !inTable.includes(code));
  renderFindings(others.slice(0, SHOWN.findings), output, config === undefined ? '.' : dirname(config));
  const unsaid = others.length - SHOWN.findings;
  if (unsaid > 0) output.note(`  and ${count(unsaid, 'more finding')}; --report FILE has them all`);
}

function sideText(side: DriftSide): string {
  return `${shortened(side.reference, LONGEST.reference)}: ${sideFacts(side, numbers).join(', ')}`;
}

function cells(column: DriftColumn): string[] {
  const { name, type, baselineType, status, decidedBy, decidingProperty, value = null, levels, metrics } = column;
  const { missing, muted } = column;
  const measure = decidedBy === undefined ? '' : measureNames[decidedBy];
  return [
    shortened(name, LONGEST.name),
    words[status] + (muted ? ', muted' : ''),
    status === 'retyped'
      ? `${baselineType ?? ''} → ${type}`
      : decidingProperty === undefined
        ? measure
        : `${measure} of its ${shortened(decidingProperty, LONGEST.name)}`,
    decidedBy === undefined ? '' : numbers.figure(value),
    decidedBy === undefined || levels === undefined ? '' : levelsText(decidedBy, levels, numbers),
    metrics.psi === undefined ? '' : numbers.figure(metrics.psi),
    missing === undefined ? '' : `${numbers.share(missing.baseline)} → ${numbers.share(missing.current)}`,
  ];
}

function renderWindows(windows: NonNullable<Drift['windows']>, output: Console): void {
  output.note('');
  output.note('Windows');
  const rows = windows.slice(0, SHOWN.windows).map(({ from, rows: held, summary, columns }) => {
    const { severity } = summary;
    const worst = columns.filter(({ status }) => severity !== 'none' && status === severity);
    const names = worst.slice(0, SHOWN.names).map(({ name }) => shortened(name, LONGEST.name));
    return [
      from,
      numbers.count(held),
      `${numbers.count(summary.drifted)} of ${numbers.count(summary.compared)}`,
      words[severity],
      names.join(', ') + (worst.length > names.length ? ', …' : ''),
    ];
  });
  for (const line of tableLines([['from', 'rows', 'drifted', 'drift', 'worst'], ...rows], [1]))
    output.note(`  ${line}`);
  const more = windows.length - SHOWN.windows;
  if (more > 0) output.note(`  and ${count(more, 'more window')}; --json has them all`);
}
