/** Audio as bytes, of every format and of unusual kinds of each, and what is made of it by hand. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { crc8, flacCrc16Table, oggCrc32 } from '../../src/engine/media/integrity/crc';

export interface AudioFile {
  /** Says the kind, and ends in the right extension. */
  readonly name: string;
  readonly format: string;
  readonly bytes: Buffer;
  /** False where only the structure is checked. */
  readonly decoded: boolean;
  readonly seconds: number;
}

export const RATE = 8000;

/** Good files, of a few kilobytes each; all are of {@link RATE} samples in a second. */
export async function audioFiles(): Promise<AudioFile[]> {
  const [mp3, ogg, opus, flac16, flac24, aiff, m4a, aac] = await Promise.all(
    [
      'sound.mp3',
      'sound.ogg',
      'sound.opus',
      'sound16.flac',
      'sound24.flac',
      'sound.aiff',
      'sound.m4a',
      'sound.aac',
    ].map((name) => readFile(path.resolve('test/fixtures/audio', name))),
  );
  const file = (
    name: string,
    format: string,
    bytes: Buffer | undefined,
    seconds: number,
    decoded = true,
  ): AudioFile => ({
    name,
    format,
    bytes: bytes ?? Buffer.alloc(0),
    decoded,
    seconds,
  });
  const sound = mp3 ?? Buffer.alloc(0);
  return [
    file('variable.mp3', 'mp3', sound, 0.5),
    file('tagged.mp3', 'mp3', Buffer.concat([id3v2(2000), sound, apeTag(300), id3v1()]), 0.5),
    file('uncounted.mp3', 'mp3', sound.subarray(FIRST_FRAME_BYTES), 0.648),
    file('vorbis.ogg', 'ogg', ogg, 0.5),
    file('chained.ogg', 'ogg', Buffer.concat([ogg ?? sound, withSerial(ogg ?? sound, 77)]), 1),
    file('opus.opus', 'ogg', opus, 0.5),
    file('sixteen.flac', 'flac', flac16, 0.5),
    file('twenty-four.flac', 'flac', flac24, 0.5),
    file('tagged.flac', 'flac', Buffer.concat([id3v2(100), flac16 ?? sound, id3v1()]), 0.5),
    file('many-frames.flac', 'flac', silentFlac(50), (50 * 192) / RATE),
    file('plain.wav', 'wav', wav(), 0.125),
    file('float.wav', 'wav', wav({ tag: 3, bits: 32 }), 0.125),
    file('mu-law.wav', 'wav', wav({ tag: 7, bits: 8 }), 0.125),
    file('extensible.wav', 'wav', wav({ bits: 24, extensible: true }), 0.125),
    file('long.wav', 'wav', wav({ id: 'RF64' }), 0.125),
    file('broadcast.wav', 'wav', wav({ id: 'BW64', bits: 24 }), 0.125),
    file('tagged.wav', 'wav', wav({ after: chunk('LIST', Buffer.from('INFOISFT\x04\0\0\0Lavf')) }), 0.125),
    file('sound.aiff', 'aiff', aiff, 0.5, false),
    file('sound.m4a', 'm4a', m4a, 0.628, false),
    file('boxes.m4a', 'm4a', boxes(), 2, false),
    file('sound.aac', 'aac', aac, 0.64, false),
  ];
}

/** Of the fixture, the one that counts the others. */
export const FIRST_FRAME_BYTES = 288;

export interface WavOptions {
  readonly id?: 'RIFF' | 'RF64' | 'BW64';
  readonly tag?: number;
  readonly bits?: number;
  readonly extensible?: boolean;
  readonly after?: Buffer;
  /** What the header says in place of the sizes of the file and of the samples. */
  readonly sizes?: readonly [number, number];
}

/** An eighth of a second, two channels. */
export function wav({ id = 'RIFF', tag = 1, bits = 16, extensible = false, after, sizes }: WavOptions = {}): Buffer {
  const frameBytes = (2 * bits) / 8;
  const samples = Buffer.alloc((RATE / 8) * frameBytes);
  for (let at = 0; at + 4 <= samples.length; at += 4) {
    if (tag === 3) samples.writeFloatLE(Math.sin(at / 40), at);
    else samples.writeInt32LE(Math.round(Math.sin(at / 40) * 2 ** 30), at);
  }
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(2, 2);
  format.writeUInt32LE(RATE, 4);
  format.writeUInt32LE(RATE * frameBytes, 8);
  format.writeUInt16LE(frameBytes, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) format.writeUInt16LE(tag, 24);
  const isLong = id !== 'RIFF';
  const data = chunk('data', samples, isLong ? 0xffff_ffff : sizes?.[1]);
  const long = Buffer.alloc(isLong ? 28 : 0);
  const parts = () => [...(isLong ? [chunk('ds64', long)] : []), chunk('fmt ', format), data, after ?? Buffer.alloc(0)];
  const length = 4 + Buffer.concat(parts()).length;
  if (isLong) {
    long.writeBigUInt64LE(BigInt(length), 0);
    long.writeBigUInt64LE(BigInt(samples.length), 8);
  }
  const header = Buffer.from(`${id}\0\0\0\0WAVE`, 'latin1');
  header.writeUInt32LE(isLong ? 0xffff_ffff : (sizes?.[0] ?? length), 4);
  return Buffer.concat([header, ...parts()]);
}

