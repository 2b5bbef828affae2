/** Splits in time: train is earliest, test is latest; rows within the gap before the next split are left out. */
import { text } from '../../duckdb';
import { splitNames, type ColumnType, type Finding } from '../../../protocol';
import { columnTypeOf, type StageColumn } from '../../schema';
import { controlledRounding } from './rounding';
import { refuseSplit, SPLIT_ROWS, type SplitContext } from './part';
import { KEPT } from '../../staging';

/** Types that run along time. */
const ordered: readonly ColumnType[] = ['date', 'datetime', 'integer', 'number'];

/** Equal times stand in the order of the source. Throws `time-missing` and `time-unordered`. */
export async function splitByTime(context: SplitContext, column: StageColumn): Promise<Finding[]> {
  const { database, dataset, split } = context;
  if (!ordered.includes(columnTypeOf(column.physicalType))) {
    throw refuseSplit(
      context,
      'time',
      'time-unordered',
      `${column.name} is of type ${column.type}, which has no time order.`,
      'Declare it as date, datetime or a number.',
      column,
    );
  }
  if (split.gapIsDuration && !isInTime(column)) {
    throw refuseSplit(
      context,
      'gap',
      'split-conflict',
      `\`gap\` is a duration, but ${column.name} holds numbers.`,
      'Write a plain number, in units of the column.',
      column,
    );
  }
  const counts = await database.row(`SELECT count(*) AS rows, count(${column.id}) AS dated FROM ${KEPT}`);
  const total = Number(counts['rows']);
  if (Number(counts['dated']) < total) {
    throw refuseSplit(
      context,
      'time',
      'time-missing',
      `${total - Number(counts['dated'])} rows have no ${column.name}, so they have no place in time.`,
      'Fill the times, or split by something else.',
      column,
    );
  }
  const [sizes = []] = controlledRounding(
    [total],
    splitNames.map((name) => split.ratios[name]),
  );
  // The row each split begins with; splits without rows begin nowhere.
  const starts = new Map<number, { time: string; id: bigint }>();
  let before = 0;
  for (const [position, size] of sizes.entries()) {
    if (size > 0) {
      const row = await database.row(
        `SELECT CAST(${column.id} AS VARCHAR) AS time, id FROM ${KEPT} ORDER BY ${column.id}, id LIMIT 1 OFFSET ${before}`,
      );
      starts.set(position, { time: String(row['time']), id: row['id'] as bigint });
    }
    before += size;
  }
  const at = ({ time }: { time: string }) => `CAST(${text(time)} AS ${column.physicalType})`;
  const notBefore = (start: { time: string; id: bigint }) =>
    `(${column.id} > ${at(start)} OR (${column.id} = ${at(start)} AND id >= ${start.id}))`;
  const conditions = [...starts].map(([position, start]) => {
    const next = [...starts].find(([other]) => other > position)?.[1];
    const bounds = [notBefore(start)];
    if (next) bounds.push(`NOT ${notBefore(next)}`);
    if (next && split.gap) bounds.push(notWithin(split.gap, column, at(next)));
    return `WHEN ${bounds.join(' AND ')} THEN ${position}`;
  });
  const position = conditions.length > 0 ? `CASE ${conditions.join(' ')} END` : 'NULL';
  await database.run(
    `CREATE OR REPLACE TABLE ${SPLIT_ROWS} AS SELECT id, ${position} AS split FROM ${KEPT} WHERE split IS NOT NULL`,
  );
  const placed = Number((await database.row(`SELECT count(*) AS rows FROM ${SPLIT_ROWS}`))['rows']);
  return placed < total ? [gapFinding(dataset, column, total - placed)] : [];
}

/** SQL condition that a row's time lies at least the gap before the start of the next split. */
function notWithin(gap: number, column: StageColumn, next: string): string {
  const { id, physicalType } = column;
  if (isInTime(column)) return `${id} <= ${next} - to_microseconds(${Math.round(gap * 1e6)})`;
  // An unsigned type has nothing below zero.
  const signed = /^U/.test(physicalType) ? `CAST(${next} AS HUGEINT)` : next;
  return `${id} <= ${signed} - ${gap}`;
}

function isInTime({ physicalType }: StageColumn): boolean {
  return /^(DATE|TIMESTAMP)/.test(physicalType);
}

function gapFinding(dataset: string, column: StageColumn, left: number): Finding {
  return {
    code: 'split-gap',
    severity: 'info',
    message: `${left === 1 ? '1 row lies' : `${left} rows lie`} in a gap between two splits and ${left === 1 ? 'is' : 'are'} left out.`,
    dataset,
    column: column.name,
    count: left,
    configPath: ['datasets', dataset, 'split', 'gap'],
  };
}
