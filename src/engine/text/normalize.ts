/** A copy of a text file that the SQL engine reads as it is: decompressed, UTF-8, without a byte order mark. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cancelled, type Encoding, type MldataError } from '../../protocol';
import { asError, nulByte } from './damage';
import { readDecompressed } from './decompress';
import type { ScanDialect } from './dialect';
import { decode } from './encoding';
import type { Codec } from './format';
import { RecordCutter } from './recordCutter';

export interface Normalization {
  readonly codec: Codec;
  /** Absent: only decompressed, whatever the bytes are. */
  readonly encoding?: Encoding;
  /** Present: every line end outside quotes becomes LF, for a file that mixes them. */
  readonly records?: ScanDialect | 'lines';
}

const LF = 10;
const CR = 13;

type Pieces = AsyncIterable<Buffer>;

/**
 * Streams `input` to `output` in bounded memory. Throws `source-truncated`, `source-corrupt`, `source-encoding`, `source-nul`, `source-unreadable`, `cancelled`, and what
 * writing throws; then there is no output.
 */
export async function normalizeText(
  input: string,
  output: string,
  how: Normalization,
  signal: AbortSignal,
): Promise<void> {
  let pieces: Pieces = readDecompressed(input, how.codec, signal);
  if (how.encoding !== undefined) {
    if (how.encoding !== 'utf-8') pieces = transcoded(pieces, how.encoding, input);
    pieces = withoutNuls(withoutBom(pieces), input);
  }
  if (how.records !== undefined) pieces = withLf(pieces, how.records);
  const file = createWriteStream(output);
  try {
    await pipeline(Readable.from(pieces, { objectMode: true, highWaterMark: 1 }), file, { signal });
  } catch (error) {
    await rm(output, { force: true });
    throw signal.aborted ? cancelled() : error;
  }
}

/** Bytes that mean nothing in the encoding are an error, never a replacement character. */
async function* transcoded(pieces: Pieces, encoding: Encoding, path: string): AsyncGenerator<Buffer, void, undefined> {
  const wide = encoding.startsWith('utf-16');
  const wrong = wide ? /\p{Surrogate}/u : /\ufffd/;
  const lines = lineCounter();
  const encode = (text: string) => {
    const at = text.search(wrong);
    if (at !== -1) {
      const before = Buffer.from(text.slice(0, at));
      throw undecodable(path, encoding, lines.lineOf(before, before.length));
    }
    const utf8 = Buffer.from(text);
    lines.push(utf8);
    return utf8;
  };
  // The end of a piece may cut a unit of two bytes, and a pair of surrogates.
  let half = Buffer.alloc(0);
  let held = '';
  for await (const piece of pieces) {
    const bytes = half.length > 0 ? Buffer.concat([half, piece]) : piece;
    const whole = wide ? bytes.length & ~1 : bytes.length;
    half = Buffer.from(bytes.subarray(whole));
    const text = held + decode(bytes.subarray(0, whole), encoding);
    held = /[\ud800-\udbff]$/.exec(text)?.[0] ?? '';
    yield encode(held ? text.slice(0, -1) : text);
  }
  yield encode(held);
  if (half.length > 0) throw undecodable(path, encoding, lines.line);
}

/** A mark of the original is one of UTF-8 by now. */
async function* withoutBom(pieces: Pieces): AsyncGenerator<Buffer, void, undefined> {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  const strip = (start: Buffer) => (start.subarray(0, 3).equals(mark) ? start.subarray(3) : start);
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (start === undefined) yield piece;
    else {
      start = Buffer.concat([start, piece]);
      if (start.length < mark.length) continue;
      yield strip(start);
      start = undefined;
    }
  }
  if (start !== undefined) yield start;
}

async function* withoutNuls(pieces: Pieces, path: string): AsyncGenerator<Buffer, void, undefined> {
  const lines = lineCounter();
  for await (const piece of pieces) {
    const at = piece.indexOf(0);
    if (at !== -1) throw asError(nulByte(path, lines.lineOf(piece, at)));
    lines.push(piece);
    yield piece;
  }
}

async function* withLf(pieces: Pieces, dialect: ScanDialect | 'lines'): AsyncGenerator<Buffer, void, undefined> {
  const ends: number[] = [];
  const skipLines = dialect === 'lines' ? 0 : dialect.skipLines;
  const cutter = new RecordCutter(dialect, skipLines, (_start, end) => ends.push(end));
  let offset = 0;
  /** The piece before ended with a CR that became LF: an LF that comes first now is the rest of it. */
  let cutCr = false;
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    ends.length = 0;
    cutter.push(piece);
    const output = Buffer.allocUnsafe(piece.length);
    let written = 0;
    let from: number = cutCr && piece[0] === LF ? 1 : 0;
    for (const end of ends) {
      const at = end - offset;
      written += piece.copy(output, written, from, at);
      output[written++] = LF;
      from = at + (piece[at] === CR && piece[at + 1] === LF ? 2 : 1);
    }
    cutCr = ends.length > 0 && from === piece.length && piece[from - 1] === CR;
    written += piece.copy(output, written, from);
    offset += piece.length;
    yield output.subarray(0, written);
  }
}

function lineCounter(): RecordCutter {
  return new RecordCutter('lines', 0, () => undefined);
}

function undecodable(path: string, encoding: Encoding, line: number): MldataError {
  return asError({
    code: 'source-encoding',
    severity: 'error',
    message: `Bytes that mean nothing in ${encoding} stand in the file.`,
    locations: [{ file: path, line }],
    suggestion: 'Say how the file is encoded with `options: { encoding: … }`, or correct it.',
  });
}
