/** A small file of this machine with the first rows of a file on a server. */
import { writeFile } from 'node:fs/promises';
import { isArchive } from '../archive';
import type { Database } from '../duckdb';
import { scratchPath, type SourceFile } from '../sources';
import { detectCompression, detectFormat } from '../text';
import { sizeOf } from '../words';
import { MldataError, type SourceFormat } from '../../protocol';
import { endOfRecords, wholeElements } from './cut';
import { firstMember, piecesOf } from './members';
import { parquetSample } from './parquet';
import type { RemoteBytes } from './remoteBytes';
import { unpackedBeginning } from './unpacked';

export interface SampleContext {
  readonly database: Database;
  /** A folder for what is read; removed by whoever made it. */
  readonly scratch: string;
  /** Rows that are wanted. */
  readonly most: number;
  readonly signal: AbortSignal;
}

export interface Sample {
  readonly file: SourceFile;
  /** The member of an archive that it is of. */
  readonly member?: string;
  /** Whether the file has more rows than the sample. */
  readonly isCut: boolean;
  /** Rows of the file, where it says so itself. */
  readonly total?: number;
  readonly unread?: readonly string[];
}

/** The beginning of a file, or of a member of an archive. */
interface Beginning {
  /** By its ending it is told what it is. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

const FIRST_BYTES = 1 << 20;
/** For records longer than that. */
const MORE_BYTES = 8 << 20;
/** What can be read as a whole only is, up to here. */
const WHOLE_BYTES = 16 << 20;

/**
 * Throws `peek-too-large` for what can be read as a whole only and is large, `source-empty`, `source-corrupt`, `archive-empty`,
 * `archive-damaged`, `archive-unsafe`, and what reading throws.
 */
export async function sampleOf(bytes: RemoteBytes, context: SampleContext): Promise<Sample> {
  const { pathname } = new URL(bytes.name.replace(/\?\u2026$/, ''), 'file:///');
  const looksBinary = /\.(zip|parquet|parq|pq|pqt)$/i.test(pathname);
  const head = await bytes.read(0, looksBinary ? 12 : FIRST_BYTES);
  if (head.length === 0) throw empty(bytes.name);
  if (isArchive(pathname)) return ofArchive(bytes, head, pathname, context);
  const beginning = { name: pathname, bytes: head, isWhole: head.length === bytes.total };
  if (formatOf(beginning) === 'parquet') return ofParquet(bytes, beginning, context);
  return ofBeginning(beginning, context, async (length) => {
    const longer = await bytes.read(0, length);
    return { ...beginning, bytes: longer, isWhole: longer.length === bytes.total };
  });
}

function formatOf({ name, bytes }: Beginning): SourceFormat | undefined {
  return detectFormat(name, bytes).format;
}

async function ofArchive(bytes: RemoteBytes, head: Buffer, name: string, context: SampleContext): Promise<Sample> {
  const { codec } = detectCompression(name, head);
  const { scratch, signal } = context;
  const content = async function* (): AsyncGenerator<Buffer> {
    if (codec === 'none') yield* piecesOf(bytes, head);
    else yield await unpackedBeginning(head, codec, scratch, signal);
  };
  const member = await firstMember(bytes, name, WHOLE_BYTES, content);
  const sample = await ofBeginning(member, context, () => Promise.resolve(member));
  return { ...sample, member: member.name };
}

async function ofParquet(bytes: RemoteBytes, beginning: Beginning, context: SampleContext): Promise<Sample> {
  if (bytes.total === undefined) return ofBeginning(await whole(bytes, beginning), context, fails);
  const { path, total, unread } = await parquetSample(bytes, bytes.total, context.most, context).catch(
    async (error: unknown) => {
      const isSmall = (bytes.total ?? Infinity) <= WHOLE_BYTES;
      if (!(error instanceof MldataError) || error.code !== 'range-refused' || !isSmall) throw error;
      const { file } = await ofBeginning(await whole(bytes, beginning), context, fails);
      return { path: file.path, total: undefined, unread: [] };
    },
  );
  return {
    file: { path, name: bytes.name, bytes: 0, format: 'parquet', options: {} },
    isCut: total === undefined ? false : total > context.most,
    ...(total !== undefined && { total }),
    ...(unread.length > 0 && { unread }),
  };
}

/** @param more reads on, for records that are longer than what was read at first */
async function ofBeginning(
  beginning: Beginning,
  context: SampleContext,
  more: (length: number) => Promise<Beginning>,
): Promise<Sample> {
  const { name, bytes, isWhole } = beginning;
  const { scratch, signal } = context;
  if (bytes.length === 0) throw empty(name);
  const { codec } = detectCompression(name, bytes);
  const content = codec === 'none' ? bytes : await unpackedBeginning(bytes, codec, scratch, signal);
  const format = detectFormat(name, content).format;
  const kept = isWhole ? content : cut(content, format);
  if (kept !== undefined) {
    const path = scratchPath(scratch);
    await writeFile(path, kept, { flag: 'wx' });
    // What is unpacked no longer is what the ending says.
    const plain = codec === 'none' ? name : name.replace(/\.\w+$/, '');
    const file = { path, name: plain, bytes: kept.length, options: {}, ...(format && { format }) };
    return { file, isCut: !isWhole };
  }
  const length = format === 'arrow' || format === 'parquet' ? WHOLE_BYTES : MORE_BYTES;
  if (bytes.length >= length) throw onlyWhole(name);
  const longer = await more(length);
  // Nothing more came: there is none, or no more is read.
  if (longer.bytes.length <= bytes.length && !longer.isWhole) throw onlyWhole(name);
  return ofBeginning(longer, context, fails);
}

/** The records that are there as a whole; undefined where none is, or where only all of it can be read. */
function cut(content: Buffer, format: SourceFormat | undefined): Buffer | undefined {
  if (format === 'arrow' || format === 'parquet') return undefined;
  if (format === 'json') return wholeElements(content);
  const end = endOfRecords(content, format);
  return end === 0 ? undefined : content.subarray(0, end);
}

async function whole(bytes: RemoteBytes, beginning: Beginning): Promise<Beginning> {
  const all = await bytes.read(0, WHOLE_BYTES);
  if (all.length !== bytes.total) throw onlyWhole(bytes.name);
  return { ...beginning, bytes: all, isWhole: true };
}

function fails(): Promise<never> {
  return Promise.reject(new Error('There is nothing more to read'));
}

function empty(name: string): MldataError {
  return new MldataError('buildFailed', 'source-empty', `${name} is empty. Name another file, or fill it.`);
}

function onlyWhole(name: string): MldataError {
  return new MldataError(
    'network',
    'peek-too-large',
    `${name} can be read as a whole only, and is more than the ${sizeOf(WHOLE_BYTES)} that a look may take. Add it without one, or fetch it.`,
  );
}
