/**
 * The rows of each split as sets of bits. A filter by them costs next to nothing and keeps the order of the rows on any
 * number of threads; a join with the ids does neither.
 */
import { text, type Database } from '../../duckdb';
import { blocksOf } from '../../output';
import { KEPT } from '../../staging';
import { SPLIT_ROWS } from './part';

/** Bits of an id that are its place within a set of bits, whose index is an INTEGER. */
const BLOCK_BITS = 26;
const IN_BLOCK = 2 ** BLOCK_BITS - 1;

export interface Members {
  /** SQL that a session runs before it reads the relation: sets of bits are constants to the filter. */
  readonly prepare: string;
  /** SQL of what holds for the `id` of such a row. */
  readonly condition: string;
  /** SQL of a relation with the kept rows of a split, in the order of `id`. */
  readonly relation: string;
  /** SQL of what {@link blocksOf} counts of those rows. */
  readonly blocks: string;
}

/** SQL of the rows of each `split`, as `rows`, of what was collected. */
export const COUNTED = 'SELECT split, sum(rows) AS rows FROM split_blocks GROUP BY split';

/** The same rows by other ids, as a relation with `id` and `__was` has them. What was said of members holds on. */
export async function renumberMembers(database: Database, relation: string): Promise<void> {
  await database.run(
    `CREATE OR REPLACE TABLE ${SPLIT_ROWS} AS SELECT moved.id, parts.* EXCLUDE (id) FROM ${SPLIT_ROWS} AS parts ` +
      `JOIN ${relation} AS moved ON moved.__was = parts.id`,
  );
  await collectMembers(database, relation);
}

/**
 * Reads what the strategy decided. The sets wait in `split_members(split, block, bits)`.
 * @param rows SQL of a relation with all rows, also those that are in no split
 */
export async function collectMembers(database: Database, rows = KEPT): Promise<(split: number) => Members> {
  const row = await database.row(`SELECT coalesce(max(id), 0) AS last FROM ${rows}`);
  const last = Number(row['last']);
  await database.run(
    `CREATE OR REPLACE TABLE split_members AS SELECT split, id >> ${BLOCK_BITS} AS block, ` +
      `bitstring_agg((id & ${IN_BLOCK})::INTEGER, 0, ${Math.min(last, IN_BLOCK)}) AS bits FROM ${SPLIT_ROWS} GROUP BY ALL`,
  );
  // Of all splits at once: their files are then begun without reading the rows for each of them.
  await database.run(`CREATE OR REPLACE TABLE split_blocks AS ${blocksOf(SPLIT_ROWS, 'split')}`);
  const blocks = Array.from({ length: Math.floor(last / (IN_BLOCK + 1)) + 1 }, (_, block) => block);
  const variable = (split: number, block: number) => `split_bits_${split}_${block}`;
  const bits = (split: number, block: number) =>
    `(SELECT bits FROM split_members WHERE split = ${split} AND block = ${block})`;
  const isMember = (split: number, block: number) =>
    `get_bit(getvariable(${text(variable(split, block))}), (id & ${IN_BLOCK})::INTEGER) = 1`;
  return (split) => {
    const cases = blocks.map((block) => `WHEN ${block} THEN ${isMember(split, block)}`);
    const condition = blocks.length === 1 ? isMember(split, 0) : `CASE id >> ${BLOCK_BITS} ${cases.join(' ')} END`;
    return {
      prepare: blocks.map((block) => `SET VARIABLE ${variable(split, block)} = ${bits(split, block)}`).join('; '),
      condition,
      relation: `(SELECT * FROM ${KEPT} WHERE ${condition})`,
      blocks: `SELECT block, rows FROM split_blocks WHERE split = ${split}`,
    };
  };
}
