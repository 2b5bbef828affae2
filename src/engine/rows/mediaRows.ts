/** The files of a folder of images or recordings as rows: one column for each kind, which names them. */
import { resolve } from 'node:path';
import type { Database } from '../duckdb';
import type { MediaName } from '../media';
import { ROWS, type Rows } from './rows';

const kinds = ['image', 'audio'] as const;

/** @param folder absolute */
export async function mediaRows(files: readonly MediaName[], folder: string, database: Database): Promise<Rows> {
  const held = kinds.filter((kind) => files.some((file) => file.kind === kind));
  const ids = held.map((_, index) => `c${index}`);
  await database.run(`CREATE TABLE ${ROWS} (${ids.map((id) => `${id} VARCHAR, `).join('')}__row BIGINT)`);
  await database.append(
    ROWS,
    files.map(({ path, kind }, row) => [...held.map((each) => (each === kind ? path : null)), BigInt(row)]),
  );
  return {
    relation: ROWS,
    columns: held.map((kind, index) => ({
      ...{ name: kind, id: `c${index}`, type: kind, physicalType: 'VARCHAR', spec: { type: kind } },
    })),
    rows: files.length,
    stored: 'table',
    splits: [],
    files: files.map(({ path, bytes }) => ({ path, bytes })),
    mediaFolders: [folder],
    findings: [],
    between: (first, last) => `__row BETWEEN ${first} AND ${last}`,
    locate: (rows, texts) =>
      Promise.resolve(
        rows.flatMap((row, index) => {
          const file = files[Number(row)];
          const text = texts[index];
          return file ? [{ file: resolve(folder, file.path), ...(typeof text === 'string' && { text }) }] : [];
        }),
      ),
    // Each file is looked at by itself, when its turn comes.
    assertUnchanged: () => Promise.resolve(),
  };
}
