/** The codecs whose samples are looked at; each decoder carries its WebAssembly within itself. */
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { MPEGDecoder } from 'mpg123-decoder';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import type { IFormat } from 'music-metadata';

/** Of as many bytes as one decode was given: a block of samples per channel. */
interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly errors: readonly unknown[];
}

export interface Decoder {
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

const codecs = {
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
