import { ByteBuffer } from 'flatbuffers';
import type { FileHandle } from 'node:fs/promises';
import { MAX_BATCH_BYTES } from './codec';
import { detectArrow } from './detect';
import type { ArrowForm } from './detect';
import * as fb from './flatbuffers';
import { readHeader, readMessage } from './message';
import type { ArrowMessage } from './message';
import { readSchema } from './schema';
import { Malformed, TooLarge } from './unreadable';

const MAGIC = 'ARROW1';
const TRUNCATED = 'it ends too early.';
/** What one system call may read. */
const MAX_READ_BYTES = 2 ** 30;
const MAX_METADATA_BYTES = 256 * 1024 * 1024;

export interface Located {
  readonly message: ArrowMessage;
  /** How far into the file this message reaches, in bytes. */
  readonly position: number;
}

/** Reads the head of a file and says which Arrow container it is. */
export async function formOf(file: FileHandle): Promise<ArrowForm | undefined> {
  const { size } = await file.stat();
  return detectArrow(await readExactly(file, 0, Math.min(size, 4096)));
}

/**
 * The messages of an Arrow file or stream in the order a stream has them: schema, dictionaries, batches. Holds one message at a time.
 * A damaged file throws {@link Malformed}.
 */
export async function* readMessages(file: FileHandle, form: 'file' | 'stream'): AsyncGenerator<Located> {
  const { size } = await file.stat();
  yield* form === 'file' ? readFileForm(file, size) : readStreamForm(file, size);
}

async function* readFileForm(file: FileHandle, size: number): AsyncGenerator<Located> {
  const tail = await readExactly(file, Math.max(0, size - 10), Math.min(10, size));
  if (tail.toString('latin1', 4) !== MAGIC) throw new Malformed(`${TRUNCATED.slice(0, -1)}: the footer is missing.`);
  const length = tail.readInt32LE(0);
  if (length < 8 || length > Math.min(size - 18, MAX_METADATA_BYTES)) throw new Malformed('its footer is damaged.');
  const footer = fb.Footer.getRootAsFooter(new ByteBuffer(await readExactly(file, size - 10 - length, length)));
  const schema = footer.schema();
  const [dictionaries, batches] = [footer.dictionariesLength(), footer.recordBatchesLength()];
  if (!schema || Math.max(dictionaries, batches) > length / 24) throw new Malformed('its footer is damaged.');
  yield { message: { kind: 'schema', schema: readSchema(schema) }, position: 0 };
  for (let i = 0; i < dictionaries; i++) yield* readBlock(file, size, footer.dictionaries(i));
  for (let i = 0; i < batches; i++) yield* readBlock(file, size, footer.recordBatches(i));
}

async function* readBlock(file: FileHandle, size: number, block: fb.Block | null): AsyncGenerator<Located> {
  const next = await readAt(file, size, Number(block?.offset() ?? -1n));
  if (!next?.message) throw new Malformed('its footer points to something that is no record batch.');
  yield { message: next.message, position: next.end };
}

async function* readStreamForm(file: FileHandle, size: number): AsyncGenerator<Located> {
  let position = 0;
  while (position < size) {
    const next = await readAt(file, size, position);
    if (!next) return;
    position = next.end;
    if (next.message) yield { message: next.message, position };
  }
}

/** The message at a place in the file, and where it ends; `undefined` at the end-of-stream marker. */
async function readAt(
  file: FileHandle,
  size: number,
  start: number,
): Promise<{ message: ArrowMessage | undefined; end: number } | undefined> {
  if (!(start >= 0 && start + 4 <= size)) throw new Malformed(TRUNCATED);
  const prefix = await readExactly(file, start, Math.min(8, size - start));
  // Arrow before 0.15 wrote the length alone, without the marker.
  const marked = prefix.readInt32LE(0) === -1;
  if (marked && prefix.length < 8) throw new Malformed(TRUNCATED);
  const length = prefix.readInt32LE(marked ? 4 : 0);
  if (length === 0) return undefined;
  const from = start + (marked ? 8 : 4);
  if (length < 0 || length > MAX_METADATA_BYTES) throw new Malformed(`the message at byte ${start} is damaged.`);
  if (from + length > size) throw new Malformed(TRUNCATED);
  const header = readHeader(await readExactly(file, from, length));
  const bodyLength = Number(header.bodyLength());
  const end = from + length + bodyLength;
  if (!(bodyLength >= 0)) throw new Malformed(`the message at byte ${start} is damaged.`);
  if (end > size) throw new Malformed(TRUNCATED);
  if (bodyLength > MAX_BATCH_BYTES) throw new TooLarge(`the record batch at byte ${start} is larger than 2 GB.`);
  const body = await readExactly(file, from + length, bodyLength);
  try {
    return { message: readMessage(header, body), end };
  } catch (cause) {
    if (cause instanceof TooLarge) throw cause;
    const what = cause instanceof Malformed ? cause.message : 'its description is damaged.';
    throw new Malformed(`the message at byte ${start} can’t be read: ${what}`, { cause });
  }
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, Math.min(length - done, MAX_READ_BYTES), position + done);
    if (bytesRead === 0) throw new Malformed(TRUNCATED);
    done += bytesRead;
  }
  return buffer;
}
