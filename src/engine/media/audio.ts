/**
 * What an audio file is like, and how much of it is silent or clipped. Loaded by itself, when it is needed: it brings
 * WebAssembly and a parser for every container there is.
 */
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { parseBuffer, parseFile, type IFormat } from 'music-metadata';
import { cancelled } from '../../protocol';
import { aborted } from './aborted';
import { decode, decoderOf } from './decoders';
import { ByteReader } from './integrity/bytes';
import { FileBytes } from './integrity/fileBytes';
import { formatByContent } from './integrity/formats';
import { walkWav } from './integrity/wav';
import { Loudness } from './loudness';

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
    return (await ofWav(handle, end)) ?? (await ofOther(handle, file, end));
  } catch {
    // Decoders throw whatever they please on what is none of theirs.
    if (signal.aborted) throw cancelled();
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** Undefined where it is no WAV. Throws where it is none that is whole. */
async function ofWav(handle: FileHandle, end: AbortSignal): Promise<AudioProperties | undefined> {
  const file = new FileBytes(handle.fd, (await handle.stat()).size);
  if (formatByContent(file)?.format !== 'wav') return undefined;
  const { seconds, sampleRate, channels, sound, problems } = walkWav(file);
  const damage = problems.find(({ severity }) => severity === 'error');
  if (damage || seconds === undefined || sampleRate === undefined || channels === undefined) {
    throw new Error(damage?.message ?? 'The header does not say what it holds');
  }
  const known = { format: 'wav', durationSeconds: seconds, sampleRate, channels };
  if (sound?.codec !== 'pcm' || !sound.sample) return known;
  const { sample, stretch, frameBytes } = sound;
  const loudness = new Loudness(sample.fullScale);
  const heard = Math.min(stretch.end, stretch.start + DECODED_SECONDS * sampleRate * frameBytes);
  for (const block of file.blocks(stretch.start, heard)) {
    for (let at = 0; at < block.length; at += sample.bytes) loudness.add(sample.read(block, at));
    await turn();
    end.throwIfAborted();
  }
  return { ...known, samples: loudness.samples };
}

async function ofOther(
  handle: FileHandle,
  { path, bytes }: { readonly path: string; readonly bytes: number },
  end: AbortSignal,
): Promise<AudioProperties | undefined> {
  const format = await Promise.race([formatOf(path, bytes), aborted(end)]);
  const { sampleRate, numberOfChannels: channels, duration } = format;
  if (!sampleRate || !channels) return undefined;
  const codec = decoderOf(format);
  if (!codec) return duration ? { format: nameOf(format), durationSeconds: duration, sampleRate, channels } : undefined;

  const loudness = new Loudness(1 - 2 ** (1 - (codec.lossless ? (format.bitsPerSample ?? 16) : 16)));
  let frames = 0;
  let atEnd = true;
  for await (const decoded of decode(codec, blocks(handle, bytes, end))) {
    if (codec.lossless && decoded.errors.length > 0) throw new Error('damaged');
    for (const channel of decoded.channelData) for (const sample of channel) loudness.add(sample);
    frames += decoded.samplesDecoded;
    atEnd = frames < DECODED_SECONDS * sampleRate;
    if (!atEnd) break;
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
  const [extension = path] = formatByContent(new ByteReader(content, 'big'))?.extensions ?? [];
  return (await parseBuffer(content, { path: extension, size: bytes }, options)).format;
}

function nameOf({ container, codec }: IFormat): string {
  return (container ?? codec ?? 'unknown').toLowerCase();
}

async function* blocks(file: FileHandle, bytes: number, end: AbortSignal): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; at += READ_BYTES) {
    end.throwIfAborted();
    const length = Math.min(READ_BYTES, bytes - at);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position: at });
    if (bytesRead < length) throw new Error('The file became shorter');
    yield buffer;
  }
}
