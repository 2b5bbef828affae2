/** The codecs whose samples are looked at; each decoder carries its WebAssembly within itself. */
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { MPEGDecoder } from 'mpg123-decoder';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import type { IFormat } from 'music-metadata';

/** Of as many bytes as one decode was given: a block of samples per channel. */
export interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
  readonly errors: readonly { readonly message: string }[];
}

interface Decoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  flush?(): Promise<Decoded>;
  free(): void;
}

export interface Codec {
  readonly name: string;
  /** Whether what is decoded is what was recorded, so that an error in it is damage. */
  readonly lossless: boolean;
  readonly create: () => Decoder;
}

export const codecs = {
  flac: { name: 'flac', lossless: true, create: () => new FLACDecoder() },
  mp3: { name: 'mp3', lossless: false, create: () => new MPEGDecoder() },
  vorbis: { name: 'ogg vorbis', lossless: false, create: () => new OggVorbisDecoder() },
  opus: { name: 'ogg opus', lossless: false, create: () => new OggOpusDecoder() },
} as const satisfies Readonly<Record<string, Codec>>;

/** Undefined where there is none for it. */
export function decoderOf({ container = '', codec = '' }: IFormat): Codec | undefined {
  if (container === 'FLAC') return codecs.flac;
  if (container === 'MPEG' && codec.endsWith('Layer 3')) return codecs.mp3;
  if (container === 'Ogg' && codec.startsWith('Vorbis')) return codecs.vorbis;
  if (container === 'Ogg' && codec.startsWith('Opus')) return codecs.opus;
  return undefined;
}

/** What the blocks hold, block by block. */
export async function* decode(
  codec: Codec,
  blocks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Decoded> {
  const decoder = codec.create();
  try {
    await decoder.ready;
    for await (const block of blocks) yield await decoder.decode(block);
    if (decoder.flush) yield await decoder.flush();
  } finally {
    decoder.free();
  }
}

/** The same of FLAC whose frames are known; finding them again is most of the work, and fails where they are short. */
export async function* decodeFlacFrames(batches: AsyncIterable<Uint8Array[]>): AsyncGenerator<Decoded> {
  const decoder = new FLACDecoder();
  try {
    await decoder.ready;
    for await (const frames of batches) yield await decoder.decodeFrames(frames);
  } finally {
    decoder.free();
  }
}