export function chunk(id: string, content: Buffer, length = content.length): Buffer {
  const header = Buffer.from(`${id}\0\0\0\0`, 'latin1');
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

/** Of those of {@link silentFlac}: a header, one constant, a checksum. */
export const SILENT_FRAME_BYTES = 11;

/** Silence in frames of 192 samples. */
export function silentFlac(frames: number, lost: (frame: number) => boolean = () => false): Buffer {
  const info = Buffer.alloc(42);
  info.write('fLaC', 'latin1');
  info.writeUInt32BE(0x80000022, 4);
  info.writeUInt16BE(192, 8);
  info.writeUInt16BE(192, 10);
  info.writeUInt32BE(RATE * 2 ** 12 + 15 * 2 ** 4, 18);
  info.writeUInt32BE(frames * 192, 22);
  return Buffer.concat([info, ...Array.from({ length: frames }, (_, n) => (lost(n) ? [] : [silentFrame(n)])).flat()]);
}

function silentFrame(number: number): Buffer {
  const coded = number < 0x80 ? [number] : [0xc0 | (number >> 6), 0x80 | (number & 0x3f)];
  const header = Buffer.from([0xff, 0xf8, 0x10, 0x08, ...coded]);
  const content = Buffer.concat([header, Buffer.from([crc8(header), 0, 0, 0])]);
  let crc = 0;
  for (const byte of content) crc = ((crc << 8) & 0xffff) ^ (flacCrc16Table[(crc >> 8) ^ byte] ?? 0);
  return Buffer.concat([content, Buffer.from([crc >> 8, crc & 0xff])]);
}

/** The pages of an Ogg file as those of another stream. */
function withSerial(ogg: Buffer, serial: number): Buffer {
  return changedPages(ogg, (page) => page.writeUInt32LE(serial, 14));
}

/** Each page of an Ogg file, changed, with its checksum made right again. */
export function changedPages(ogg: Buffer, change: (page: Buffer, index: number) => void): Buffer {
  return Buffer.concat(
    pagesOf(ogg).map((original, index) => {
      const page = Buffer.from(original);
      change(page, index);
      page.writeUInt32LE(0, 22);
      page.writeUInt32LE(oggCrc32(page), 22);
      return page;
    }),
  );
}

export function pagesOf(ogg: Buffer): Buffer[] {
  const pages: Buffer[] = [];
  for (let at = 0; at < ogg.length;) {
    const segments = ogg[at + 26] ?? 0;
    const sizes = ogg.subarray(at + 27, at + 27 + segments);
    const end = at + 27 + segments + sizes.reduce((sum, size) => sum + size, 0);
    pages.push(ogg.subarray(at, end));
    at = end;
  }
  return pages;
}

/** An M4A whose description stands before the sound, in one chunk that a table places. */
export function boxes({ place }: { readonly place?: number } = {}): Buffer {
  const numbers = (...values: number[]) => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
    return bytes;
  };
  const entry = Buffer.alloc(28);
  entry.writeUInt16BE(2, 16);
  entry.writeUInt32BE(RATE * 2 ** 16, 24);
  const movie = (chunkAt: number) =>
    box(
      'moov',
      box(
        'trak',
        box(
          'mdia',
          box('mdhd', numbers(0, 0, 0, RATE, 2 * RATE, 0)),
          box('hdlr', numbers(0, 0), Buffer.from('soun'), Buffer.alloc(13)),
          box('minf', box('stbl', box('stsd', numbers(0, 1), box('alac', entry)), box('stco', numbers(0, 1, chunkAt)))),
        ),
      ),
    );
  const type = box('ftyp', Buffer.from('M4A \0\0\0\0'));
  const start = type.length + movie(0).length + 8;
  return Buffer.concat([type, movie(place ?? start), box('mdat', Buffer.alloc(500, 7))]);
}

export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const all = Buffer.concat(content);
  const header = Buffer.from(`\0\0\0\0${type}`, 'latin1');
  header.writeUInt32BE(all.length + 8);
  return Buffer.concat([header, all]);
}

function id3v2(length: number): Buffer {
  return Buffer.concat([
    Buffer.from([...Buffer.from('ID3'), 4, 0, 0, 0, 0, length >> 7, length & 0x7f]),
    Buffer.alloc(length),
  ]);
}

function id3v1(): Buffer {
  return Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 32)]);
}

function apeTag(length: number): Buffer {
  const end = Buffer.alloc(32);
  end.write('APETAGEX');
  end.writeUInt32LE(2000, 8);
  end.writeUInt32LE(length + 32, 12);
  return Buffer.concat([Buffer.alloc(length, 1), end]);
}
