/** Spearman's ρ: Pearson's r of the ranks, ties by their average rank, within the rows in which both are there. */
import type { Database } from '../../duckdb';
import { measured, type Measure } from './measures';
import { pearson } from './pearson';
import { inBatches } from '../../inBatches';
import { coefficient } from '../../statistics';

/** Statements below each other, each with sorts of its own. */
const PAIRS_AT_ONCE = 20;

/** In the order of the pairs; null where one side is constant. */
export async function spearman(
  database: Database,
  relation: string,
  pairs: readonly (readonly [Measure, Measure])[],
): Promise<(number | null)[]> {
  const whole = pairs.filter(([a, b]) => a.gapless && b.gapless);
  const found = new Map<readonly [Measure, Measure], number | null>();
  for (const [index, value] of (await ofWholeColumns(database, relation, whole)).entries()) {
    const pair = whole[index];
    if (pair) found.set(pair, value);
  }
  const others = pairs.filter((pair) => !found.has(pair));
  for (const batch of inBatches(others, PAIRS_AT_ONCE)) {
    const list = batch.map(
      ([a, b], index) =>
        `SELECT ${index} AS pair, corr(${a.id}, ${b.id}) AS r FROM (SELECT ${rank(a)}, ${rank(b)} ` +
        `FROM ${measured([a, b], relation)} WHERE ${a.id} IS NOT NULL AND ${b.id} IS NOT NULL)`,
    );
    for (const row of await database.rows(list.join(' UNION ALL '))) {
      const pair = batch[Number(row['pair'])];
      if (pair) found.set(pair, coefficient(row['r']));
    }
  }
  return pairs.map((pair) => found.get(pair) ?? null);
}

/** Columns without gaps have the same ranks in every pair. */
async function ofWholeColumns(
  database: Database,
  relation: string,
  pairs: readonly (readonly [Measure, Measure])[],
): Promise<(number | null)[]> {
  if (pairs.length === 0) return [];
  const columns = [...new Set(pairs.flat())];
  const ranks = columns.map(rank).join(', ');
  await database.run(
    `CREATE OR REPLACE TEMP TABLE profile_ranks AS SELECT ${ranks} FROM ${measured(columns, relation)}`,
  );
  try {
    const ranked = new Map(columns.map((column) => [column, { ...column, value: column.id }]));
    return await pearson(
      database,
      'profile_ranks',
      pairs.map(([a, b]) => [ranked.get(a) ?? a, ranked.get(b) ?? b] as const),
    );
  } finally {
    await database.run('DROP TABLE profile_ranks');
  }
}

/** Between the first and the last of its equals. */
function rank({ id }: Measure): string {
  return `(rank() OVER (ORDER BY ${id}) + count(*) OVER (ORDER BY ${id})) / 2 AS ${id}`;
}
