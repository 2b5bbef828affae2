/** The first rows of a Parquet file on a server: its footer says where they lie, and only there it is read. */
import { open } from 'node:fs/promises';
import { MldataError } from '../../protocol';
import { identifier, pathLiteral, targetLiteral, type Database } from '../duckdb';
import { scratchPath } from '../sources';
import type { RemoteBytes } from './remoteBytes';

export interface ParquetSample {
  /** A Parquet file of the first rows. */
  readonly path: string;
  /** Rows of the file. */
  readonly total: number;
  /** Columns that are too large to be read for a look. */
  readonly unread: readonly string[];
}

/** One column of the first row groups. */
interface Chunks {
  readonly name: string;
  readonly ranges: readonly (readonly [start: number, end: number])[];
  readonly bytes: number;
}

const MAGIC = 'PAR1';
/** As many bytes as are read at once, where most footers lie. */
const TAIL_BYTES = 1 << 16;
const MOST_FOOTER = 16 << 20;
const MOST_VALUES = 16 << 20;
/** What lies between two ranges is read along where asking twice would take longer. */
const GAP_BYTES = 1 << 16;

/**
 * Throws `source-corrupt` for what is no whole Parquet file, `peek-too-large`, and what reading throws.
 * @param total of the file, bytes
 */
export async function parquetSample(
  bytes: RemoteBytes,
  total: number,
  most: number,
  { database, scratch }: { readonly database: Database; readonly scratch: string },
): Promise<ParquetSample> {
  const footer = await footerOf(bytes, total);
  // Of its full length, so that everything lies where the footer says; where nothing is written, no disk is taken.
  const holes = scratchPath(scratch, '.parquet');
  const file = await open(holes, 'wx');
  try {
    await file.truncate(total);
    await file.write(footer, 0, footer.length, total - footer.length);
    const { columns, rows } = await firstChunks(database, holes, most);
    const read = affordable(columns);
    for (const [start, end] of merged(read.flatMap(({ ranges }) => ranges))) {
      const values = await bytes.read(start, end - start);
      await file.write(values, 0, values.length, start);
    }
    const known = new Set(read.map(({ name }) => name));
    const described = await database.describe(`SELECT * FROM read_parquet(${pathLiteral(holes)})`);
    const values = described.map(({ name, type }) =>
      known.has(name) ? identifier(name) : `CAST(NULL AS ${type}) AS ${identifier(name)}`,
    );
    const path = scratchPath(scratch, '.parquet');
    const limit = known.size === 0 ? 0 : Math.min(most, rows);
    // By one thread: another one would go ahead, to where nothing was read.
    await database.inOrder(() =>
      database.run(
        `COPY (SELECT ${values.join(', ')} FROM read_parquet(${pathLiteral(holes)}) LIMIT ${limit}) TO ${targetLiteral(path)} (FORMAT parquet)`,
      ),
    );
    const { n } = await database.row(`SELECT num_rows AS n FROM parquet_file_metadata(${pathLiteral(holes)})`);
    return { path, total: Number(n), unread: described.map(({ name }) => name).filter((name) => !known.has(name)) };
  } finally {
    await file.close();
  }
}

/** With what follows it: the end of the file. */
async function footerOf(bytes: RemoteBytes, total: number): Promise<Buffer> {
  const tail = await bytes.read(Math.max(0, total - TAIL_BYTES), Math.min(total, TAIL_BYTES));
  const length = tail.length < 12 ? 0 : tail.readUInt32LE(tail.length - 8) + 8;
  if (length === 0 || tail.subarray(-4).toString('latin1') !== MAGIC || length > total - 4) throw damaged(bytes.name);
  if (length > MOST_FOOTER) throw tooLarge(bytes.name);
  if (length <= tail.length) return tail.subarray(-length);
  const before = await bytes.read(total - length, length - tail.length);
  return Buffer.concat([before, tail]);
}

/** Where the columns of the first row groups lie, and how many rows those have. */
async function firstChunks(
  database: Database,
  path: string,
  most: number,
): Promise<{ columns: Chunks[]; rows: number }> {
  const names = await columnsOfLeaves(database, path);
  const found = await database.rows(
    'SELECT row_group_id AS g, row_group_num_rows AS rows, column_id AS leaf, total_compressed_size AS bytes, ' +
      'least(data_page_offset, coalesce(nullif(dictionary_page_offset, 0), data_page_offset)) AS start ' +
      `FROM parquet_metadata(${pathLiteral(path)}) WHERE row_group_num_rows > 0 ORDER BY g, leaf`,
  );
  const columns = new Map(names.map((name): [string, [number, number][]] => [name, []]));
  let rows = 0;
  let group: unknown;
  for (const { g, rows: ofGroup, leaf, bytes, start } of found) {
    if (g !== group) {
      if (rows >= most) break;
      group = g;
      rows += Number(ofGroup);
    }
    columns.get(names[Number(leaf)] ?? '')?.push([Number(start), Number(start) + Number(bytes)]);
  }
  const sizes = [...columns].map(([name, ranges]) => ({
    ...{ name, ranges },
    bytes: ranges.reduce((sum, [start, end]) => sum + end - start, 0),
  }));
  return { columns: sizes, rows };
}

/** The column that each of the values on the lowest level belongs to: those of nested columns are several. */
async function columnsOfLeaves(database: Database, path: string): Promise<string[]> {
  const [root, ...nodes] = await database.rows(
    `SELECT name, coalesce(num_children, 0) AS children FROM parquet_schema(${pathLiteral(path)})`,
  );
  const leaves: string[] = [];
  // How many are still to come on each level below the root.
  const open: number[] = [Number(root?.['children'] ?? 0)];
  let column = '';
  for (const { name, children } of nodes) {
    if (open.length === 1) column = String(name);
    open.push((open.pop() as number) - 1);
    if (Number(children) > 0) open.push(Number(children));
    else leaves.push(column);
    while (open.length > 1 && open.at(-1) === 0) open.pop();
  }
  return leaves;
}

/** The small ones first, so that one column of pictures hides no other. */
function affordable(columns: readonly Chunks[]): Chunks[] {
  let left = MOST_VALUES;
  return [...columns]
    .sort((a, b) => a.bytes - b.bytes)
    .filter(({ bytes }) => {
      left -= bytes;
      return left >= 0;
    });
}

function merged(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const all: [number, number][] = [];
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (last && start - last[1] <= GAP_BYTES) last[1] = Math.max(last[1], end);
    else if (end > start) all.push([start, end]);
  }
  return all;
}

function damaged(name: string): MldataError {
  return new MldataError(
    'buildFailed',
    'source-corrupt',
    `${name} is no whole Parquet file: it does not end as one. Write or upload it again.`,
  );
}

function tooLarge(name: string): MldataError {
  return new MldataError(
    'network',
    'peek-too-large',
    `What ${name} says of itself is more than a look may read. Add it without one, or fetch it.`,
  );
}
