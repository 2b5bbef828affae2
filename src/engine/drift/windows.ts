/** The current side in windows of time. */
import { text } from '../duckdb';
import { kindOf } from '../statistics';
import { MldataError, type DriftSpec } from '../../protocol';
import type { DriftRows } from './rows';

export interface TimeWindow {
  /** ISO 8601: from this day on, and before that one. */
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

export interface TimeWindows {
  /** SQL of the day on which the window of a row of the current side begins. */
  readonly start: string;
  /** Those that have rows, in their order. */
  readonly all: readonly TimeWindow[];
}

/** Each is held against the whole baseline. */
const MOST_WINDOWS = 400;

/**
 * Rows without a time are in none. Throws `drift-window` where there is no such column
 * of dates or times, and where there would be too many.
 */
export async function windowsOf(
  { database, relation, columns }: DriftRows,
  { column: name, by }: NonNullable<DriftSpec['window']>,
): Promise<TimeWindows> {
  const column = columns.find((each) => each.name === name);
  if (!column) throw refuse(`The current side has no column ${name} to make windows of.`);
  if (kindOf(column) !== 'time' || column.type === 'time')
    throw refuse(`Windows are made of dates or times of a calendar, and ${name} is of the type ${column.type}.`);
  const start = `CAST(date_trunc(${text(by)}, CAST(${column.id} AS TIMESTAMP)) AS DATE)`;
  const rows = await database.rows(
    `SELECT CAST(start AS VARCHAR) AS "from", CAST(CAST(start + ${lengths[by]} AS DATE) AS VARCHAR) AS "to", n FROM ` +
      `(SELECT ${start} AS start, count(*) AS n FROM ${relation} WHERE isfinite(${column.id}) GROUP BY start) ` +
      `ORDER BY start LIMIT ${MOST_WINDOWS + 1}`,
  );
  if (rows.length > MOST_WINDOWS)
    throw refuse(`There are more than ${MOST_WINDOWS} windows of one ${by}. Choose longer ones, or fewer rows.`);
  return {
    start,
    all: rows.map(({ from, to, n }) => ({ from: String(from), to: String(to), rows: Number(n) })),
  };
}

const lengths = {
  day: 'INTERVAL 1 DAY',
  week: 'INTERVAL 7 DAYS',
  month: 'INTERVAL 1 MONTH',
  quarter: 'INTERVAL 3 MONTHS',
  year: 'INTERVAL 1 YEAR',
} as const;

function refuse(message: string): MldataError {
  return new MldataError('config', 'drift-window', message);
}
