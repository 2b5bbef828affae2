/** The beginning of compressed bytes that end before their end, unpacked. */
import { writeFile } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { MldataError } from '../../protocol';
import { scratchPath } from '../sources';
import { readDecompressed } from '../text';

/** What a few packed bytes may become. */
const MOST_BYTES = 32 << 20;

export async function unpackedBeginning(
  packed: Buffer,
  codec: 'gzip' | 'zstd',
  scratch: string,
  signal: AbortSignal,
): Promise<Buffer> {
  return codec === 'gzip' ? gunzipped(packed) : unzstdded(packed, scratch, signal);
}

/** Where all of it becomes too much, less of it is taken. */
function gunzipped(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE' || packed.length < 1024) throw damaged(error);
    return gunzipped(packed.subarray(0, packed.length >>> 2));
  }
}

async function unzstdded(packed: Buffer, scratch: string, signal: AbortSignal): Promise<Buffer> {
  const path = scratchPath(scratch, '.zst');
  await writeFile(path, packed, { flag: 'wx' });
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of readDecompressed(path, 'zstd', signal)) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > MOST_BYTES) break;
    }
  } catch (error) {
    // That it ends too early is known.
    if (!(error instanceof MldataError) || error.code !== 'source-truncated') throw error;
  }
  return Buffer.concat(pieces);
}

function damaged(cause: unknown): MldataError {
  const message = 'The gzip data is damaged, or is none. Copy or download the file again.';
  return new MldataError('buildFailed', 'source-corrupt', message, [], { cause });
}
