/** A copy of a text file that the SQL engine reads as it is: decompressed, UTF-8, without a byte order mark. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import iconv from 'iconv-lite';
import { cancelled, MldataError, type Encoding, type Finding } from '../../protocol';
import { readDecompressed } from './decompress';
import { iconvNames } from './encoding';
import type { Codec } from './format';
import { RecordCutter } from './recordCutter';
import type { ScanDialect } from './scan';

export interface Normalization {
  readonly codec: Codec;
  /** Absent: only decompressed, whatever the bytes are. */
  readonly encoding?: Encoding;
  readonly bom: boolean;
  /** Present: every line end outside quotes becomes LF, for a file that mixes them. */
  readonly records?: ScanDialect | 'lines';
}

const LF = 10;
const CR = 13;

type Pieces = AsyncIterable<Buffer>;

/**
 * Streams `input` to `output` in bounded memory; `onBytes` is told how many bytes of the input have been read so far.
 * Throws `source-truncated`, `source-corrupt`, `source-encoding`, `source-nul`, `source-unreadable`, `cancelled`, and what
 * writing throws; then there is no output.
 */
export async function normalizeText(
  input: string,
  output: string,
  how: Normalization,
  signal: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<{ bytes: number }> {
  let pieces: Pieces = readDecompressed(input, how.codec, signal, onBytes);
  if (how.encoding !== undefined) {
    if (how.encoding !== 'utf-8') pieces = transcoded(pieces, how.encoding, input);
    pieces = withoutNuls(withoutBom(pieces), input);
  }
  if (how.records !== undefined) pieces = withLf(pieces, how.records);
  const file = createWriteStream(output);
  try {
    await pipeline(Readable.from(pieces, { objectMode: true, highWaterMark: 1 }), file, { signal });
    return { bytes: file.bytesWritten };
  } catch (error) {
    await rm(output, { force: true });
    throw signal.aborted ? cancelled() : error;
  }
}

/** Bytes that mean nothing in the encoding are an error, never a replacement character. */
async function* transcoded(pieces: Pieces, encoding: Encoding, path: string): AsyncGenerator<Buffer, void, undefined> {
  const decoder = iconv.getDecoder(iconvNames[encoding], { stripBOM: false });
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
  let bytes = 0;
  // A pair of surrogates may be cut by the end of a piece.
  let held = '';
  for await (const piece of pieces) {
    bytes += piece.length;
    const text = held + decoder.write(piece);
    held = /[\ud800-\udbff]$/.exec(text)?.[0] ?? '';
    yield encode(held ? text.slice(0, -1) : text);
  }
  if (wide && bytes % 2 === 1) throw undecodable(path, encoding, lines.line);
  yield encode(held + (decoder.end() ?? ''));
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

/** Offset and line of a NUL are those in the UTF-8 text. */
async function* withoutNuls(pieces: Pieces, path: string): AsyncGenerator<Buffer, void, undefined> {
  const lines = lineCounter();
  let offset = 0;
  for await (const piece of pieces) {
    const at = piece.indexOf(0);
    if (at !== -1) throw nulByte(path, offset + at, lines.lineOf(piece, at));
    lines.push(piece);
    offset += piece.length;
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
  const finding: Finding = {
    code: 'source-encoding',
    severity: 'error',
    message: `Bytes that mean nothing in ${encoding} stand in the file.`,
    locations: [{ file: path, line }],
    suggestion: 'Say how the file is encoded with `options: { encoding: … }`, or correct it.',
  };
  return asError(path, finding);
}

function nulByte(path: string, offset: number, line: number): MldataError {
  const finding: Finding = {
    code: 'source-nul',
    severity: 'error',
    message: `A NUL byte stands at offset ${offset}; text has none.`,
    locations: [{ file: path, line }],
    suggestion: 'Remove it, or say how the file is encoded with `options: { encoding: utf-16le }`.',
  };
  return asError(path, finding);
}

function asError(path: string, finding: Finding): MldataError {
  const line = finding.locations?.[0]?.line;
  const message =
    `${path}${line === undefined ? '' : `:${line}`}: ${finding.message} ${finding.suggestion ?? ''}`.trim();
  return new MldataError('buildFailed', finding.code, message, [finding]);
}
