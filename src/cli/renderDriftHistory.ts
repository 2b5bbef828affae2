/** How drift went over the versions of a dataset, as a table and a chart for a terminal. */
import type { DriftEntry, DriftHistory, DriftStatus } from '../protocol';
import type { Console } from './console';
import { count } from './numbers';
import { shortened, tableLines } from './table';

const BAR = 10;
/** As many columns as the chart shows; those that drifted most often. */
const CHARTED = 15;
const NAME = 24;

/** How bad, from nothing to the worst. */
const marks = { blocks: ['·', '▂', '▅', '█'], plain: ['.', 'l', 'm', 'H'] } as const;

export function renderDriftHistory({ datasets }: DriftHistory, output: Console): void {
  const blocks = output.drawsBlocks;
  for (const { dataset, entries } of datasets) {
    const compared =
      entries.length === 0 ? 'no version was compared yet' : `${count(entries.length, 'version')} compared`;
    output.line(`${dataset}: ${compared}`);
    if (entries.length === 0) continue;
    for (const line of tableLines(
      entries.map((entry) => tableRow(entry, blocks)),
      [3],
    ))
      output.line(`  ${line}`);
    // The newest of those that have room.
    const room = Math.max(10, output.columns - NAME - 6);
    for (const line of chartLines(entries.slice(-room), blocks)) output.line(`  ${line}`.trimEnd());
  }
}

function tableRow(
  { version, baseline, at, drifted, compared, share, severity }: DriftEntry,
  blocks: boolean,
): string[] {
  const filled = drifted === 0 ? 0 : Math.max(1, Math.round(share * BAR));
  const bar = (blocks ? '█' : '#').repeat(filled) + (blocks ? '░' : '-').repeat(BAR - filled);
  return [
    version.slice(0, 8),
    `from ${shortened(/^[0-9a-f]{16}$/.test(baseline) ? baseline.slice(0, 8) : baseline, NAME)}`,
    new Date(at).toLocaleString(),
    `${drifted} of ${compared}`,
    bar,
    severity,
  ];
}

/** A line for each column that ever drifted: a mark for each version, oldest first. */
function chartLines(entries: readonly DriftEntry[], blocks: boolean): string[] {
  const often = new Map<string, number>();
  for (const { columns } of entries)
    for (const [name, { status }] of Object.entries(columns)) often.set(name, (often.get(name) ?? 0) + badness(status));
  if (often.size === 0) return [];
  // Where two drifted as much the one that did first stays first.
  const names = [...often].sort(([, a], [, b]) => b - a).map(([name]) => name);
  const scale = blocks ? marks.blocks : marks.plain;
  const rows = names.slice(0, CHARTED).map((name) => {
    const status = ({ columns }: DriftEntry) => (Object.hasOwn(columns, name) ? columns[name]?.status : undefined);
    return [shortened(name, NAME), entries.map((entry) => scale[badness(status(entry))] ?? '').join('')];
  });
  const more = names.length > CHARTED ? [`and ${count(names.length - CHARTED, 'more column')}`] : [];
  const [none, low, medium, high] = scale;
  return ['', ...tableLines(rows), ...more, `oldest first; ${none} none  ${low} low  ${medium} medium  ${high} high`];
}

function badness(status: DriftStatus | undefined): number {
  switch (status) {
    case 'low':
    case 'added':
      return 1;
    case 'medium':
      return 2;
    case 'high':
    case 'removed':
    case 'retyped':
      return 3;
    default:
      return 0;
  }
}
