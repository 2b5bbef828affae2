/** Decodes all of a recording: what its structure does not show is found by whoever plays it. */
import { createHash, type Hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { codecs, decode, decodeFlacFrames, type Decoded } from '../decoders';
import type { Sound, Stretch } from './audioWalk';
import type { FileBytes } from './fileBytes';
import { damaged } from './problems';
import type { MediaProblem } from './verdict';

export interface DecodedAudio {
  /** Of what can be heard; absent where the header says as much. */
  readonly seconds?: number;
  readonly problems: readonly MediaProblem[];
}

/** What a decoder is given at once: of silence it makes a thousand times as much. */
const BLOCK_BYTES = 1 << 13;
/** The decoder of FLAC gives floats, which hold integers of so many bits. */
const EXACT_BITS = 24;

/** Block by block, so that a recording of any length takes little memory. Throws once the signal is aborted. */
export async function decodeAudio(file: FileBytes, sound: Sound, signal: AbortSignal): Promise<DecodedAudio> {
  switch (sound.codec) {
    case 'pcm':
      return { problems: await ofPcm(file, sound) };
    case 'flac':
      return { problems: await ofFlac(file, sound, signal) };
    case 'mp3':
      return { problems: (await ofStream(file, 'mp3', sound.stretch, signal)).problems };
    default:
      return ofChain(file, sound, signal);
  }
}

/** Any bits are a sound, unless they are meant as numbers and are none. */
async function ofPcm(file: FileBytes, { stretch, sample }: Extract<Sound, { codec: 'pcm' }>): Promise<MediaProblem[]> {
  let at = stretch.start;
  let first: number | undefined;
  let count = 0;
  for await (const block of blocksOf(file, stretch)) {
    for (let offset = 0; sample?.float && offset < block.length; offset += sample.bytes) {
      if (Number.isFinite(sample.read(block, offset))) continue;
      count++;
      first ??= at + offset;
    }
    at += block.length;
  }
  if (first === undefined) return [];
  const what = count === 1 ? 'One sample is no number; it stands' : `${count} samples are no numbers; the first stands`;
  return [{ ...damaged(first, what), severity: 'warning' }];
}

async function ofFlac(
  file: FileBytes,
  { head, frames, bits, samples, md5 }: Extract<Sound, { codec: 'flac' }>,
  signal: AbortSignal,
): Promise<MediaProblem[]> {
  const hash = md5 !== undefined && bits <= EXACT_BITS ? createHash('md5') : undefined;
  const [start = head.end] = frames;
  const decoded = decodeFlacFrames(flacBatches(file, head, frames));
  const heard = await hear(decoded, start, signal, (block) => {
    if (hash) addSamples(hash, block, bits);
  });
  const [problem] = heard.problems;
  if (problem) return [problem];
  if (heard.samples !== samples) {
    return [damaged(start, `${heard.samples} of ${samples} samples can be decoded of the sound that begins`)];
  }
  return hash && hash.digest('hex') !== md5
    ? [damaged(start, 'The decoded samples are not those that were encoded, by their checksum, in the sound')]
    : [];
}

/** The description of the stream, as if no other metadata followed, and the frames, some at a time. */
async function* flacBatches(file: FileBytes, head: Stretch, frames: readonly number[]): AsyncGenerator<Uint8Array[]> {
  const description = Buffer.from(file.view(head.start, head.end - head.start));
  description.writeUInt8(description.readUInt8(4) | 0x80, 4);
  let batch: Uint8Array[] = [description];
  let bytes = 0;
  for (const [index, start] of frames.slice(0, -1).entries()) {
    const length = (frames[index + 1] ?? start) - start;
    batch.push(file.view(start, length));
    bytes += length;
    if (bytes < BLOCK_BYTES) continue;
    file.headway();
    yield batch;
    await turn();
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

async function ofChain(
  file: FileBytes,
  { codec, chain }: Extract<Sound, { codec: 'vorbis' | 'opus' }>,
  signal: AbortSignal,
): Promise<DecodedAudio> {
  const problems: MediaProblem[] = [];
  let seconds = 0;
  for (const link of chain) {
    const heard = await ofStream(file, codec, link, signal);
    problems.push(...heard.problems);
    if (heard.samples === 0 && link.samples > 0 && heard.problems.length === 0) {
      problems.push(damaged(link.start, 'Nothing can be decoded of the stream that begins'));
    }
    seconds += heard.seconds;
  }
  return { seconds, problems };
}

interface Heard {
  /** Per channel. */
  readonly samples: number;
  readonly seconds: number;
  /** At most one, which stands for all. */
  readonly problems: readonly MediaProblem[];
}

function ofStream(file: FileBytes, codec: keyof typeof codecs, stretch: Stretch, signal: AbortSignal): Promise<Heard> {
  return hear(decode(codecs[codec], blocksOf(file, stretch, BLOCK_BYTES)), stretch.start, signal);
}

/** @param start of the sound in the file */
async function hear(
  blocks: AsyncIterable<Decoded>,
  start: number,
  signal: AbortSignal,
  take: (decoded: Decoded) => void = () => undefined,
): Promise<Heard> {
  let samples = 0;
  let seconds = 0;
  try {
    for await (const decoded of blocks) {
      const [error] = decoded.errors;
      if (error) throw new Error(error.message);
      if (decoded.samplesDecoded === 0) continue;
      samples += decoded.samplesDecoded;
      seconds += decoded.samplesDecoded / decoded.sampleRate;
      take(decoded);
    }
    return { samples, seconds, problems: [] };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'syscall' in error) throw error;
    // Decoders throw whatever they please.
    const reason = error instanceof Error ? error.message : String(error);
    return { samples, seconds, problems: [damaged(start, `The decoder says "${reason}" of the sound`)] };
  }
}

/** Interleaved, in as many whole bytes as the bits need, the lowest first. */
function addSamples(hash: Hash, { channelData, samplesDecoded }: Decoded, bits: number): void {
  const bytes = Math.ceil(bits / 8);
  // The decoder takes the largest positive sample for 1.
  const scale = 2 ** (bits - 1) - 1;
  const pcm = Buffer.allocUnsafe(samplesDecoded * channelData.length * bytes);
  channelData.forEach((channel, index) => {
    for (let sample = 0, at = index * bytes; sample < samplesDecoded; sample++, at += channelData.length * bytes) {
      const value = (channel[sample] ?? 0) * scale;
      const whole = (value < 0 ? value - 0.5 : value + 0.5) | 0;
      pcm[at] = whole;
      if (bytes > 1) pcm[at + 1] = whole >> 8;
      if (bytes > 2) pcm[at + 2] = whole >> 16;
    }
  });
  hash.update(pcm);
}

/** With a pause after each window of the file, for whatever else this thread has to do. */
async function* blocksOf(file: FileBytes, { start, end }: Stretch, bytes = Infinity): AsyncGenerator<Buffer> {
  for (const window of file.blocks(start, end)) {
    await turn();
    for (let at = 0; at < window.length; at += bytes) {
      file.headway();
      yield window.subarray(at, at + bytes);
    }
  }
}
