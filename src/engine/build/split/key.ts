/**
 * The key that orders rows for a split: half of the md5 of seed, file name and row. It depends on nothing else, so
 * neither threads nor the order of files nor the engine's version (whose `hash()` may change) can move a row.
 */
import { createHash } from 'node:crypto';
import { text, type Database } from '../../duckdb';
import { KEPT, type StagedFile } from '../../staging';
import { sourceRows } from './sourceRows';

/** SQL of a relation of the kept rows, with their `key` (UBIGINT) beside the staged columns. */
export function keyedRows(files: readonly StagedFile[], seed: number): string {
  // A digest instead of the name itself: with it the text of a key stays within one block of md5.
  const prefix = pick(files.map(({ source }) => text(digest(`${seed}|${source.file.name}`))));
  if (files.some(({ broken }) => broken > 0)) {
    return (
      `(SELECT ${KEPT}.*, ${keyOf(`concat(${prefix}, coalesce(numbers.row, __read + 1))`)} AS key FROM ${KEPT} ` +
      `LEFT JOIN (SELECT id, row FROM ${sourceRows(files)}) AS numbers USING (id))`
    );
  }
  const before = pick(files.map(({ base }) => String(base - 1)));
  return `(SELECT *, ${keyOf(`concat(${prefix}, __read - ${before})`)} AS key FROM ${KEPT})`;
}

const KEY_BITS = 64;

/** SQL. The last eight bytes, of which the last one weighs most: the engine's own `md5_number_lower` takes longer. */
function keyOf(text: string): string {
  return `(md5_number(${text}) >> ${KEY_BITS})::UBIGINT`;
}

/** SQL for the value of a row's file; rows that steps made, which are of none, count as of the first. */
function pick(values: readonly string[]): string {
  const [only = 'NULL', ...others] = values;
  return others.length === 0 ? `(${only})` : `list_extract([${values.join(', ')}], coalesce(__file, 0) + 1)`;
}

function digest(value: string): string {
  return `${createHash('md5').update(value).digest('hex')}|`;
}

/** SQL for the key of a group's value. */
export function valueKey(expression: string, seed: number): string {
  return `md5_number(concat(${text(`${seed}|`)}, CAST(${expression} AS VARCHAR)))`;
}

export interface ClassRanks {
  readonly rows: number;
  /** For each cut, how many rows of the class (by key) lie before it. */
  readonly ranks: readonly number[];
}

const ROWS_PER_BUCKET = 256;

/**
 * The key at each rank of each class, without sorting: a histogram of the keys' leading bits says in which bucket a rank
 * falls, and only the rows of those buckets are ranked. Reads the table `split_keys(id, class, key)`.
 *
 * @param classes by their index in the table
 * @returns per class and cut the largest key that lies before it; null when none does
 */
export async function cutKeys(database: Database, classes: readonly ClassRanks[]): Promise<(bigint | null)[][]> {
  const total = classes.reduce((sum, { rows }) => sum + rows, 0);
  const bits = Math.min(16, Math.max(1, Math.ceil(Math.log2(total / classes.length / ROWS_PER_BUCKET + 1))));
  const bucket = `(key >> ${KEY_BITS - bits})::UINTEGER`;
  const wanted = classes.flatMap(({ ranks }, index) =>
    ranks.flatMap((rank, cut) => (rank > 0 ? [`(${index}, ${cut}, ${rank})`] : [])),
  );
  const result = classes.map(({ ranks }): (bigint | null)[] => ranks.map(() => null));
  if (wanted.length === 0) return result;
  await database.run(
    `CREATE OR REPLACE TEMP TABLE split_buckets AS SELECT class, bucket, rows, ` +
      `sum(rows) OVER (PARTITION BY class ORDER BY bucket) - rows AS before ` +
      `FROM (SELECT class, ${bucket} AS bucket, count(*) AS rows FROM split_keys GROUP BY ALL)`,
  );
  await database.run(
    `CREATE OR REPLACE TEMP TABLE split_wanted AS SELECT class, cut, rank - before AS place, bucket ` +
      `FROM (VALUES ${wanted.join(', ')}) AS wanted(class, cut, rank) JOIN split_buckets USING (class) ` +
      `WHERE before < rank AND rank <= before + rows`,
  );
  const rows = await database.rows(
    `SELECT class, cut, key::VARCHAR AS key FROM split_wanted JOIN (` +
      `SELECT class, bucket, key, row_number() OVER (PARTITION BY class, bucket ORDER BY key) AS place ` +
      `FROM (SELECT class, key, ${bucket} AS bucket FROM split_keys) SEMI JOIN split_wanted USING (class, bucket)` +
      `) USING (class, bucket, place)`,
  );
  for (const row of rows) {
    const keys = result[Number(row['class'])];
    if (keys) keys[Number(row['cut'])] = BigInt(String(row['key']));
  }
  return result;
}
