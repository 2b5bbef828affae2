/** Reads the samples of WAV files, which hold them as they are. */
import type { FileHandle } from 'node:fs/promises';

export interface WavHeader {
  readonly channels: number;
  readonly sampleRate: number;
  /** One sample's value, 1 is full scale; undefined where the file holds them in another form, such as µ-law. */
  readonly read: ((bytes: Buffer, offset: number) => number) | undefined;
  readonly bits: number;
  /** Of the largest sample there can be. */
  readonly fullScale: number;
  /** Bytes of one sample of each channel. */
  readonly frameBytes: number;
  /** Where the samples lie, and how many bytes of them are there. */
  readonly start: number;
  readonly bytes: number;
  /** Whether as many are there as the header promises. */
  readonly whole: boolean;
}

const EXTENSIBLE = 0xfffe;
/** By the format tag and the bits of a sample. */
const readers: Readonly<Record<string, (bytes: Buffer, offset: number) => number>> = {
  '1/8': (bytes, offset) => (bytes.readUInt8(offset) - 128) / 2 ** 7,
  '1/16': (bytes, offset) => bytes.readInt16LE(offset) / 2 ** 15,
  '1/24': (bytes, offset) => bytes.readIntLE(offset, 3) / 2 ** 23,
  '1/32': (bytes, offset) => bytes.readInt32LE(offset) / 2 ** 31,
  '3/32': (bytes, offset) => bytes.readFloatLE(offset),
  '3/64': (bytes, offset) => bytes.readDoubleLE(offset),
};
/** What programs that write into a pipe put where they do not know the length. */
const UNKNOWN_LENGTH = new Set([0, 0xffff_ffff]);
/** A header that goes on for longer is none. */
const MOST_CHUNKS = 1000;

/** Undefined where the file is no WAV. */
export async function readWavHeader(file: FileHandle): Promise<WavHeader | undefined> {
  const { size } = await file.stat();
  const at = async (position: number, length: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position });
    return buffer.subarray(0, bytesRead);
  };
  const head = (await at(0, 12)).toString('latin1');
  if (!/^(RIFF|RF64)[^]{4}WAVE$/.test(head)) return undefined;
  let format: Buffer | undefined;
  let longLength: number | undefined;
  for (let position = 12, chunks = 0; chunks < MOST_CHUNKS; chunks++) {
    const chunk = await at(position, 8);
    if (chunk.length < 8) return undefined;
    const name = chunk.toString('latin1', 0, 4);
    const length = chunk.readUInt32LE(4);
    position += 8;
    if (name === 'fmt ') format = await at(position, Math.min(length, 40));
    if (name === 'ds64') longLength = Number((await at(position, 16)).readBigUInt64LE(8));
    if (name === 'data') return format && header(format, position, size - position, longLength ?? length);
    position += length + (length % 2);
  }
  return undefined;
}

function header(format: Buffer, start: number, there: number, promised: number): WavHeader | undefined {
  if (format.length < 16) return undefined;
  const channels = format.readUInt16LE(2);
  const sampleRate = format.readUInt32LE(4);
  const frameBytes = format.readUInt16LE(12);
  const bits = format.readUInt16LE(14);
  if (channels === 0 || sampleRate === 0 || frameBytes === 0) return undefined;
  let tag = format.readUInt16LE(0);
  if (tag === EXTENSIBLE && format.length >= 26) tag = format.readUInt16LE(24);
  const known = !UNKNOWN_LENGTH.has(promised);
  const bytes = known ? Math.min(promised, there) : there;
  const read = frameBytes === (channels * bits) / 8 ? readers[`${tag}/${bits}`] : undefined;
  const fullScale = tag === 3 ? 1 : 1 - 2 ** (1 - bits);
  return { channels, sampleRate, read, bits, fullScale, frameBytes, start, bytes, whole: !known || bytes === promised };
}
