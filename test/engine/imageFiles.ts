/** Images as bytes, of every format and of unusual kinds of each, and what is done to them on the way. */
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

export interface ImageFile {
  /** Says the kind, and ends in the right extension. */
  readonly name: string;
  readonly format: string;
  readonly bytes: Buffer;
  /** False where only the structure is checked. */
  readonly decoded: boolean;
}

export const WIDTH = 48;
export const HEIGHT = 32;

/** Good files, of a few kilobytes each; all are of {@link WIDTH} × {@link HEIGHT} pixels. */
export async function imageFiles(): Promise<ImageFile[]> {
  const film = await animation();
  const jpeg = await picture().jpeg().toBuffer();
  const heif = await picture().avif({ effort: 0 }).toBuffer();
  const files: Readonly<Record<string, Sharp | Buffer>> = {
    'baseline.jpg': jpeg,
    'progressive.jpg': picture().jpeg({ progressive: true }),
    'cmyk.jpg': picture().toColourspace('cmyk').jpeg(),
    'grey.jpg': picture().toColourspace('b-w').jpeg(),
    'with-profile-and-exif.jpg': picture()
      .withIccProfile('p3')
      .withExif({ IFD0: { Artist: 'Ada' } })
      .jpeg(),
    'restart-markers.jpg': await restartingJpeg(),
    'two-pictures.jpg': indexedJpeg(jpeg, await picture(11).jpeg({ quality: 40 }).toBuffer()),
    'motion-photo.jpg': Buffer.concat([jpeg, Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1')]),
    'plain.png': picture().png(),
    'interlaced.png': picture().png({ progressive: true }),
    'sixteen-bit.png': picture().toColourspace('rgb16').png(),
    'palette.png': picture().png({ palette: true, colours: 16 }),
    'transparent.png': picture().ensureAlpha(0.5).png(),
    'animated.png': animatedPng(),
    'still.gif': picture().gif(),
    'animated.gif': film.clone().gif(),
    'lossy.webp': picture().webp(),
    'lossless.webp': picture().webp({ lossless: true }),
    'transparent.webp': picture().ensureAlpha(0.5).webp(),
    'animated.webp': film.clone().webp(),
    'strips.tif': picture().tiff({ compression: 'lzw' }),
    'tiles.tif': picture().tiff({ tile: true, tileWidth: 16, tileHeight: 16, compression: 'deflate' }),
    'pyramid.tif': picture().tiff({ tile: true, tileWidth: 16, tileHeight: 16, pyramid: true }),
    'pages.tif': film.clone().tiff({ compression: 'deflate' }),
    'jpeg-inside.tif': picture().tiff({ compression: 'jpeg' }),
    'big.tif': picture().tiff({ bigtiff: true }),
    'one-bit.tif': picture().toColourspace('b-w').threshold().tiff({ bitdepth: 1, compression: 'ccittfax4' }),
    'big-endian.tif': bigEndianTiff(),
    'true-colour.avif': heif,
    'high-depth.avif': picture().avif({ effort: 0, bitdepth: 10 }),
    'photo.heic': Buffer.from(heif.toString('latin1').replace('ftypavif', 'ftypheic'), 'latin1'),
    'bottom-up.bmp': bmp(HEIGHT),
    'top-down.bmp': bmp(-HEIGHT),
    'drawing.svg': Buffer.from(drawing),
  };
  return Promise.all(
    Object.entries(files).map(async ([name, file]) => {
      const bytes = Buffer.isBuffer(file) ? file : await file.toBuffer();
      const extension = name.slice(name.lastIndexOf('.') + 1);
      const format = { jpg: 'jpeg', tif: 'tiff' }[extension] ?? extension;
      return { name, format, bytes, decoded: !['bmp', 'heic', 'svg'].includes(format) };
    }),
  );
}

/** As many points within it, evenly spread. */
export function pointsIn(bytes: Buffer, count = 20): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor((bytes.length * (i + 1)) / (count + 1)));
}

export function withBitFlipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 4, at);
  return copy;
}

/** @param to as long as `from` */
export function withText(bytes: Buffer, from: string, to: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([u32(data.length), content, u32(crc32(content))]);
}

/** A PNG of 8-bit grey of these chunks behind its header. */
export function pngOf(width: number, height: number, ...chunks: readonly Buffer[]): Buffer {
  const header = Buffer.concat([u32(width), u32(height), Buffer.from([8, 0, 0, 0, 0])]);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, pngChunk('IHDR', header), ...chunks, pngChunk('IEND', Buffer.alloc(0))]);
}

/** Noise over a slope, so that it takes some bytes however it is compressed. */
function pixels(seed: number): Buffer {
  return Buffer.from(
    Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => ((i * i * seed) % 251) / 2 + (Math.floor(i / 3) % WIDTH) * 2),
  );
}

