/** Holds the rows of two builds against each other. Runs in a job process of its own. */
import { join } from 'node:path';
import { Database } from '../duckdb';
import type { Limits } from '../limits';
import type { DiffData } from '../../protocol';
import { columnChanges } from './columns';
import { commonColumns } from './compare';
import { labelChanges, labelColumn } from './labels';
import { rowChanges } from './rows';
import { readSide, type Side } from './side';

export interface DiffJob extends Limits {
  /** How errors name it. */
  readonly spec: { readonly name: string };
  readonly before: Side;
  readonly after: Side;
  readonly scratch: string;
  /** Samples of each kind. */
  readonly rows: number;
}

/** Throws what reading the files throws. */
export async function diffBuilds(job: DiffJob, signal: AbortSignal): Promise<DiffData> {
  const { scratch, threads, memoryLimit } = job;
  const database = await Database.open({ threads, memoryLimit, spillFolder: join(scratch, 'spill'), signal });
  try {
    const context = { database, scratch, signal };
    const before = await readSide('rows_before', job.before, context);
    const after = await readSide('rows_after', job.after, context);
    await database.confine([scratch], []);
    const manifests = { before: job.before.manifest, after: job.after.manifest };
    const label = labelColumn(manifests.after) ?? labelColumn(manifests.before);
    const labels = label === undefined ? undefined : await labelChanges(database, before, after, label);
    const common = commonColumns(before, after);
    return {
      ...(labels && { labels }),
      columns: await columnChanges(database, before, after, common),
      rows: await rowChanges(database, { before, after, common }, manifests, job.rows),
    };
  } finally {
    database.close();
  }
}
