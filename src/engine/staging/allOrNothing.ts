/** Statements that leave nothing behind when they come to nothing. */
import type { Database } from '../duckdb';

/** Keeps what `work` did, unless it comes to undefined or throws. */
export async function allOrNothing<T>(database: Database, work: () => Promise<T | undefined>): Promise<T | undefined> {
  await database.run('BEGIN TRANSACTION');
  let result: T | undefined;
  try {
    result = await work();
  } finally {
    // A database that was cancelled is thrown away.
    if (result === undefined) await database.run('ROLLBACK').catch(() => undefined);
  }
  if (result !== undefined) await database.run('COMMIT');
  return result;
}
