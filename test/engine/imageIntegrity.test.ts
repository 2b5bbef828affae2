/** Whether image files are whole: no alarm for good ones of any kind, and none of the ways to lose bytes goes unnoticed. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { checkMedia, type MediaVerdict } from '../../src/engine/media/integrity';
import { remove, temporaryFolder } from '../host/workspace';
import {
  animatedPng,
  HEIGHT,
  imageFiles,
  pngChunk,
  pngOf,
  pointsIn,
  WIDTH,
  withBitFlipped,
  withText,
} from './imageFiles';
import type { ImageFile } from './imageFiles';

describe('the integrity of images', () => {
  let folder: string;
  let good: ImageFile[];
  const { signal } = new AbortController();

  before(async () => {
    folder = await temporaryFolder();
    good = await imageFiles();
  });
  after(() => remove(folder));

  function file(name: string): Buffer {
    const found = good.find((image) => image.name === name);
    assert.ok(found, name);
    return found.bytes;
  }
  async function verdictOn(name: string, bytes: Uint8Array | string, kind?: 'image' | 'audio'): Promise<MediaVerdict> {
    const target = path.join(folder, name);
    await writeFile(target, bytes);
    return checkMedia(target, { signal, ...(kind && { kind }) });
  }
  /** Each problem as `severity code @byte`. */
  async function problemsOf(name: string, bytes: Uint8Array | string, kind?: 'image' | 'audio'): Promise<string[]> {
    const { problems } = await verdictOn(name, bytes, kind);
    return problems.map(({ severity, code, byte }) => `${severity} ${code}${byte === undefined ? '' : ` @${byte}`}`);
  }

  it('has nothing to say of a good file of any kind', async () => {
    for (const { name, format, bytes, decoded } of good) {
      const { pages: _, ...verdict } = await verdictOn(name, bytes, 'image');
      const expected = { kind: 'image', format, decoded, problems: [], width: WIDTH, height: HEIGHT };
      assert.deepEqual(verdict, expected, name);
    }
  });

  it('counts the pictures of an animation and the pages of a TIFF', async () => {
    for (const name of ['animated.gif', 'animated.webp', 'pages.tif']) {
      assert.equal((await verdictOn(name, file(name))).pages, 3, name);
    }
  });

  it('notices a file that was cut at any point', async () => {
    const told = new Set(['file-truncated', 'file-damaged']);
    for (const { name, bytes } of good) {
      // What a motion photo lacks of its film is no part of its picture.
      const whole = name === 'motion-photo.jpg' ? file('baseline.jpg') : bytes;
      for (const length of [...pointsIn(whole), whole.length - 1].filter((cut) =>
        whole.subarray(cut).some((byte) => byte > 32),
      )) {
        const { problems, decoded } = await verdictOn(name, whole.subarray(0, length), 'image');
        assert.ok(
          problems.some(({ code }) => told.has(code)),
          `${name} cut at ${length} of ${whole.length}: ${JSON.stringify(problems)}`,
        );
        assert.ok(!decoded || problems[0]?.severity === 'warning', name);
      }
    }
  });

  it('says at which byte a cut file ends, and from where on it was never written', async () => {
    const jpeg = file('baseline.jpg');
    const cut = await verdictOn('cut.jpg', jpeg.subarray(0, 700));
    assert.deepEqual(cut.problems, [
      {
        code: 'file-truncated',
        severity: 'error',
        message: 'The file ends at byte 700, before the marker that closes the image (EOI).',
        byte: 700,
      },
    ]);
    const filled = await verdictOn('filled.jpg', Buffer.concat([jpeg.subarray(0, 700), Buffer.alloc(300_000)]));
    assert.match(filled.problems[0]?.message ?? '', /From byte 700 on there are only zeros\.$/);
  });

  it('notices every flipped bit where the format has checksums', async () => {
    for (const name of ['plain.png', 'animated.png']) {
      for (const at of [4, 11, 14, ...pointsIn(file(name))]) {
        const problems = await problemsOf(name, withBitFlipped(file(name), at));
        assert.match(problems[0] ?? 'none', /^error file-(damaged|truncated)/, `${name}, byte ${at}`);
      }
    }
  });

  const damages: readonly { what: string; of: string; make: (bytes: Buffer) => Buffer; problem: RegExp }[] = [
    {
      what: 'a restart marker out of turn',
      of: 'restart-markers.jpg',
      make: (bytes) => withText(bytes, '\xff\xd2', '\xff\xd5'),
      problem: /^error file-damaged @\d+$/,
    },
    {
      what: 'a picture whose code stops making sense',
      of: 'baseline.jpg',
      make: (bytes) => Buffer.concat([bytes.subarray(0, -200), bytes.subarray(-2)]),
      problem: /^error file-damaged$/,
    },
    {
      what: 'bytes between two segments, which readers skip',
      of: 'baseline.jpg',
      make: (bytes) => {
        const next = 4 + bytes.readUInt16BE(4);
        return Buffer.concat([bytes.subarray(0, next), Buffer.from('junk'), bytes.subarray(next)]);
      },
      problem: /^warning file-damaged @\d+$/,
    },
    {
      what: 'a second picture that its index names and that is gone',
      of: 'two-pictures.jpg',
      make: (bytes) => bytes.subarray(0, bytes.indexOf(Buffer.from([0xff, 0xd9])) + 2),
      problem: /^warning file-truncated @\d+$/,
    },
    {
      what: 'line ends changed by a copy as text',
      of: 'plain.png',
      make: (bytes) => withText(bytes, '\r\n', '\n'),
      problem: /^error file-damaged @4$/,
    },
    {
      what: 'a part of an animation that stands out of turn',
      of: 'animated.png',
      make: () => pngOf(1, 1, pngChunk('fcTL', Buffer.alloc(26, 1))),
      problem: /^error file-damaged @33/,
    },
    {
      what: 'a picture of an animation that lacks rows',
      of: 'animated.png',
      make: () => animatedPng(HEIGHT - 1),
      problem: /^error file-damaged @\d+$/,
    },
    {
      what: 'a block that is none',
      of: 'still.gif',
      make: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([7, 0x3b])]),
      problem: /^error file-damaged @\d+$/,
    },
    {
      what: 'a picture whose codes run out before its pixels do',
      of: 'still.gif',
      make: (bytes) => withBitFlipped(bytes, bytes.length - 300),
      problem: /^error file-damaged @\d+$/,
    },
    {
      what: 'a chunk that goes beyond the container',
      of: 'lossless.webp',
      make: (bytes) => {
        const copy = Buffer.from(bytes);
        copy.writeUInt32LE(bytes.length, 16);
        return copy;
      },
      problem: /^error file-damaged @12$/,
    },
    {
      what: 'compressed pixels with a wrong checksum',
      of: 'tiles.tif',
      make: (bytes) => withBitFlipped(bytes, 40),
      problem: /^error file-damaged @\d+$/,
    },
    {
      what: 'another document',
      of: 'drawing.svg',
      make: () => Buffer.from('<?xml version="1.0"?><rss></rss>'),
      problem: /^error file-damaged @21$/,
    },
    {
      what: 'pages that go round in a circle',
      of: 'big-endian.tif',
      make: (bytes) => {
        const copy = Buffer.from(bytes);
        copy.writeUInt32BE(8, 8 + 2 + 9 * 12);
        return copy;
      },
      problem: /^error file-damaged @8$/,
    },
    {
      what: 'a picture that lies where the file has nothing',
      of: 'true-colour.avif',
      make: (bytes) => {
        const data = bytes.indexOf('mdat') - 4;
        return bytes.subarray(0, data);
      },
      problem: /^error file-truncated @\d+$/,
    },
    {
      what: 'a tag that is never closed',
      of: 'drawing.svg',
      make: (bytes) => withText(bytes, '</g>', '    '),
      problem: /^error file-damaged @\d+$/,
    },
    {
      what: 'an "&" that is none',
      of: 'drawing.svg',
      make: (bytes) => withText(bytes, '&lt;', '& lt'),
      problem: /^error file-damaged @\d+$/,
    },
    {
      what: 'bytes that are no text',
      of: 'drawing.svg',
      make: (bytes) => withText(bytes, 'path {', 'p\xfft\xff {'),
      problem: /^error file-damaged$/,
    },
  ];
  for (const { what, of, make, problem } of damages) {
    it(`notices ${what} in ${of}`, async () => {
      const problems = await problemsOf(of, make(file(of)));
      assert.match(problems.join(', '), problem);
    });
  }

  it('comes to a verdict on whatever bytes there are', async () => {
    for (const { name, bytes } of good) {
      for (const [i, at] of pointsIn(bytes, 8).entries()) {
        const copy = Buffer.from(bytes);
        copy.fill([0, 0xff, 0x7f, 0x80][i % 4] ?? 0, at, at + 4 + i);
        const { problems } = await verdictOn(name, copy);
        assert.ok(
          problems.every(({ code }) => code !== 'file-unreadable'),
          `${name}, byte ${at}`,
        );
      }
    }
  });

  it('warns of bytes after the end, and says where they begin', async () => {
    for (const { name, format, bytes } of good.filter((image) => image.name !== 'motion-photo.jpg')) {
      const problems = await problemsOf(name, Buffer.concat([bytes, Buffer.from('something else entirely')]));
      const severity = format === 'svg' ? 'error' : 'warning';
      assert.deepEqual(problems, [`${severity} file-trailing-bytes @${bytes.length}`], name);
    }
  });

  const pointer = [
    'version https://git-lfs.github.com/spec/v1',
    `oid sha256:${'4d7a'.repeat(16)}`,
    'size 12345',
    '',
  ].join('\n');
  const others: readonly { what: string; name: string; bytes: Buffer | string; problem: string; message: RegExp }[] = [
    { what: 'nothing', name: 'a.jpg', bytes: '', problem: 'error file-empty', message: /no bytes/ },
    {
      what: 'zeros',
      name: 'a.png',
      bytes: Buffer.alloc(5000),
      problem: 'error file-all-zeros @0',
      message: /All 5000 bytes/,
    },
    {
      what: 'a web page',
      name: 'a.jpg',
      bytes: '<!DOCTYPE html>\n<html><body>Not found <svg></svg></body></html>',
      problem: 'error file-not-media @0',
      message: /^The content is a web page, not a JPEG image: "<!DOCTYPE html> <html>/,
    },
    {
      what: "a server's message in JSON",
      name: 'a.png',
      bytes: '{"error": "rate limit"}',
      problem: 'error file-not-media @0',
      message: /is JSON, not a PNG image: "\{"error": "rate limit"\}"$/,
    },
    {
      what: "a server's message in XML",
      name: 'a.gif',
      bytes: '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
      problem: 'error file-not-media @0',
      message: /is XML, not a GIF image/,
    },
    {
      what: 'text in UTF-16',
      name: 'a.bmp',
      bytes: Buffer.from('\ufeffNot found', 'utf16le'),
      problem: 'error file-not-media @0',
      message: /is text, not a BMP image: "Not found"$/,
    },
    {
      what: 'a Git LFS pointer',
      name: 'a.tif',
      bytes: pointer,
      problem: 'error file-lfs-pointer @0',
      message: /of 12345 bytes that it stands for\. Run `git lfs pull`\.$/,
    },
    {
      what: 'a PDF document',
      name: 'a.webp',
      bytes: '%PDF-1.7\n%\xe2\xe3',
      problem: 'error file-not-media @0',
      message: /is a PDF document, not a WebP image/,
    },
    {
      what: 'what begins like nothing',
      name: 'a.jpg',
      bytes: Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
      problem: 'error file-not-media @0',
      message: /begins with the bytes 00 11 22 33 44 55 66 77\.$/,
    },
    {
      what: 'a format that is not checked',
      name: 'a.jxl',
      bytes: Buffer.from('\0\0\0\x0cJXL \r\n\x87\n', 'latin1'),
      problem: 'warning file-unsupported',
      message: /a JPEG XL image, a format that is not checked/,
    },
  ];
  for (const { what, name, bytes, problem, message } of others) {
    it(`tells ${what} by its content when it is saved as ${name}`, async () => {
      const verdict = await verdictOn(name, bytes);
      assert.deepEqual(await problemsOf(name, bytes), [problem]);
      assert.match(verdict.problems[0]?.message ?? '', message);
      assert.equal(verdict.decoded, false);
    });
  }

  it('warns of an extension of another format, and checks the content all the same', async () => {
    const { problems, format, decoded } = await verdictOn('really-a-png.jpg', file('plain.png'));
    assert.deepEqual([format, decoded], ['png', true]);
    assert.equal(problems[0]?.message, 'The content is a PNG image, but the name ends in .jpg; .png would be right.');
    const cut = await problemsOf('cut-png.jpg', file('plain.png').subarray(0, 500));
    assert.deepEqual(cut, ['error file-truncated @500', 'warning file-wrong-extension @0']);
    assert.deepEqual(await problemsOf('no extension', file('plain.png')), []);
    assert.deepEqual(await problemsOf('photo.dng', file('big-endian.tif')), []);
  });

  it('tells an image where audio is expected', async () => {
    assert.deepEqual(await problemsOf('a.png', file('plain.png'), 'audio'), ['error file-wrong-kind @0']);
  });

  it('does not decode a small file that promises a vast picture', async () => {
    const bomb = pngOf(100_000, 100_000, pngChunk('IDAT', Buffer.alloc(100)));
    const { problems, decoded, width } = await verdictOn('bomb.png', bomb);
    assert.deepEqual([decoded, width], [false, 100_000]);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['file-bomb'],
    );
    assert.match(problems[0]?.message ?? '', /^The header promises 100000 × 100000 pixels in \d+ bytes/);
  });

  it('says that a kind of TIFF is not decoded instead of calling it damaged', async () => {
    const planes = withText(
      await sharp({ create: { width: 16, height: 16, channels: 3, background: '#369' } })
        .tiff({ compression: 'deflate' })
        .toBuffer(),
      '\x03\x01\x03\0\x01\0\0\0\x08\0',
      '\x03\x01\x03\0\x01\0\0\0\x6d\x88',
    );
    const { problems, decoded } = await verdictOn('lzma.tif', planes);
    assert.equal(decoded, false);
    assert.deepEqual(
      problems.map(({ code, severity }) => `${severity} ${code}`),
      ['warning file-unsupported'],
    );
  });

  it('reports a file that is not there, or is a folder, as unreadable', async () => {
    for (const target of [path.join(folder, 'nowhere.png'), folder]) {
      const { problems } = await checkMedia(target, { signal });
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['file-unreadable'],
        target,
      );
    }
  });

  it('stops once it is cancelled', async () => {
    const target = path.join(folder, 'plain.png');
    await writeFile(target, file('plain.png'));
    await assert.rejects(checkMedia(target, { signal: AbortSignal.abort(new Error('stopped')) }), /stopped/);
  });
});
