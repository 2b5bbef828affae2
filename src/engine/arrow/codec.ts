import { decompress as zstdInJavaScript } from 'fzstd';
import { decompressBlock } from 'lz4js';
import zlib from 'node:zlib';
import { CompressionType } from './flatbuffers';
import { Malformed, TooLarge } from './unreadable';

/** A batch is held in memory as a whole; half of what a Buffer can hold on every Node we run on. */
export const MAX_BATCH_BYTES = 2 ** 31;

const DAMAGED = 'a compressed buffer is damaged.';

/** Node has a Zstandard decoder of its own from 22.15 on, many times as fast. */
const { zstdDecompressSync } = zlib as {
  zstdDecompressSync?: (packed: Uint8Array, options: { maxOutputLength: number }) => Buffer;
};

/**
 * Decompresses the buffers of one batch. Each starts with its uncompressed length, −1 for a buffer that is stored as it is.
 * Throws {@link Malformed} when a buffer doesn't unpack to exactly that length.
 */
export function decompress(codec: CompressionType, buffers: readonly Uint8Array[]): Uint8Array[] {
  let total = 0;
  return buffers.map((buffer) => {
    if (buffer.length === 0) return buffer;
    if (buffer.length < 8) throw new Malformed(DAMAGED);
    const length = Number(viewOf(buffer).getBigInt64(0, true));
    const packed = buffer.subarray(8);
    if (length === -1) return packed;
    if (length < 0) throw new Malformed(DAMAGED);
    if (length === 0) return packed.subarray(0, 0);
    total += length;
    if (total > MAX_BATCH_BYTES) throw new TooLarge('a record batch unpacks to more than 2 GB.');
    return unpack(codec, packed, length);
  });
}

function unpack(codec: CompressionType, packed: Uint8Array, length: number): Uint8Array {
  let unpacked: Uint8Array | undefined;
  try {
    unpacked = codec === CompressionType.ZSTD ? unpackZstd(packed, length) : unpackLz4Frame(packed, length);
  } catch (cause) {
    throw new Malformed(DAMAGED, { cause });
  }
  if (unpacked?.length !== length) throw new Malformed(DAMAGED);
  return unpacked;
}

function unpackZstd(packed: Uint8Array, length: number): Uint8Array {
  return zstdDecompressSync
    ? zstdDecompressSync(packed, { maxOutputLength: length })
    : zstdInJavaScript(packed, new Uint8Array(length));
}

const LZ4_MAGIC = 0x184d2204;
/** A byte of LZ4 stands for at most 255 bytes. */
const LZ4_MAX_RATIO = 255;
/** Flags of a frame. */
const [CONTENT_SIZE, BLOCK_CHECKSUM, DICTIONARY_ID] = [0x08, 0x10, 0x01];
const STORED_BLOCK = 0x8000_0000;

/**
 * Unpacks an LZ4 frame; `undefined` when it is damaged. The frame is walked here because lz4js doesn't check a block's size against
 * the bytes there are: damaged ones keep it busy for minutes.
 */
function unpackLz4Frame(packed: Uint8Array, length: number): Uint8Array | undefined {
  if (packed.length < 11 || length > packed.length * LZ4_MAX_RATIO) return undefined;
  const view = viewOf(packed);
  const flags = view.getUint8(4);
  if (view.getUint32(0, true) !== LZ4_MAGIC) return undefined;
  // Magic, flags, block size, then what the flags announce, then a checksum byte.
  let at = 6 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY_ID ? 4 : 0) + 1;
  const target = new Uint8Array(length);
  let done = 0;
  for (;;) {
    const word = view.getUint32(at, true);
    if (word === 0) return done === length ? target : undefined;
    const size = word % STORED_BLOCK;
    at += 4;
    if (at + size > packed.length) return undefined;
    if (word >= STORED_BLOCK) {
      target.set(packed.subarray(at, at + size), done);
      done += size;
    } else {
      done = decompressBlock(packed, target, at, size, done);
    }
    if (!(done <= length)) return undefined;
    at += size + (flags & BLOCK_CHECKSUM ? 4 : 0);
  }
}

function viewOf(buffer: Uint8Array): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
