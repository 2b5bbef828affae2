/** Columns as numbers that can be multiplied and summed: moved to their mean and divided by their range. */
import { double } from '../../duckdb';
import { columnTypeOf, type StageColumn } from '../../schema';
import type { DescribedColumn } from '../context';

export interface Measure {
  readonly name: string;
  readonly id: string;
  readonly isTarget: boolean;
  /** SQL within −1 and 1; NULL where the value is missing, NaN or infinite. */
  readonly value: string;
  /** Whether it is never NULL. */
  readonly gapless: boolean;
}

/**
 * No association changes when a column is moved and stretched, and sums of what lies about 0 keep their digits, whether
 * the values lie at 1e9 ± 1 or at 1e300. Undefined for what is no number, is constant, or spans more than a double does.
 */
export function measureOf({ column, figures }: DescribedColumn): Measure | undefined {
  const { numeric, nulls } = figures;
  if (!numeric) return undefined;
  const { id } = column;
  const { min, max, mean, nans, infinities, negativeInfinities } = numeric;
  const finite = nans + infinities + negativeInfinities === 0;
  return measure(column, `${id}::DOUBLE`, finite, finite && nulls === 0, [min, max, mean]);
}

/** Dates and times as seconds since 1970, numbers as they are. */
export function measureInTime(described: DescribedColumn): Measure | undefined {
  const { column, figures } = described;
  const { temporal, nulls } = figures;
  if (!temporal || !['date', 'datetime'].includes(columnTypeOf(column.physicalType))) return measureOf(described);
  const seconds = Date.parse(temporal.min) / 1000;
  if (!Number.isFinite(seconds)) return undefined;
  const { id } = column;
  const bounds = [seconds, seconds + temporal.spanSeconds, null] as const;
  // The engine's dates may be infinite.
  return measure(column, `CASE WHEN isfinite(${id}) THEN epoch(${id}) END`, true, nulls === 0, bounds);
}

function measure(
  { name, id, spec }: StageColumn,
  number: string,
  finite: boolean,
  gapless: boolean,
  [min, max, mean]: readonly [number | null, number | null, number | null],
): Measure | undefined {
  if (min === null || max === null) return undefined;
  const range = max - min;
  if (!(range > 0) || !Number.isFinite(range)) return undefined;
  const value = `(${number} - ${double(mean ?? min)}) / ${double(range)}`;
  const isTarget = spec.role === 'target';
  return { name, id, isTarget, value: finite ? value : `CASE WHEN isfinite(${number}) THEN ${value} END`, gapless };
}

/** The columns of `measures`, by their ids, of a relation. */
export function measured(measures: Iterable<Measure>, relation: string): string {
  const list = new Map(Array.from(measures, ({ id, value }) => [id, `${value} AS ${id}`]));
  return `(SELECT ${[...list.values()].join(', ')} FROM ${relation})`;
}
