/** The bytes of a file as they were before compression, in bounded memory. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { cancelled, MldataError, type Finding } from '../../protocol';
import { asReadError } from './chunks';
import type { Codec } from './format';
import { unzstd, ZstdError } from './zstd';

const PIECE = 1 << 18;

/** Pieces of the content in order. Throws `source-truncated`, `source-corrupt`, `source-unreadable` and `cancelled`. */
export async function* readDecompressed(
  path: string,
  codec: Codec,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const file = createReadStream(path, { highWaterMark: PIECE });
  async function* raw(): AsyncGenerator<Buffer, void, undefined> {
    for await (const piece of file as AsyncIterable<Buffer>) {
      if (signal.aborted) throw cancelled();
      yield piece;
    }
  }
  try {
    if (codec === 'none') yield* raw();
    else if (codec === 'gzip') yield* gunzip(raw());
    else yield* unzstd(raw());
  } catch (error) {
    throw asCodecError(path, codec, error) ?? asReadError(path, error);
  } finally {
    file.destroy();
  }
}

async function* gunzip(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const stream = createGunzip({ chunkSize: PIECE });
  pipeline(raw, stream, () => undefined); // a failure of either side surfaces in the loop
  yield* stream as AsyncIterable<Buffer>;
}

const AGAIN = 'Copy or download the file again.';

function asCodecError(path: string, codec: Codec, error: unknown): MldataError | undefined {
  const reason = error instanceof ZstdError ? error.reason : gzipReason(error);
  if (reason === undefined) return undefined;
  const { message, suggestion } = {
    truncated: { message: `The ${codec} data ends before its end; the file was cut short.`, suggestion: AGAIN },
    damaged: { message: `The ${codec} data is damaged.`, suggestion: AGAIN },
    window: {
      message: 'The zstd data asks for a window that is too large to read.',
      suggestion: 'Compress it again without a long window (zstd without --long and --ultra).',
    },
    dictionary: {
      message: 'The zstd data was compressed with a dictionary, which is not in the file.',
      suggestion: 'Compress it again without a dictionary.',
    },
  }[reason];
  const code = reason === 'truncated' ? 'source-truncated' : 'source-corrupt';
  const finding: Finding = { code, severity: 'error', message, locations: [{ file: path }], suggestion };
  return new MldataError('buildFailed', code, `${path}: ${message} ${suggestion}`, [finding], { cause: error });
}

function gzipReason(error: unknown): 'truncated' | 'damaged' | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined || !code.startsWith('Z_')) return undefined;
  return code === 'Z_BUF_ERROR' ? 'truncated' : 'damaged';
}
