/**
 * The rows of each split as sets of bits. A filter by them reads the staged table once more per split, and that is all;
 * a join with the ids would hash every one of them.
 */
import type { Database } from '../../duckdb';
import { KEPT } from '../stage';
import { SPLIT_ROWS } from './part';

/** Bits of an id that are its place within a block of rows: sets stay small, and the engine's have an INTEGER index. */
const BLOCK_BITS = 20;
const IN_BLOCK = 2 ** BLOCK_BITS - 1;

/** Fills `split_members(split, block, bits)` from what the strategy decided. */
export async function collectMembers(database: Database): Promise<void> {
  await database.run(
    `CREATE OR REPLACE TABLE split_members AS SELECT split, id >> ${BLOCK_BITS} AS block, ` +
      `bitstring_agg(id & ${IN_BLOCK}, 0, ${IN_BLOCK}) AS bits FROM ${SPLIT_ROWS} GROUP BY ALL`,
  );
}

/** SQL of a relation with the kept rows of a split, in no particular order. */
export function membersOf(split: number): string {
  return (
    `(SELECT ${KEPT}.* FROM ${KEPT} JOIN (SELECT block, bits FROM split_members WHERE split = ${split}) AS members ` +
    `ON members.block = id >> ${BLOCK_BITS} WHERE get_bit(bits, (id & ${IN_BLOCK})::INTEGER) = 1)`
  );
}
