/** Rows that are there more than once. */
import type { Database } from '../duckdb';

export interface Repeats {
  /** Different rows that occur more than once. */
  readonly groups: number;
  /** Rows of those groups that count. */
  readonly rows: number;
  /** One row of each of the groups that begin first: a value of `__row`. */
  readonly some: readonly bigint[];
}

export interface RepeatsAsked {
  /** Names the table that is held meanwhile; two at the same time need two names. */
  readonly name: string;
  /** SQL condition on a group of equal rows. Absent: that it is more than one. */
  readonly having?: string;
  /** SQL of how many rows of a group count. Absent: all but one. */
  readonly counted?: string;
  /** SQL of the row of a group that is told. Absent: the last one. */
  readonly told?: string;
  /** Groups of which a row is told; the first ones. */
  readonly most: number;
}

/**
 * Rows are equal where all of these columns are; a missing value equals a missing one, NaN equals NaN, and 0 equals −0.
 * Exact: rows with the hash of another (64 bits) are few, and compared value by value.
 * @param ids of at least one column
 */
export async function repeatsOf(
  database: Database,
  relation: string,
  ids: readonly string[],
  { name, having = 'count(*) > 1', counted = 'count(*) - 1', told = 'max(__row)', most }: RepeatsAsked,
): Promise<Repeats> {
  const key = ids.join(', ');
  const hashes = `repeats_${name}`;
  await database.run(
    `CREATE OR REPLACE TEMP TABLE ${hashes} AS SELECT hash FROM (SELECT hash(${key}) AS hash, * FROM ${relation}) ` +
      `GROUP BY hash HAVING ${having}`,
  );
  try {
    const { held } = await database.row(`SELECT count(*) AS held FROM ${hashes}`);
    if (Number(held) === 0) return { groups: 0, rows: 0, some: [] };
    const groups = await database.rows(
      `SELECT told, count(*) OVER () AS groups, sum(counted) OVER ()::BIGINT AS rows FROM ` +
        `(SELECT ${counted} AS counted, min(__row) AS first, ${told} AS told FROM ${relation} ` +
        `WHERE hash(${key}) IN (SELECT hash FROM ${hashes}) GROUP BY ${key} HAVING ${having}) ` +
        `ORDER BY first LIMIT ${Math.max(1, most)}`,
    );
    const [one] = groups;
    return {
      groups: Number(one?.['groups'] ?? 0),
      rows: Number(one?.['rows'] ?? 0),
      some: groups.slice(0, most).map((row) => row['told'] as bigint),
    };
  } finally {
    await database.run(`DROP TABLE ${hashes}`);
  }
}
