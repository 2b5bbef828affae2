/** How many numbers lie between edges. */
import { double, type Database } from '../duckdb';
import { askAll } from './ask';
import { finiteOf, type Numbers } from './variable';

export interface Ranges {
  readonly values: Numbers;
  /** Rising. Each range holds its lower edge; the first and the last are open. */
  readonly edges: readonly number[];
}

/** One more count than there are edges, for each of them. */
export async function countWithin(
  database: Database,
  relation: string,
  ranges: readonly Ranges[],
): Promise<number[][]> {
  const rows = await askAll(
    database,
    relation,
    ranges.map(({ values, edges }) => ({ counts: edges.length === 0 ? 'NULL' : counts(finiteOf(values), edges) })),
  );
  return rows.map((row, index) => {
    const size = (ranges[index]?.edges.length ?? 0) + 1;
    const counted = row['counts'] === null ? [] : (JSON.parse(String(row['counts'])) as number[]);
    return Array.from({ length: size }, (_, place) => counted[size - 1 - place] ?? 0);
  });
}

/** The engine's ranges hold their upper edge: with the other sign they hold the lower one, in the other order. */
function counts(finite: string, edges: readonly number[]): string {
  const negative = edges.map((edge) => double(edge === 0 ? 0 : -edge)).reverse();
  return `CAST(map_values(histogram(-(${finite}), [${negative.join(', ')}])) AS VARCHAR)`;
}
