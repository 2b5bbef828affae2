/** The header of one MPEG audio frame, of layer 1, 2 or 3. */
import type { FrameHeader } from './frames';

export interface Mp3Header extends FrameHeader {
  readonly layer: number;
  readonly mpeg1: boolean;
}

export const MP3_HEADER_BYTES = 4;

/** In kbit/s by their codes, by MPEG 1 or later, and by layer. */
const bitrates: Readonly<Record<string, readonly number[]>> = {
  '1/1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1/2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1/3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2/1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2/2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2/3': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
/** In Hz by their codes, of MPEG 1; later ones have a half or a quarter. */
const sampleRates = [44100, 48000, 32000];
/** By the code of the version; 1 is none. */
const rateDivisors = [4, undefined, 2, 1];

/** Undefined where none begins there, or one that does not say how long it is. */
export function mp3Header(bytes: Uint8Array): Mp3Header | undefined {
  const fields = fieldsOf(bytes);
  const divisor = rateDivisors[fields?.version ?? 1];
  const fullRate = sampleRates[fields?.rateCode ?? 3];
  if (!fields || divisor === undefined || fullRate === undefined) return undefined;
  const { version, layer, bitrateCode, padding, channels } = fields;
  const mpeg1 = version === 3;
  const bitrate = bitrates[`${mpeg1 ? 1 : 2}/${layer}`]?.[bitrateCode - 1];
  if (bitrate === undefined) return undefined;
  const sampleRate = fullRate / divisor;
  const samples = layer === 1 ? 384 : layer === 3 && !mpeg1 ? 576 : 1152;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor((samples / 8 / slotBytes) * ((bitrate * 1000) / sampleRate)) + padding;
  const kind = (version * 4 + layer) * 4 + fields.rateCode;
  return { length: slots * slotBytes, samples, sampleRate, channels, kind, layer, mpeg1 };
}

/** Whether a frame begins there that leaves its bit rate open, so that its length can only be found out. */
export function isFreeFormat(bytes: Uint8Array): boolean {
  const fields = fieldsOf(bytes);
  return fields?.bitrateCode === 0 && fields.rateCode !== 3 && fields.version !== 1;
}

function fieldsOf(bytes: Uint8Array) {
  const [first, second, third, fourth] = bytes;
  if (first !== 0xff || second === undefined || third === undefined || fourth === undefined) return undefined;
  const layer = 4 - ((second >> 1) & 3);
  if ((second & 0xe0) !== 0xe0 || layer === 4) return undefined;
  return {
    version: (second >> 3) & 3,
    layer,
    bitrateCode: third >> 4,
    rateCode: (third >> 2) & 3,
    padding: (third >> 1) & 1,
    channels: fourth >> 6 === 3 ? 1 : 2,
  };
}
