/**
 * Means of a target for the rows that it was learned from: the rows are cut into folds, and each fold gets the means of
 * the others. With means that include its own target, a rare category would tell what it is to predict.
 */
import { double, text, type Database } from '../duckdb';
import type { StageColumn } from '../schema';
import { categoryOf } from './categories';

interface CrossFitContext {
  readonly database: Database;
  readonly freshName: () => string;
  readonly training: string;
  readonly smoothing: number;
  readonly folds: number;
  readonly seed: number;
}

export interface CrossFit {
  /** SQL that stands behind the table `t`; those of the columns come after it. */
  readonly join: string;
  /** SQL condition that the row is one of the training rows. */
  readonly trained: string;
  /** By name. */
  readonly columns: ReadonlyMap<string, { readonly join: string; readonly number: string }>;
}

/** @param value SQL of the target as a number */
export async function crossFit(
  columns: readonly StageColumn[],
  value: string,
  { database, freshName, training, smoothing, folds, seed }: CrossFitContext,
): Promise<CrossFit> {
  const fold = freshName();
  await database.run(
    `CREATE TABLE ${fold} AS SELECT id, (row_number() OVER (ORDER BY md5(concat(${text(`${seed}|`)}, id)), id) - 1) % ${folds} AS fold ` +
      `FROM ${training}`,
  );
  const own = new Map<string, { join: string; number: string }>();
  await database.inOrder(async () => {
    const rows = `(SELECT t.*, ${fold}.fold, ${value} AS y FROM ${training} AS t JOIN ${fold} USING (id) ORDER BY t.id)`;
    const means = await meansOfOthers(rows, folds, database);
    for (const column of columns) {
      const sums = freshName();
      await database.run(
        `CREATE TABLE ${sums} AS SELECT fold, ${categoryOf(column)} AS category, coalesce(kahan_sum(y), 0) AS sum, count(y) AS rows ` +
          `FROM ${rows} AS t GROUP BY fold, category`,
      );
      const encoded = freshName();
      // Each sum of the other folds is added in their order.
      await database.run(
        `CREATE TABLE ${encoded} AS SELECT fold, category, coalesce(kahan_sum(sum), 0) AS total, ` +
          `coalesce(sum(rows), 0) + ${double(smoothing)} AS weight, list_extract(${means}, fold + 1) AS mean, ` +
          `CASE WHEN weight = 0 THEN mean ELSE (total + ${double(smoothing)} * mean) / weight END AS number ` +
          `FROM (SELECT own.fold, own.category, other.sum, other.rows FROM ${sums} AS own LEFT JOIN ${sums} AS other ` +
          `ON own.category IS NOT DISTINCT FROM other.category AND own.fold <> other.fold ORDER BY own.fold, own.category, other.fold) ` +
          `GROUP BY fold, category`,
      );
      own.set(column.name, {
        join:
          `LEFT JOIN ${encoded} ON ${encoded}.fold = ${fold}.fold ` +
          `AND ${encoded}.category IS NOT DISTINCT FROM ${categoryOf(column)}`,
        number: `${encoded}.number`,
      });
    }
  });
  return { join: `LEFT JOIN ${fold} ON ${fold}.id = t.id`, trained: `${fold}.fold IS NOT NULL`, columns: own };
}

/** SQL of a list with the mean of all other folds for each; NULL where they have no target. */
async function meansOfOthers(rows: string, folds: number, database: Database): Promise<string> {
  const found = await database.rows(
    `SELECT fold, coalesce(kahan_sum(y), 0) AS sum, count(y)::DOUBLE AS rows FROM ${rows} GROUP BY fold ORDER BY fold`,
  );
  const sums = found.map(({ fold, sum, rows: count }) => ({
    fold: Number(fold),
    sum: Number(sum),
    rows: Number(count),
  }));
  const means = Array.from({ length: folds }, (_, fold) => {
    const others = sums.filter((each) => each.fold !== fold);
    const total = others.reduce((all, { sum }) => all + sum, 0);
    const count = others.reduce((all, { rows: some }) => all + some, 0);
    return count === 0 ? 'NULL' : double(total / count);
  });
  return `[${means.join(', ')}]::DOUBLE[]`;
}
