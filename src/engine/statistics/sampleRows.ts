/** Some of the rows, the same ones each time: those whose position, mixed with the seed, says so. */
import { literal, type Database } from '../duckdb';

export interface SampledRows {
  /** A relation with the columns by their ids. */
  readonly relation: string;
  /** Absent where it has all rows. */
  readonly sampled: { readonly values: number; readonly of: number; readonly seed: number } | undefined;
  readonly rows: number;
}

export interface RowsToSample {
  readonly database: Database;
  readonly relation: string;
  readonly rows: number;
  readonly seed: number;
  /** Names the table that is held meanwhile; two at the same time need two names. */
  readonly table?: string;
  /** One in so many of the rows, in a table already. */
  readonly drawn?: { readonly relation: string; readonly oneIn: number; readonly rows: number };
}

/** To take in a statement over a relation of more columns takes longer than to answer it. */
const WIDE = 200;

/**
 * Works on about so many rows at most, or on all where there are no more. Some of the rows, or of very many columns, are
 * held in a table meanwhile.
 * @param among how many columns the relation has
 */
export async function withSample<T>(
  { database, relation, rows, seed, table: name = 'sample_of_rows', drawn }: RowsToSample,
  ids: readonly string[],
  { atMost, among }: { readonly atMost: number; readonly among: number },
  work: (sample: SampledRows) => Promise<T>,
): Promise<T> {
  const isSample = rows > atMost;
  if ((!isSample && among <= WIDE) || ids.length === 0) return work({ relation, sampled: undefined, rows });
  if (isSample && drawn && drawn.rows <= atMost) {
    const { relation: held, rows: values } = drawn;
    return work({ relation: held, sampled: { values, of: rows, seed }, rows: values });
  }
  const table = relation === name ? `${name}_again` : name;
  // Divisible by the share that is in a table already, so that these are some of those.
  const held = drawn?.oneIn ?? 1;
  const oneIn = Math.ceil(rows / atMost / held) * held;
  const chosen = isSample ? ` WHERE hash(__row, ${literal(seed)}) % ${oneIn} = 0` : '';
  await database.run(
    `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT __row, ${[...new Set(ids)].join(', ')} FROM ${isSample && drawn ? drawn.relation : relation}${chosen}`,
  );
  try {
    if (!isSample) return await work({ relation: table, sampled: undefined, rows });
    const { values } = await database.row(`SELECT count(*) AS values FROM ${table}`);
    const taken = Number(values);
    return await work({ relation: table, sampled: { values: taken, of: rows, seed }, rows: taken });
  } finally {
    await database.run(`DROP TABLE ${table}`);
  }
}
