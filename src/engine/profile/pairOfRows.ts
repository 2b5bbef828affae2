/** Two columns of a target's rows against each other. Runs in a job process of its own. */
import { join } from 'node:path';
import { Database } from '../duckdb';
import { engineMemory, type Limits } from '../limits';
import { openRows, type Rows, type RowsTarget } from '../rows';
import type { StageColumn } from '../schema';
import { MldataError, type DatasetSpec, type Pair } from '../../protocol';
import { pairOf } from './pairs/pair';

export interface PairJob extends Limits {
  readonly spec: Pick<DatasetSpec, 'name'>;
  readonly target: RowsTarget;
  /** Absolute; removed by whoever made it. */
  readonly scratch: string;
  readonly a: string;
  readonly b: string;
}

/** Throws `column-unknown`, and what opening the rows throws. */
export async function pairOfRows(job: PairJob, signal: AbortSignal): Promise<Pair> {
  const { target, scratch, a, b } = job;
  const database = await Database.open({
    threads: job.threads,
    memoryLimit: engineMemory(job.memoryLimit),
    spillFolder: join(scratch, 'spill'),
    signal,
  });
  try {
    const rows = await openRows(target, { database, scratch, signal, onProgress: () => undefined });
    const pair = await pairOf({ database, relation: rows.relation }, columnOf(rows, a), columnOf(rows, b));
    await rows.assertUnchanged();
    return pair;
  } finally {
    database.close();
  }
}

function columnOf({ columns }: Rows, name: string): StageColumn {
  const column = columns.find((each) => each.name === name);
  if (column) return column;
  const known = columns.slice(0, 10).map((each) => each.name);
  throw new MldataError('usage', 'column-unknown', `There is no column ${name}. There are ${known.join(', ')}.`);
}
