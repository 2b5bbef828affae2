/** The bytes of a file as they were before compression, in bounded memory. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress, ZstdErrorCode } from 'fzstd';
import { cancelled, MldataError, type Finding } from '../../protocol';
import { asReadError } from './chunks';
import type { Codec } from './format';

/** 4 KiB of zstd grow to 128 MiB at most. */
const ZSTD_PIECE = 1 << 12;
const PIECE = 1 << 18;

/**
 * Pieces of the content in order. `onBytes` is told how many bytes of the file have been read so far.
 * Throws `source-truncated`, `source-corrupt`, `source-unreadable` and `cancelled`.
 */
export async function* readDecompressed(
  path: string,
  codec: Codec,
  signal: AbortSignal,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  const file = createReadStream(path, { highWaterMark: codec === 'zstd' ? ZSTD_PIECE : PIECE });
  async function* raw(): AsyncGenerator<Buffer, void, undefined> {
    for await (const piece of file as AsyncIterable<Buffer>) {
      if (signal.aborted) throw cancelled();
      yield piece;
      onBytes?.(file.bytesRead);
    }
  }
  try {
    if (codec === 'none') yield* raw();
    else if (codec === 'gzip') yield* gunzip(raw());
    else yield* unzstd(raw());
  } catch (error) {
    throw asCodecError(path, codec, error) ?? asReadError(path, error);
  }
}

async function* gunzip(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const stream = createGunzip({ chunkSize: PIECE });
  pipeline(raw, stream, () => undefined); // a failure of either side surfaces in the loop
  yield* stream as AsyncIterable<Buffer>;
}

async function* unzstd(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let blocks: Buffer[] = [];
  const stream = new Decompress((block) => {
    if (block.length > 0) blocks.push(Buffer.from(block.buffer, block.byteOffset, block.byteLength));
  });
  const take = () => {
    const taken = blocks;
    blocks = [];
    return taken;
  };
  for await (const piece of raw) {
    stream.push(Uint8Array.from(piece));
    yield* take();
  }
  stream.push(new Uint8Array(0), true);
  yield* take();
}

function asCodecError(path: string, codec: Codec, error: unknown): MldataError | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  const truncated = code === 'Z_BUF_ERROR' || code === ZstdErrorCode.UnexpectedEOF;
  if (!truncated && typeof code !== 'number' && !(typeof code === 'string' && code.startsWith('Z_'))) return undefined;
  const finding: Finding = {
    code: truncated ? 'source-truncated' : 'source-corrupt',
    severity: 'error',
    message: truncated
      ? `The ${codec} data ends before its end; the file was cut short.`
      : code === ZstdErrorCode.WindowSizeTooLarge
        ? 'The zstd data asks for a window that is too large to read.'
        : `The ${codec} data is damaged.`,
    locations: [{ file: path }],
    suggestion:
      code === ZstdErrorCode.WindowSizeTooLarge
        ? 'Compress it again without a long window (zstd without --long, level 19 or lower).'
        : 'Copy or download the file again.',
  };
  return new MldataError('buildFailed', finding.code, `${path}: ${finding.message} ${finding.suggestion}`, [finding], {
    cause: error,
  });
}

/** The first bytes of a file, decompressed: what it takes to find out its encoding, format and dialect. */
export async function readHead(path: string, codec: Codec, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of readDecompressed(path, codec, signal)) {
    pieces.push(piece);
    length += piece.length;
    if (length >= maxBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, maxBytes);
}
