/** The first rows of some files as tables: however large the files are, it takes a moment. */
import { open as createFile } from 'node:fs/promises';
import type { Database } from '../duckdb';
import {
  openSource,
  scratchPath,
  USUAL_RECORD_BYTES,
  type OpenContext,
  type OpenSource,
  type SourceFile,
} from '../sources';
import { evenly } from '../staging';
import { detectCompression, detectEncoding, detectFormat, openForReading, readAt, readDecompressed } from '../text';
import type { Encoding, TableSchema } from '../../protocol';

export interface LookContext {
  readonly database: Database;
  readonly dataset: string;
  readonly schema: TableSchema;
  /** A folder for copies; removed by whoever made it. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

export interface FirstRows {
  /** Each with a table in the place of its file. */
  readonly sources: readonly OpenSource[];
  /** Whether these are all the rows of all the files. */
  readonly whole: boolean;
  /** Whether the files have no columns but those of `sources`. */
  readonly allColumns: boolean;
}

const MOST_FILES = 20;
/** Of text: more is not copied, nor gone through. */
const MOST_BYTES = 32 << 20;
const MOST_ROWS = 100_000;
const MOST_CELLS = 4_000_000;

/** Throws what opening the files throws. */
export async function firstRowsOf(files: readonly SourceFile[], context: LookContext): Promise<FirstRows> {
  const beginnings: Beginning[] = [];
  for (const file of files.slice(0, MOST_FILES)) {
    const beginning = await beginningOf(file, context);
    if (beginning !== undefined) beginnings.push(beginning);
  }
  const isAll = beginnings.length === files.length;
  return evenly((reading, onOpen) => readFirst(beginnings, isAll, context, reading, onOpen), context.signal);
}

async function readFirst(
  beginnings: readonly Beginning[],
  isAll: boolean,
  { database, dataset, scratch, signal, schema }: LookContext,
  { mixedNewlines }: Pick<OpenContext, 'mixedNewlines'>,
  onOpen: (source: OpenSource) => void,
): Promise<FirstRows> {
  const declared = new Map(Object.entries(schema.columns).flatMap(([name, { type }]) => (type ? [[name, type]] : [])));
  const opening = { database, dataset, scratch, declared, signal, parseValues: false, mixedNewlines };
  const opened: { readonly source: OpenSource; readonly isCut: boolean }[] = [];
  for (const { file, isCut } of beginnings) {
    const source = await openSource(file, { ...opening, maxRecordBytes: USUAL_RECORD_BYTES });
    onOpen(source);
    opened.push({ source, isCut });
  }
  const width = Math.max(1, ...opened.map(({ source }) => source.columns.length));
  const room = Math.min(MOST_ROWS, Math.ceil(MOST_CELLS / width));
  const limit = Math.ceil(room / Math.max(1, opened.length));
  const sources: OpenSource[] = [];
  let [whole, allColumns] = [isAll, isAll];
  for (const [index, { source, isCut }] of opened.entries()) {
    const table = `first_${index}`;
    const { head, reader: _, ...rest } = source;
    await database.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${head ?? source.glance} LIMIT ${limit}`);
    const { rows } = await database.row(`SELECT count(*) AS rows FROM ${table}`);
    sources.push({ ...rest, relation: table, glance: table });
    whole &&= Number(rows) < limit && !isCut;
    // A later line of JSON may have keys that no earlier one has.
    allColumns &&= !isCut || source.format !== 'jsonl';
  }
  return { sources, whole, allColumns };
}

interface Beginning {
  readonly file: SourceFile;
  readonly isCut: boolean;
}

/** The file, or a copy of its beginning where it is large; undefined for one that can only be read as a whole. */
async function beginningOf(file: SourceFile, { scratch, signal }: LookContext): Promise<Beginning | undefined> {
  const handle = await openForReading(file.path);
  const head = await readAt(handle, 0, 1 << 12).finally(() => handle.close());
  const { codec } = detectCompression(file.name, head);
  const format = file.format ?? detectFormat(file.name, codec === 'none' ? head : Buffer.alloc(0)).format;
  // The end of a Parquet file says where its rows lie; what is packed may be much more than it seems.
  if (format === 'parquet' || (codec === 'none' && file.bytes <= MOST_BYTES)) return { file, isCut: false };
  if (format === 'json' || format === 'arrow')
    return codec === 'none' || file.bytes > MOST_BYTES / 32 ? undefined : { file, isCut: false };
  const path = scratchPath(scratch);
  const { bytes, isCut } = await copyLines(file, path, codec, signal);
  return { file: { ...file, path, bytes }, isCut };
}

/** Copies the first lines of a file, unpacked. */
async function copyLines(
  file: SourceFile,
  path: string,
  codec: ReturnType<typeof detectCompression>['codec'],
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly isCut: boolean }> {
  const copy = await createFile(path, 'wx');
  let bytes = 0;
  let encoding = file.options.encoding;
  try {
    for await (const piece of readDecompressed(file.path, codec, signal)) {
      encoding ??= detectEncoding(piece, false);
      const room = MOST_BYTES - bytes;
      const isCut = piece.length >= room;
      const kept = isCut ? piece.subarray(0, endOfLines(piece.subarray(0, room), encoding, bytes)) : piece;
      await copy.write(kept);
      bytes += kept.length;
      if (isCut) return { bytes, isCut };
    }
    return { bytes, isCut: false };
  } finally {
    await copy.close();
  }
}

/** Where the last line that is there as a whole ends. */
export function endOfLines(piece: Buffer, encoding: Encoding, offset: number): number {
  const isWide = encoding.startsWith('utf-16');
  // The byte of a line feed may be half of another character.
  const lineFeed = encoding === 'utf-16le' ? [0x0a, 0] : isWide ? [0, 0x0a] : [0x0a];
  for (let at = piece.lastIndexOf(Buffer.from(lineFeed)); at >= 0;) {
    if (!isWide || (offset + at) % 2 === 0) return at + lineFeed.length;
    at = at === 0 ? -1 : piece.lastIndexOf(Buffer.from(lineFeed), at - 1);
  }
  return isWide ? piece.length - ((offset + piece.length) % 2) : piece.length;
}
