/** Numbers of both sides, and what has to be known of them before they are measured. */
import type { Database } from '../../duckdb';

export interface NumbersOfSide {
  /** SQL of a table or view. */
  readonly relation: string;
  /** SQL of a DOUBLE over it, which may be NULL, NaN or infinite. */
  readonly sql: string;
}

export interface Sides {
  readonly baseline: NumbersOfSide;
  readonly current: NumbersOfSide;
}

export interface SideCounts {
  readonly rows: number;
  /** Rows that stand before all finite numbers: those without a value, NaN and −∞. */
  readonly first: number;
  readonly finite: number;
}

export interface SidesLook {
  readonly baseline: SideCounts;
  readonly current: SideCounts;
  /** Of finite numbers of either side; NaN where there are none. */
  readonly min: number;
  readonly max: number;
  /** Whether grouping equal values first is worth it. */
  readonly few: boolean;
}

export async function lookAtSides(database: Database, { baseline, current }: Sides): Promise<SidesLook> {
  const side = ({ relation, sql }: NumbersOfSide, place: number) =>
    `SELECT ${place} AS place, count(*) AS rows, count(v) AS finite, count(CASE WHEN v IS NULL AND x IS DISTINCT FROM 'infinity'::DOUBLE ` +
    `THEN 1 END) AS first, min(v) AS min, max(v) AS max, approx_count_distinct(v) AS different ` +
    `FROM (SELECT x, CASE WHEN isfinite(x) THEN x END AS v FROM (SELECT CAST(${sql} AS DOUBLE) AS x FROM ${relation}))`;
  const looks = await database.rows(`${side(baseline, 0)} UNION ALL ${side(current, 1)} ORDER BY place`);
  const counts = looks.map((row) => ({
    rows: Number(row['rows']),
    first: Number(row['first']),
    finite: Number(row['finite']),
  }));
  const bounds = (name: 'min' | 'max') => looks.flatMap((row) => (row[name] === null ? [] : [Number(row[name])]));
  const [before = none, now = none] = counts;
  const different = looks.reduce((sum, row) => sum + Number(row['different']), 0);
  return {
    baseline: before,
    current: now,
    min: bounds('min').length > 0 ? Math.min(...bounds('min')) : NaN,
    max: bounds('max').length > 0 ? Math.max(...bounds('max')) : NaN,
    few: 4 * different <= before.rows + now.rows,
  };
}

const none: SideCounts = { rows: 0, first: 0, finite: 0 };
