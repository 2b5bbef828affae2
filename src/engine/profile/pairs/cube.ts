/** Rows counted by combinations of classes: what lies between classes and numbers is then told without reading them again. */
import type { Database } from '../../duckdb';
import type { Measure } from './measures';

/** Combinations that there may be; more of them take longer than they save. */
const MAX_CELLS = 4096;
const MAX_MEASURES = 40;

export interface Cube {
  readonly relation: string;
  /** SQL aggregate for how many rows. */
  readonly rows: string;
}

/** SQL aggregates for the numbers of a measure: how many, their sum and that of their squares. */
export function momentsOf({ id, gapless }: Measure, cube: Cube | undefined): readonly [string, string, string] {
  if (cube) return [`sum(n_${id})::DOUBLE`, `sum(s_${id})`, `sum(q_${id})`];
  return [`${gapless ? 'count(*)' : `count(${id})`}::DOUBLE`, `sum(${id})`, `sum(${id} * ${id})`];
}

/** Works with a table of the combinations; undefined where they are too many to help. */
export async function withCube<T>(
  database: Database,
  relation: string,
  classes: readonly { readonly id: string; readonly values: number }[],
  measures: readonly Measure[],
  work: (cube: Cube | undefined) => Promise<T>,
): Promise<T> {
  const cells = classes.reduce((product, { values }) => product * (values + 1), 1);
  if (classes.length < 2 || cells > MAX_CELLS || measures.length > MAX_MEASURES) return work(undefined);
  const ids = classes.map(({ id }) => id).join(', ');
  const amounts = measures.filter(({ id }) => !classes.some((one) => one.id === id));
  const numbers = amounts.map(({ id, value }) => `, ${value} AS ${id}`).join('');
  const sums = amounts.map((measure) => {
    const [n, sum, squares] = momentsOf(measure, undefined);
    return `, ${n} AS n_${measure.id}, ${sum} AS s_${measure.id}, ${squares} AS q_${measure.id}`;
  });
  await database.run(
    `CREATE OR REPLACE TEMP TABLE profile_cube AS SELECT ${ids}, count(*) AS n${sums.join('')} ` +
      `FROM (SELECT ${ids}${numbers} FROM ${relation}) GROUP BY ${ids}`,
  );
  try {
    return await work({ relation: 'profile_cube', rows: 'sum(n)' });
  } finally {
    await database.run('DROP TABLE profile_cube');
  }
}