function picture(seed = 7): Sharp {
  return sharp(pixels(seed), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
}

async function animation(): Promise<Sharp> {
  const frames = await Promise.all([7, 11, 13].map((seed) => picture(seed).png().toBuffer()));
  return sharp(frames, { join: { animated: true } });
}

/** Each block of 8 × 8 pixels is mid-grey, which takes six bits, and is followed by a restart marker. */
async function restartingJpeg(): Promise<Buffer> {
  const grey = await picture().toColourspace('b-w').jpeg({ optimiseCoding: false }).toBuffer();
  const scan = grey.indexOf(Buffer.from([0xff, 0xda]));
  const blocks = Array.from({ length: (WIDTH * HEIGHT) / 64 }, (_, i) => {
    return i === 0 ? [0b00101011] : [0xff, 0xd0 + ((i - 1) % 8), 0b00101011];
  });
  return Buffer.concat([
    grey.subarray(0, scan),
    Buffer.from([0xff, 0xdd, 0, 4, 0, 1]),
    grey.subarray(scan, scan + 10),
    Buffer.from([...blocks.flat(), 0xff, 0xd9]),
  ]);
}

/** As phones and stereo cameras write them: an index of both pictures in the first, and the second behind it. */
function indexedJpeg(first: Buffer, second: Buffer): Buffer {
  const segmentBytes = 2 + 2 + 4 + 8 + 2 + 12 + 4 + 32;
  const firstBytes = first.length + segmentBytes;
  const index = Buffer.concat([
    Buffer.from([0xff, 0xe2, ...u16(segmentBytes - 2), ...Buffer.from('MPF\0MM\0*'), ...u32(8)]),
    Buffer.concat([u16(1), u16(0xb002), u16(7), u32(32), u32(26), u32(0)]),
    Buffer.concat([u32(0), u32(firstBytes), u32(0), u32(0)]),
    // Places are counted from behind the name of the segment, which begins behind the first two bytes.
    Buffer.concat([u32(0), u32(second.length), u32(firstBytes - 10), u32(0)]),
  ]);
  return Buffer.concat([first.subarray(0, 2), index, first.subarray(2), second]);
}

/** @param second pixel rows of the second frame, without their filters */
export function animatedPng(second = HEIGHT): Buffer {
  const control = (sequence: number): Buffer =>
    pngChunk('fcTL', Buffer.concat([u32(sequence), u32(WIDTH), u32(HEIGHT), u32(0), u32(0), u16(1), u16(10), u16(0)]));
  return pngOf(
    ...([WIDTH, HEIGHT, pngChunk('acTL', Buffer.concat([u32(2), u32(0)]))] as const),
    ...[control(0), pngChunk('IDAT', zeroFiltered(HEIGHT)), control(1)],
    pngChunk('fdAT', Buffer.concat([u32(2), zeroFiltered(second)])),
  );
}

/** Rows of grey, none of which is filtered. */
function zeroFiltered(rows: number): Buffer {
  const row = Buffer.concat([Buffer.from([0]), pixels(7).subarray(0, WIDTH)]);
  return deflateSync(Buffer.concat(Array.from({ length: rows }, () => row)));
}

/** Grey, not compressed, the pixels behind its only directory. */
function bigEndianTiff(): Buffer {
  const entries = [
    [256, WIDTH],
    [257, HEIGHT],
    [258, 8],
    [259, 1],
    [262, 1],
    [273, 8 + 2 + 9 * 12 + 4],
    [277, 1],
    [278, HEIGHT],
    [279, WIDTH * HEIGHT],
  ].map(([tag = 0, value = 0]) => Buffer.concat([u16(tag), u16(4), u32(1), u32(value)]));
  const directory = Buffer.concat([u16(entries.length), ...entries, u32(0)]);
  return Buffer.concat([Buffer.from('MM\0*'), u32(8), directory, pixels(7).subarray(0, WIDTH * HEIGHT)]);
}

/** @param height negative where its rows go from top to bottom */
function bmp(height: number): Buffer {
  const data = pixels(7);
  const bytes = Buffer.alloc(54 + data.length);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(WIDTH, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  data.copy(bytes, 54);
  return bytes;
}

const drawing = `<?xml version="1.0" encoding="UTF-8"?>
<!-- A <comment> & no markup -->
<!DOCTYPE svg [ <!ENTITY shade "#336699"> ]>
<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}px" height='${HEIGHT}' viewBox="0 0 96 64">
  <style><![CDATA[ circle > path { fill: red } ]]></style>
  <title>Größe &lt; 10 &#8212; &shade;</title>
  <g><circle cx="24" cy="16" r="10" fill="&shade;" /><path d="M 1 1 L 20 20"/></g>
</svg>
`;

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
