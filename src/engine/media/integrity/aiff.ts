/** AIFF and AIFC: the chunks of the file, and whether it has as many samples as its header counts. */
import { walkingAudio } from './audioWalk';
import type { FileBytes } from './fileBytes';
import { chunks, type Chunk } from './iff';
import { damaged, trailing, truncated, type Found } from './problems';

/** What the samples of AIFC take where it is not as many bytes as their bits need; those of the rest are packed. */
const sampleBytes: Readonly<Record<string, (bits: number) => number>> = {
  NONE: (bits) => Math.ceil(bits / 8),
  sowt: (bits) => Math.ceil(bits / 8),
  twos: (bits) => Math.ceil(bits / 8),
  'raw ': () => 1,
  in24: () => 3,
  in32: () => 4,
  fl32: () => 4,
  FL32: () => 4,
  fl64: () => 8,
  FL64: () => 8,
  ulaw: () => 1,
  ULAW: () => 1,
  alaw: () => 1,
  ALAW: () => 1,
};

interface Common {
  readonly frames: number;
  /** Undefined where they are packed. */
  readonly frameBytes: number | undefined;
}

export const walkAiff = walkingAudio('the end of its header', (file, found) => {
  const promised = 8 + file.big(4, 4).u32(0);
  const compressed = file.text(8, 4) === 'AIFC';
  let common: Common | undefined;
  let sound: Chunk | undefined;
  let end = 12;
  for (const chunk of chunks(file, 'big', 12, Math.min(file.length, promised), (_, length) => length)) {
    if (chunk.id === 'COMM') common = commonOf(file, chunk, compressed, found);
    if (chunk.id === 'SSND') sound = chunk;
    end = chunk.start + chunk.length;
    if (end > file.length) {
      found.problems.push(truncated(file.length, `the last ${end - file.length} bytes of its chunk "${chunk.id}"`));
      return undefined;
    }
  }
  if (promised > file.length) {
    found.problems.push(truncated(file.length, `the last ${promised - file.length} bytes that its header counts`));
  } else if (!common && found.problems.length === 0) {
    found.problems.push(damaged(end, 'No chunk that describes the sound is in the file, whose last chunk ends'));
  } else if (common && !sound && common.frames > 0) {
    found.problems.push(damaged(end, 'No chunk with samples is in the file, whose last chunk ends'));
  } else if (common && sound) ofSamples(file, common, sound, found);
  if (promised < file.length && file.length > end + (end % 2)) found.problems.push(trailing(promised, file.length));
  return undefined;
});

function commonOf(file: FileBytes, { start, length }: Chunk, compressed: boolean, found: Found): Common | undefined {
  const reader = file.big(start, Math.min(length, 22));
  const channels = reader.u16(0);
  const frames = reader.u32(2);
  const bits = reader.u16(6);
  const sampleRate = extended(reader.u16(8), reader.u32(10), reader.u32(14));
  const compression = compressed ? reader.text(18, 4) : 'NONE';
  if (channels === 0 || !(sampleRate > 0) || (compression === 'NONE' && bits === 0)) {
    found.problems.push(
      damaged(start, `The format names ${channels} channels, ${bits} bits and a rate of ${sampleRate} Hz`),
    );
    return undefined;
  }
  found.header = { channels, sampleRate, seconds: frames / sampleRate };
  const each = sampleBytes[compression]?.(bits);
  return { frames, frameBytes: each && each * channels };
}

function ofSamples(file: FileBytes, { frames, frameBytes }: Common, sound: Chunk, found: Found): void {
  if (frameBytes === undefined) return;
  const offset = file.big(sound.start, 8).u32(0);
  const there = sound.length - 8 - offset;
  const needed = frames * frameBytes;
  if (there < needed) {
    found.problems.push(
      damaged(
        sound.at,
        `The header counts ${frames} moments of sound, but only ${there} of their ${needed} bytes stand`,
      ),
    );
  } else if (there >= needed + frameBytes && there > needed + 1) {
    found.problems.push({
      code: 'file-damaged',
      severity: 'warning',
      message: `The header counts ${needed} bytes of sound, but ${there} stand at byte ${sound.at}.`,
      byte: sound.at,
    });
  }
}

/** A float of 80 bits: sign and exponent, then a mantissa of 64 bits with its leading one. */
function extended(exponent: number, high: number, low: number): number {
  const value = (high * 2 ** 32 + low) * 2 ** ((exponent & 0x7fff) - 16383 - 63);
  return exponent >= 0x8000 ? -value : value;
}
