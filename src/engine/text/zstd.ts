/**
 * Zstandard data (RFC 8878), decoded in bounded memory. fzstd decodes the blocks and looks at neither checksums nor
 * lengths, so the frames are followed here: what a frame says of its content is compared with what comes out.
 */
import { Decompress } from 'fzstd';
import xxhash, { type XXHash } from 'xxhash-wasm';

/** Why data cannot be decoded. */
export class ZstdError extends Error {
  constructor(
    readonly reason: 'truncated' | 'damaged' | 'window' | 'dictionary',
    cause?: unknown,
  ) {
    super(`zstd: ${reason}`, { cause });
  }
}

const MAGIC = 0xfd2fb528;
/** The last four bits are free. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAX_BLOCK = 1 << 17;
/** As much as the `zstd` command allows when it is not told otherwise. */
const MAX_WINDOW = 1 << 27;
const RUN_LENGTH_BLOCK = 1;

/** Throws {@link ZstdError}, and what `raw` throws. */
export async function* unzstd(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const input = new Input(raw);
  const hashes = await xxhash();
  while (!(await input.atEnd())) {
    const start = await input.take(4);
    const magic = start.readUInt32LE();
    if ((magic & ~0xf) >>> 0 === SKIPPABLE_MAGIC) await input.skip((await input.take(4)).readUInt32LE());
    else if (magic === MAGIC) yield* decodeFrame(start, input, hashes.create64());
    else throw new ZstdError('damaged');
  }
}

async function* decodeFrame(
  magic: Buffer,
  input: Input,
  hash: XXHash<bigint>,
): AsyncGenerator<Buffer, void, undefined> {
  const { bytes, checksum, contentSize } = await readHeader(input);
  let decoded: Buffer[] = [];
  let length = 0;
  const decoder = new Decompress((block) => {
    const content = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    if (checksum) hash.update(content);
    length += content.length;
    decoded.push(content);
  });
  const decode = (encoded: Buffer, final = false): Buffer[] => {
    decoded = [];
    try {
      decoder.push(encoded, final);
    } catch (error) {
      throw new ZstdError('damaged', error);
    }
    return decoded;
  };
  decode(Buffer.concat([magic, bytes]));
  for (let last = false; !last;) {
    const header = await input.take(3);
    const bits = header.readUIntLE(0, 3);
    last = (bits & 1) === 1;
    const size = bits >>> 3;
    if (size > MAX_BLOCK) throw new ZstdError('damaged');
    const block = await input.take(((bits >>> 1) & 3) === RUN_LENGTH_BLOCK ? 1 : size);
    yield* decode(Buffer.concat([header, block]));
  }
  const stored = await input.take(checksum ? 4 : 0);
  yield* decode(stored, true);
  if (checksum && stored.readUInt32LE() !== Number(hash.digest() & 0xffffffffn)) throw new ZstdError('damaged');
  if (contentSize !== undefined && contentSize !== length) throw new ZstdError('damaged');
}

/** What stands between the magic number and the first block. */
async function readHeader(input: Input): Promise<{ bytes: Buffer; checksum: boolean; contentSize?: number }> {
  const descriptor = await input.take(1);
  const flags = descriptor.readUInt8();
  const oneSegment = (flags & 0x20) !== 0;
  const sizeBytes = [oneSegment ? 1 : 0, 2, 4, 8][flags >>> 6] as number;
  const windowBytes = oneSegment ? 0 : 1;
  const idBytes = [0, 1, 2, 4][flags & 3] as number;
  const rest = await input.take(windowBytes + idBytes + sizeBytes);
  if (rest.subarray(windowBytes, windowBytes + idBytes).some((byte) => byte !== 0)) throw new ZstdError('dictionary');
  const size = numberOf(rest.subarray(windowBytes + idBytes)) + (sizeBytes === 2 ? 256 : 0);
  if ((oneSegment ? size : windowOf(rest.readUInt8())) > MAX_WINDOW) throw new ZstdError('window');
  return {
    bytes: Buffer.concat([descriptor, rest]),
    checksum: (flags & 4) !== 0,
    ...(sizeBytes > 0 && { contentSize: size }),
  };
}

/** Three bits of a mantissa behind five of an exponent. */
function windowOf(byte: number): number {
  const base = 2 ** (10 + (byte >>> 3));
  return base + (base / 8) * (byte & 7);
}

function numberOf(littleEndian: Buffer): number {
  return littleEndian.reduceRight((value, byte) => value * 256 + byte, 0);
}

/** Bytes that come in pieces, taken as many at a time as a format asks for. */
class Input {
  private readonly pieces: AsyncIterator<Buffer>;
  private piece: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Buffer>) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  async atEnd(): Promise<boolean> {
    while (this.piece.length === 0) {
      const next = await this.pieces.next();
      if (next.done) return true;
      this.piece = next.value;
    }
    return false;
  }

  /** Exactly so many bytes, which are few. */
  async take(count: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for (let missing = count; missing > 0;) {
      if (await this.atEnd()) throw new ZstdError('truncated');
      const some = this.piece.subarray(0, missing);
      this.piece = this.piece.subarray(some.length);
      missing -= some.length;
      taken.push(some);
    }
    return Buffer.concat(taken);
  }

  async skip(count: number): Promise<void> {
    for (let missing = count; missing > 0;) missing -= (await this.take(Math.min(missing, MAX_BLOCK))).length;
  }
}
