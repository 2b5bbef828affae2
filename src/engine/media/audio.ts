/**
 * What an audio file is like, and how much of it is silent or clipped. Loaded by itself, when it is needed: it brings
 * WebAssembly and a parser for every container there is.
 */
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { parseBuffer, parseFile, type IFormat } from 'music-metadata';
import { cancelled } from '../../protocol';
import { extensionByContent } from './container';
import { decoderOf } from './decoders';
import { Loudness } from './loudness';
import { readWavHeader, type WavHeader } from './wav';

export interface AudioProperties {
  /** `wav`, `mp3`, `flac`, `ogg vorbis`, `ogg opus`, else the name of the container. */
  readonly format: string;
  readonly durationSeconds: number;
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Of the first {@link DECODED_SECONDS}; absent where the codec is not one that is decoded. */
  readonly samples?: { readonly total: number; readonly silent: number; readonly clipped: number };
}

/** Longer recordings are judged by their beginning. */
export const DECODED_SECONDS = 300;
/** Files up to here are read as a whole and recognised by their content, longer ones by their names. */
const IN_MEMORY_BYTES = 16 << 20;
const TIME_LIMIT_MS = 20_000;
const READ_BYTES = 1 << 16;

/**
 * Undefined where the file is no audio, or not a whole one. Rejects with the cancelled error once the signal is aborted.
 * @param file as `mediaFinder` found it
 */
export async function audioProperties(
  file: { readonly path: string; readonly bytes: number },
  signal: AbortSignal,
): Promise<AudioProperties | undefined> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]);
  let handle: FileHandle | undefined;
  try {
    handle = await open(file.path);
    const wav = await readWavHeader(handle);
    return wav ? await ofWav(handle, wav, end) : await ofOther(handle, file, end);
  } catch {
    // Decoders throw whatever they please on what is none of theirs.
    if (signal.aborted) throw cancelled();
    return undefined;
  } finally {
    await handle?.close();
  }
}

async function ofWav(file: FileHandle, wav: WavHeader, end: AbortSignal): Promise<AudioProperties | undefined> {
  const { channels, sampleRate, read, frameBytes, fullScale, start, whole } = wav;
  if (!whole) return undefined;
  const frames = Math.floor(wav.bytes / frameBytes);
  const known = { format: 'wav', durationSeconds: frames / sampleRate, sampleRate, channels };
  if (!read) return known;
  const loudness = new Loudness(fullScale);
  const limit = Math.min(frames, DECODED_SECONDS * sampleRate) * frameBytes;
  const sampleBytes = frameBytes / channels;
  const blockBytes = Math.max(1, Math.floor(READ_BYTES / frameBytes)) * frameBytes;
  for await (const block of blocks(file, start, limit, blockBytes, end)) {
    for (let at = 0; at < block.length; at += sampleBytes) loudness.add(read(block, at));
  }
  return { ...known, samples: loudness.samples };
}

async function ofOther(
  file: FileHandle,
  { path, bytes }: { readonly path: string; readonly bytes: number },
  end: AbortSignal,
): Promise<AudioProperties | undefined> {
  const format = await Promise.race([formatOf(path, bytes), aborted(end)]);
  const { sampleRate, numberOfChannels: channels, duration } = format;
  if (!sampleRate || !channels) return undefined;
  const codec = decoderOf(format);
  if (!codec) return duration ? { format: nameOf(format), durationSeconds: duration, sampleRate, channels } : undefined;

  const loudness = new Loudness(1 - 2 ** (1 - (codec.lossless ? (format.bitsPerSample ?? 16) : 16)));
  const decoder = codec.create();
  let frames = 0;
  let atEnd = true;
  try {
    await decoder.ready;
    const take = ({ channelData, samplesDecoded, errors }: Awaited<ReturnType<typeof decoder.decode>>): void => {
      if (codec.lossless && errors.length > 0) throw new Error('damaged');
      for (const channel of channelData) for (const sample of channel) loudness.add(sample);
      frames += samplesDecoded;
    };
    for await (const block of blocks(file, 0, bytes, READ_BYTES, end)) {
      take(await decoder.decode(block));
      atEnd = frames < DECODED_SECONDS * sampleRate;
      if (!atEnd) break;
    }
    if (atEnd && decoder.flush) take(await decoder.flush());
  } finally {
    decoder.free();
  }
  const promised = duration === undefined ? undefined : Math.round(duration * sampleRate);
  if (frames === 0 || (codec.lossless && atEnd && promised !== undefined && frames < promised)) return undefined;
  // What an encoder adds at both ends of an MP3 is not heard, but counted in its header.
  const heard = atEnd && (codec.name === 'mp3' || !duration) ? frames / sampleRate : duration;
  if (!heard) return undefined;
  return { format: codec.name, durationSeconds: heard, sampleRate, channels, samples: loudness.samples };
}

/** As its content says; where that doesn't, as its name does. */
async function formatOf(path: string, bytes: number): Promise<IFormat> {
  const options = { duration: true, skipCovers: true };
  if (bytes > IN_MEMORY_BYTES) return (await parseFile(path, options)).format;
  const content = await readFile(path);
  return (await parseBuffer(content, { path: extensionByContent(content) ?? path, size: bytes }, options)).format;
}

function nameOf({ container, codec }: IFormat): string {
  return (container ?? codec ?? 'unknown').toLowerCase();
}

async function* blocks(
  file: FileHandle,
  start: number,
  bytes: number,
  blockBytes: number,
  end: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; at += blockBytes) {
    end.throwIfAborted();
    const length = Math.min(blockBytes, bytes - at);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position: start + at });
    if (bytesRead < length) throw new Error('The file became shorter');
    yield buffer;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
