/** Bins of one width, as NumPy makes and fills them. */
import { double, type Database } from '../../duckdb';
import type { BinCounts } from '../metrics';
import type { Cleaned } from './preset';

export interface EvenBins {
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/**
 * As `numpy.histogram_bin_edges` rounds: by the width that a rule found, of whole numbers at least 1; equal values have
 * one bin around them.
 */
export function evenBins(width: number, integer: boolean, { min, max }: Pick<EvenBins, 'min' | 'max'>): EvenBins {
  if (min === max) return { min: min - 0.5, max: max + 0.5, count: 1 };
  if (!(width > 0)) return { min, max, count: 1 };
  return { min, max, count: Math.ceil((max - min) / (integer ? Math.max(1, width) : width)) };
}

/** Sturges's width: the range by log₂ n + 1 (The Choice of a Class Interval, 1926). */
export function sturgesWidth(values: number, { min, max }: Pick<EvenBins, 'min' | 'max'>): number {
  return (max - min) / (Math.log2(values) + 1);
}

export interface FilledBins extends BinCounts {
  /** Rows below the first edge and above the last, of the current side. */
  readonly below: number;
  readonly above: number;
}

/** Bins hold their lower edge, the last one both. What lies outside falls into none. */
export async function fillBins({ database, baseline, current }: Cleaned, bins: EvenBins): Promise<FilledBins> {
  const before = await filled(database, baseline.relation, bins);
  const now = await filled(database, current.relation, bins);
  return { baseline: before.counts, current: now.counts, below: now.below, above: now.above };
}

async function filled(database: Database, relation: string, { min, max, count }: EvenBins) {
  const step = (max - min) / count;
  const edge = (place: string) => `(${double(min)} + (${place}) * ${double(step)})`;
  const near = `greatest(0, least(${count - 1}, floor((v - ${double(min)}) / ${double(step)})))`;
  // Dividing rounds: the edges themselves decide.
  const place =
    `CASE WHEN v < ${double(min)} THEN -1 WHEN v > ${double(max)} THEN ${count} ` +
    `WHEN v < ${edge('near')} THEN near - 1 WHEN near < ${count - 1} AND v >= ${edge('near + 1')} THEN near + 1 ELSE near END`;
  const rows = await database.rows(
    `SELECT CAST(${place} AS BIGINT) AS place, count(*) AS n FROM (SELECT v, ${near} AS near FROM ${relation}) GROUP BY ALL`,
  );
  const found = new Map(rows.map((row) => [Number(row['place']), Number(row['n'])]));
  return {
    counts: Array.from({ length: count }, (_, bin) => found.get(bin) ?? 0),
    below: found.get(-1) ?? 0,
    above: found.get(count) ?? 0,
  };
}
