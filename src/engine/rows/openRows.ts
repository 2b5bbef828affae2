/** Opens the rows of a target: text is read into a table, Parquet stays where it is behind a view. */
import { open as openFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Database } from '../duckdb';
import { eachOf } from '../eachOf';
import { WatchedFiles } from '../incremental';
import { detectFormat } from '../text';
import type { SourceFile } from '../sources';
import { isReadersComplaint, type Guess } from '../staging';
import { filesOf, type TargetFiles } from './filesOf';
import { firstOfParquet, firstOfText } from './firstRows';
import { mediaRows } from './mediaRows';
import { viewParquet } from './parquet';
import { readText } from './readText';
import type { Rows, RowsTarget } from './rows';

export interface OpenRowsContext {
  readonly database: Database;
  /** A folder for copies and for what the engine spills; removed by whoever made it. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Share of the bytes that are read, 0–1, and the file that is being read. */
  readonly onProgress: (fraction: number, file: string) => void;
  /** How types that texts do not declare are found; absent: `tested`. */
  readonly guess?: Guess;
  /** Given some of the rows where there are so many that all of them take a while; what comes after waits for it. */
  readonly onFirst?: (first: FirstRows) => Promise<void>;
}

export interface FirstRows {
  readonly rows: Rows;
  /** How many there are in all. */
  readonly total: number;
  /** Whether that is an estimate. */
  readonly estimated: boolean;
}

/** Smaller data is read before anybody could look at a part of it. */
const MUCH_BYTES = { text: 256e6, parquet: 64e6 };

/** What text and Parquet have in common once they are open. */
export type OpenedRows = Pick<
  Rows,
  'relation' | 'columns' | 'rows' | 'stored' | 'findings' | 'between' | 'locate' | 'release'
> & {
  /** Of each file, in their order. */
  readonly rowsOfFiles: readonly number[];
  /** Positions in Parquet files where reading can begin without what is before. */
  readonly beginnings?: readonly number[];
};

/**
 * Opens the rows of a target; of one database only once. Throws what finding and reading the files throws, such as
 * `source-not-found`, `source-empty` and `source-unreadable`. A cell that is none of its declared type is null, with a finding.
 */
export async function openRows(target: RowsTarget, context: OpenRowsContext): Promise<Rows> {
  if (target.of === 'files' && target.media) return mediaRows(target.media, target.folder, context.database);
  const found = await filesOf(target, context.signal);
  const watched = await WatchedFiles.watch(found.files);
  try {
    return await openFound(target, found, watched, context);
  } catch (error) {
    // What fails because somebody writes to the files is about that.
    if (!context.signal.aborted) await watched.refuseChanged(target.name);
    throw error;
  }
}

async function openFound(
  target: RowsTarget,
  found: TargetFiles,
  watched: WatchedFiles,
  context: OpenRowsContext,
): Promise<Rows> {
  const typed = await eachOf(found.files, isTyped);
  const isParquet = typed.every(Boolean);
  const more = {
    files: found.files.map(({ name, bytes }) => ({ path: name, bytes })),
    mediaFolders: mediaFolders(target, found.files),
    assertUnchanged: () => watched.refuseChanged(target.name),
  };
  const bytes = found.files.reduce((sum, file) => sum + file.bytes, 0);
  const onFirst = bytes > MUCH_BYTES[isParquet ? 'parquet' : 'text'] ? context.onFirst : undefined;
  if (onFirst && !isParquet) {
    // What the reader cannot take as it stands is told of when all is read.
    const first = await firstOfText(found, target.name, context).catch((error: unknown) => {
      if (!isReadersComplaint(error)) throw error;
      return undefined;
    });
    if (first) await onFirst({ ...first, rows: { ...first.rows, ...more } });
  }
  const read = isParquet ? viewParquet : readText;
  const { rowsOfFiles, beginnings, ...opened } = await read(found, target.name, context);
  const rows = { ...opened, splits: splitsOf(found, rowsOfFiles), ...more };
  if (onFirst && beginnings) {
    const first = await firstOfParquet(context.database, rows, beginnings);
    await onFirst({ rows: first, total: rows.rows, estimated: false });
  }
  return rows;
}

function splitsOf({ splits = [] }: TargetFiles, rows: readonly number[]): Rows['splits'] {
  const names = [...new Set(splits)];
  return names.map((name) => ({
    name,
    rows: splits.reduce((sum, split, index) => sum + (split === name ? (rows[index] ?? 0) : 0), 0),
  }));
}

/** Paths in data are relative to the file that names them; those in a build still are as its inputs had them. */
function mediaFolders(target: RowsTarget, files: readonly SourceFile[]): string[] {
  const folders = files.map(({ path }) => dirname(path));
  if (target.of !== 'build') return [...new Set([...folders, target.folder])];
  const { configFolder, manifest } = target;
  const inputs = configFolder === undefined ? [] : manifest.inputs.map(({ path }) => dirname(join(configFolder, path)));
  return [...new Set([...inputs, ...(configFolder === undefined ? [] : [configFolder]), ...folders])];
}

/** Whether a file tells the types of its columns itself. */
async function isTyped({ path, format }: SourceFile): Promise<boolean> {
  if (format !== undefined) return format === 'parquet' || format === 'arrow';
  const handle = await openFile(path, 'r').catch(() => undefined);
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(1 << 12), position: 0 });
    const detected = detectFormat(path, buffer.subarray(0, bytesRead)).format;
    return detected === 'parquet' || detected === 'arrow';
  } finally {
    await handle.close();
  }
}
