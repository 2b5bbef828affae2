/** WAV: the chunks of a RIFF, RF64 or BW64 file, and whether the samples that its header promises are there. */
import type { FileBytes } from './fileBytes';
import { chunks, isId, type Chunk } from './iff';
import { walkingAudio, type Sound } from './audioWalk';
import { damaged, trailing, truncated, type Found } from './problems';

const PCM = 1;
const FLOAT = 3;
const ALAW = 6;
const MULAW = 7;
/** The format proper follows later in the same chunk. */
const EXTENSIBLE = 0xfffe;
/** Larger ones stand in another chunk, in 64 bits. */
const NOT_HERE = 0xffff_ffff;

/** By the format tag and the bits of a sample. */
const readers: Readonly<Record<string, (bytes: Buffer, offset: number) => number>> = {
  '1/8': (bytes, offset) => (bytes.readUInt8(offset) - 128) / 2 ** 7,
  '1/16': (bytes, offset) => bytes.readInt16LE(offset) / 2 ** 15,
  '1/24': (bytes, offset) => bytes.readIntLE(offset, 3) / 2 ** 23,
  '1/32': (bytes, offset) => bytes.readInt32LE(offset) / 2 ** 31,
  '3/32': (bytes, offset) => bytes.readFloatLE(offset),
  '3/64': (bytes, offset) => bytes.readDoubleLE(offset),
};

interface Format {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSecond: number;
  /** Of one sample of each channel; of a block of many where they are compressed. */
  readonly frameBytes: number;
  readonly bits: number;
}

/** What the header says in 64 bits. */
interface Long {
  readonly riff: number;
  readonly data: number;
}

export const walkWav = walkingAudio('the end of its header', (file, found) => {
  const long = file.text(0, 4) === 'RIFF' ? undefined : longSizes(file);
  const riff = long?.riff ?? file.little(4, 4).u32(0);
  let format: Format | undefined;
  let data: Chunk | undefined;
  let samples: number | undefined;
  let end = 12;
  for (const chunk of chunks(file, 'little', 12, file.length, (id, length, start) => {
    if (id !== 'data') return length;
    const exact = long && (length === NOT_HERE || length === 0) ? long.data : length;
    const rest = file.length - start;
    const unwritten = exact === 0 && rest > 0 && !isId(file.upTo(start, 4).toString('latin1'));
    return unwritten || isPlaceholder(exact, rest) ? rest : exact;
  })) {
    // What stands behind all that the file counts, and behind its samples, is no part of it.
    if (data && riff !== 0 && chunk.at >= 8 + riff) break;
    if (chunk.id === 'fmt ' && !format) format = formatOf(file, chunk, found);
    if (chunk.id === 'fact' && chunk.length >= 4) samples = file.little(chunk.start, 4).u32(0);
    if (chunk.id === 'data' && !data) data = chunk;
    end = chunk.start + chunk.length;
    if (end > file.length) {
      found.problems.push(truncated(file.length, missingOf(chunk, end - file.length)));
      break;
    }
  }
  if (!data && end <= file.length) {
    found.problems.push(
      8 + riff > file.length && !isPlaceholder(riff, file.length)
        ? truncated(file.length, 'its samples')
        : damaged(end, 'No chunk with samples is in the file, whose last chunk ends'),
    );
  }
  if (!format || !data) return undefined;

  const there = Math.min(data.length, file.length - data.start);
  found.header = { ...found.header, ...secondsOf(format, there, samples) };
  ofSizes(file, found, { riff, data, end, format, long });
  return soundOf(format, data.start, there);
});

