/** What the files are like that a column names: of a bounded number of them, the same ones each time. */
import { eachOf } from '../eachOf';
import { literal, text, type Database } from '../duckdb';
import { mediaFinder, type MediaFile } from '../media';
import type { StageColumn } from '../schema';
import { cancelled, type Sampled } from '../../protocol';

type Found = Extract<MediaFile, { state: 'found' }>;

/** More files than that are described by as many of them; each recording is decoded. */
export const MOST_IMAGES = 1000;
export const MOST_RECORDINGS = 100;

export interface MediaContext {
  readonly database: Pick<Database, 'rows' | 'row'>;
  readonly relation: string;
  /** Of the sample. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Folders from which a path in the data may start, absolute. */
  readonly mediaFolders: readonly string[];
}

export interface Looked<T> {
  readonly sampled?: Sampled;
  readonly missing: number;
  readonly unreadable: number;
  /** In an order that depends on the names and the seed only. */
  readonly files: readonly (T & { readonly bytes: number })[];
}

/**
 * Looks at the files that the different values of a column name: at all of them, or at those `atMost` whose names come
 * first by a hash with the seed.
 * @param look undefined where the file is not what it should be
 */
export async function lookAtFiles<T>(
  context: MediaContext,
  { id }: StageColumn,
  atMost: number,
  look: (file: Found) => Promise<T | undefined>,
): Promise<Looked<T>> {
  const { database, relation, seed, signal, mediaFolders } = context;
  const names = `SELECT DISTINCT CAST(${id} AS VARCHAR) AS name FROM ${relation} WHERE ${id} IS NOT NULL`;
  const { of } = await database.row(`SELECT count(*) AS of FROM (${names})`);
  const rows = await database.rows(
    `SELECT name FROM (${names}) ORDER BY md5_number(concat(${text(`${seed}|`)}, name)), name LIMIT ${literal(atMost)}`,
  );
  const find = mediaFinder(mediaFolders);
  const looks = await eachOf(rows, async ({ name }) => {
    if (signal.aborted) throw cancelled();
    const file = await find(String(name));
    if (file.state !== 'found') return file.state;
    const found = await look(file);
    return found ? { ...found, bytes: file.bytes } : 'unreadable';
  });
  const count = Number(of);
  return {
    ...(count > rows.length && { sampled: { values: rows.length, of: count, seed } }),
    missing: looks.filter((found) => found === 'missing').length,
    unreadable: looks.filter((found) => found === 'unreadable').length,
    files: looks.filter((found) => typeof found === 'object'),
  };
}
