/** Each value is a category. */
import type { BinCounts } from '../metrics';
import type { Cleaned } from './preset';

/**
 * How often each value occurs on both sides. Of very many values only how often each pair of counts occurs is read, so
 * they come by their counts rather than by what they are.
 */
export async function valueCounts({ database, baseline, current }: Cleaned): Promise<BinCounts> {
  const side = (relation: string, a: number, b: number) => `SELECT v, ${a} AS a, ${b} AS b FROM ${relation}`;
  const rows = await database.rows(
    'SELECT a, b, count(*) AS times FROM (SELECT sum(a)::BIGINT AS a, sum(b)::BIGINT AS b FROM ' +
      `(${side(baseline.relation, 1, 0)} UNION ALL ${side(current.relation, 0, 1)}) GROUP BY v) GROUP BY a, b ORDER BY a DESC, b DESC`,
  );
  const repeated = (name: string) =>
    rows.flatMap((row) => new Array<number>(Number(row['times'])).fill(Number(row[name])));
  return { baseline: repeated('a'), current: repeated('b') };
}

/** Values that the baseline does not have in one category, the last. */
export function unseenTogether({ baseline, current }: BinCounts): BinCounts {
  const seen = (_: number, bin: number) => (baseline[bin] ?? 0) > 0;
  const unseen = current.reduce((sum, count, bin) => ((baseline[bin] ?? 0) > 0 ? sum : sum + count), 0);
  return {
    baseline: [...baseline.filter(seen), ...(unseen > 0 ? [0] : [])],
    current: [...current.filter(seen), ...(unseen > 0 ? [unseen] : [])],
  };
}