/** Where all fits, whether the sizes that the header states say the same. */
function ofSizes(
  file: FileBytes,
  found: Found,
  it: { riff: number; data: Chunk; end: number; format: Format; long: Long | undefined },
): void {
  const { riff, data, end, format, long } = it;
  if (end > file.length) return;
  const written = file.little(data.at + 4, 4).u32(0);
  const stated = long && (written === NOT_HERE || written === 0) ? long.data : written;
  if (stated !== data.length) {
    found.problems.push({
      code: 'file-length-unknown',
      severity: 'warning',
      message:
        `The header says ${stated} where the length of the sound belongs, as programs write that do not know it yet; ` +
        `${data.length} bytes of it are there. Some readers take such a file for empty.`,
      byte: data.at + 4,
    });
    return;
  }
  if (isPlain(format) && data.length % format.frameBytes !== 0) {
    found.problems.push({
      code: 'file-damaged',
      severity: 'warning',
      message: `The samples take ${data.length} bytes, which is no multiple of the ${format.frameBytes} of each moment.`,
      byte: data.at + 4,
    });
  }
  // The byte that makes the last chunk even is there or not, counted or not.
  const padded = end + (end % 2);
  const promised = 8 + riff;
  if (
    riff === 0 ||
    isPlaceholder(riff, file.length) ||
    (promised >= end && promised <= padded && file.length <= padded)
  )
    return;
  if (promised > file.length + 8) {
    found.problems.push(truncated(file.length, `the last ${promised - file.length} bytes that its header counts`));
  } else if (promised > file.length || promised < end) {
    found.problems.push({
      code: 'file-damaged',
      severity: 'warning',
      message: `The header counts ${promised} bytes where the file's content has ${end}.`,
      byte: 4,
    });
  } else {
    found.problems.push(trailing(Math.min(promised, padded), file.length));
  }
}

function formatOf(file: FileBytes, { at, start, length }: Chunk, found: Found): Format | undefined {
  if (length < 16) {
    found.problems.push(damaged(at, `The format takes ${length} bytes where it needs 16`));
    return undefined;
  }
  const reader = file.little(start, Math.min(length, 40));
  const tag = reader.u16(0);
  const format: Format = {
    tag: tag === EXTENSIBLE && length >= 26 ? reader.u16(24) : tag,
    channels: reader.u16(2),
    sampleRate: reader.u32(4),
    bytesPerSecond: reader.u32(8),
    frameBytes: reader.u16(12),
    bits: reader.u16(14),
  };
  const { channels, sampleRate, frameBytes, bits } = format;
  const wrong = [
    channels === 0 && 'no channels',
    sampleRate === 0 && 'no sample rate',
    frameBytes === 0 && 'no bytes for a sample',
    isPlain(format) && bits === 0 && 'no bits for a sample',
    isPlain(format) &&
      frameBytes * 8 < channels * bits &&
      `${frameBytes} bytes for ${channels} samples of ${bits} bits`,
  ].find((text) => text !== false);
  if (wrong !== undefined) {
    found.problems.push(damaged(start, `The format names ${wrong}`));
    return undefined;
  }
  found.header = { channels, sampleRate };
  return format;
}

/** RF64 and BW64 begin with a chunk that holds the sizes. */
function longSizes(file: FileBytes): Long | undefined {
  if (file.text(12, 4) !== 'ds64') return undefined;
  const reader = file.little(20, 24);
  return { riff: reader.u64(0), data: reader.u64(8) };
}

/** Whether it is what programs write that do not know the length yet: the largest number, or one for two gigabytes. */
function isPlaceholder(length: number, rest: number): boolean {
  return length > rest && [2 ** 31, 2 ** 32].some((limit) => length <= limit && length > limit - 4200);
}

function missingOf({ id, length }: Chunk, missing: number): string {
  return id === 'data'
    ? `the last ${missing} of the ${length} bytes of samples that its header promises`
    : `the last ${missing} bytes of its chunk "${id}"`;
}

function isPlain({ tag }: Format): boolean {
  return tag === PCM || tag === FLOAT;
}

/** Whether each sample takes bytes of its own. */
function isSampled(format: Format): boolean {
  return isPlain(format) || format.tag === ALAW || format.tag === MULAW;
}

function secondsOf(format: Format, bytes: number, samples: number | undefined): { seconds?: number } {
  const { sampleRate, frameBytes, bytesPerSecond } = format;
  if (isSampled(format)) {
    return { seconds: Math.floor(bytes / frameBytes) / sampleRate };
  }
  if (samples !== undefined) return { seconds: samples / sampleRate };
  return bytesPerSecond > 0 ? { seconds: bytes / bytesPerSecond } : {};
}

function soundOf(format: Format, start: number, there: number): Sound | undefined {
  const { tag, channels, frameBytes, bits } = format;
  if (!isSampled(format)) return undefined;
  const read = frameBytes === (channels * bits) / 8 ? readers[`${tag}/${bits}`] : undefined;
  const float = tag === FLOAT;
  return {
    codec: 'pcm',
    stretch: { start, end: start + Math.floor(there / frameBytes) * frameBytes },
    frameBytes,
    ...(read && { sample: { bytes: bits / 8, float, fullScale: float ? 1 : 1 - 2 ** (1 - bits), read } }),
  };
}
