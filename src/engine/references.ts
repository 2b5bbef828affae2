/** The rows of datasets that foreign keys of another one name. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReferencedRows } from './checks';
import type { Database } from './duckdb';
import { openRows, type RowsTarget } from './rows';

/** By the names of the datasets; those that are not built are left out. Plain JSON. */
export type References = Readonly<Record<string, RowsTarget>>;

export interface OpenedReferences {
  readonly rows: ReadonlyMap<string, ReferencedRows>;
  /** Absolute paths of what is read when the rows are. */
  readonly files: readonly string[];
}

/**
 * Opens them beside the rows that name them, each in a schema of its own. Throws what reading the files throws.
 * @param prefix of the names of those schemas; two calls for one database need two
 */
export async function openReferences(
  references: References,
  { database, scratch, signal }: { database: Database; scratch: string; signal: AbortSignal },
  prefix = 'reference',
): Promise<OpenedReferences> {
  const rows = new Map<string, ReferencedRows>();
  const files: string[] = [];
  for (const [index, [name, target]] of Object.entries(references).entries()) {
    const place = `${prefix}_${index}`;
    const folder = join(scratch, place);
    await mkdir(folder);
    const session = await database.connect();
    try {
      await session.run(`CREATE SCHEMA ${place}; SET schema = '${place}'`);
      const opened = await openRows(target, {
        database: session,
        scratch: folder,
        signal,
        onProgress: () => undefined,
      });
      rows.set(name, { relation: `${place}.${opened.relation}`, columns: opened.columns });
      if (target.of === 'build') files.push(...Object.values(target.files));
    } finally {
      session.close();
    }
  }
  return { rows, files };
}
