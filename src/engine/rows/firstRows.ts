/** A few rows from here and there, had in a moment however many there are. */
import { open as openFile } from 'node:fs/promises';
import type { Database } from '../duckdb';
import { castColumns, uniteColumns } from '../schema';
import { openSource, USUAL_RECORD_BYTES, type SourceFile } from '../sources';
import { detectCompression } from '../text';
import type { TargetFiles } from './filesOf';
import { heldRows } from './heldRows';
import type { OpenRowsContext } from './openRows';
import type { Rows } from './rows';

const FIRST = 'first_rows';
/** Of all blocks together, or of the beginning of a text. */
const ROWS_AT_MOST = 4000;
/** Of ten gigabytes each takes a tenth of a second, before anybody sees anything. */
const BLOCKS = 2;

/**
 * Blocks of neighbours, spread over where reading can begin.
 * @param beginnings positions of the first rows of row groups
 */
export async function firstOfParquet(database: Database, rows: Rows, beginnings: readonly number[]): Promise<Rows> {
  const spread = Array.from(
    { length: BLOCKS },
    (_, block) => beginnings[Math.floor((block * beginnings.length) / BLOCKS)] ?? 0,
  );
  const each = ROWS_AT_MOST / BLOCKS;
  // The limit ends the reading of a row group once the block is there.
  const apart = spread.filter((start, block) => block === 0 || start >= (spread[block - 1] ?? 0) + each);
  const blocks = apart.map((start) => `WHERE ${rows.between(start, start + each - 1)} LIMIT ${each}`);
  return heldRows(database, rows, FIRST, blocks);
}

interface FirstOfText {
  readonly rows: Omit<Rows, 'files' | 'mediaFolders' | 'assertUnchanged'>;
  readonly total: number;
  readonly estimated: boolean;
}

/**
 * The first rows of the first file; its columns and types may turn out otherwise once all is read. How many rows there
 * are is estimated from their share of the bytes.
 */
export async function firstOfText(
  { files, schema, splits }: TargetFiles,
  dataset: string,
  { database, scratch, signal }: OpenRowsContext,
): Promise<FirstOfText | undefined> {
  const [file] = files;
  if (!file || splits || (await isPacked(file))) return undefined;
  const declared = new Map(Object.entries(schema.columns).flatMap(([name, { type }]) => (type ? [[name, type]] : [])));
  const reading = { parseValues: false, maxRecordBytes: USUAL_RECORD_BYTES, mixedNewlines: new Map<string, string>() };
  const { reader: _, ...opened } = await openSource(file, { database, dataset, scratch, declared, signal, ...reading });
  if (opened.text?.normalized !== false) return undefined;
  const glance = `(SELECT * FROM ${opened.head ?? opened.glance} LIMIT ${ROWS_AT_MOST})`;
  const source = { ...opened, glance };
  const { columns } = await uniteColumns(database, [source], schema, dataset);
  const values = columns.map(({ id }) => `${id}, `).join('');
  const { inner } = castColumns(source, columns);
  await database.run(
    `CREATE TABLE ${FIRST} AS SELECT ${values}row_number() OVER () - 1 AS __row FROM (SELECT ${inner.join(', ')} FROM ${glance})`,
  );
  const { held: counted } = await database.row(`SELECT count(*) AS held FROM ${FIRST}`);
  const held = Number(counted);
  const { bytes } = await database.row(
    `SELECT coalesce(avg(strlen(${opened.rawText ?? 'NULL'}) + 1), 0)::DOUBLE AS bytes FROM ${glance}`,
  );
  const rowBytes = opened.facts?.lineBytes ?? Number(bytes);
  const total = files.reduce((sum, each) => sum + each.bytes, 0) / Math.max(1, rowBytes);
  const rows = {
    relation: FIRST,
    columns,
    rows: held,
    stored: 'table' as const,
    splits: [],
    findings: [],
    between: (first: number, last: number) => `__row BETWEEN ${first} AND ${last}`,
    locate: () => Promise.resolve([]),
  };
  return held < ROWS_AT_MOST ? undefined : { rows, total: Math.max(held, Math.round(total)), estimated: true };
}

/** To look into it all of it would have to be unpacked. */
async function isPacked({ path, name }: SourceFile): Promise<boolean> {
  const handle = await openFile(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(16), position: 0 });
    return detectCompression(name, buffer.subarray(0, bytesRead)).codec !== 'none';
  } finally {
    await handle.close();
  }
}
