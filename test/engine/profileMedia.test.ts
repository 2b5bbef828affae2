/** What a profile says of columns that name images and audio files. */
import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { Database, text } from '../../src/engine/duckdb';
import { audioProperties, imageProperties, mediaFinder, thumbnailOf } from '../../src/engine/media';
import { audioFigures } from '../../src/engine/profile/columns/media/audio';
import { MOST_RECORDINGS } from '../../src/engine/statistics';
import { imageFigures } from '../../src/engine/profile/columns/media/image';
import { audioSchema, imageSchema, MldataError } from '../../src/protocol';
import { run } from '../host/processes';
import { remove, repository, temporaryFolder } from '../host/workspace';
import type { ProfileContext } from '../../src/engine/profile/context';
import type { StageColumn } from '../../src/engine/schema';

const fixtures = path.join(repository, 'test', 'fixtures', 'audio');
const posix = process.platform !== 'win32';

describe('figures of media', () => {
  let outside: string;
  let folder: string;
  let database: Database;
  const abort = new AbortController();

  before(async () => {
    outside = await temporaryFolder();
    folder = path.join(outside, 'repository', 'data');
    await mkdir(folder, { recursive: true });
    await mkdir(path.join(outside, 'repository', '.git'));
    database = await Database.open({ threads: 2, memoryLimit: '500MB', spillFolder: folder });
  });
  after(async () => {
    database.close();
    await remove(outside);
  });

  /** A column of these values, and where their paths start. */
  async function given(values: readonly (string | null)[], mediaFolders = [folder], signal = abort.signal) {
    const rows = values.map((value, i) => `(${i}::BIGINT, ${value === null ? 'NULL' : text(value)})`).join(', ');
    await database.run(`CREATE OR REPLACE TABLE data AS SELECT * FROM (VALUES ${rows}) AS v(__row, c0)`);
    const context: ProfileContext = {
      ...{ database, relation: 'data', rows: values.length, fast: false, seed: 7, mediaFolders, signal },
    };
    const column: StageColumn = { name: 'file', id: 'c0', type: 'image', physicalType: 'VARCHAR', spec: {} };
    return { context, column };
  }
  async function images(...asked: Parameters<typeof given>) {
    const { context, column } = await given(...asked);
    return imageSchema.parse(await imageFigures(context, column));
  }
  async function audio(...asked: Parameters<typeof given>) {
    const { context, column } = await given(...asked);
    return audioSchema.parse(await audioFigures(context, column));
  }
  async function file(name: string, content: Uint8Array | string): Promise<string> {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
    return name;
  }
  async function found(name: string) {
    const look = await mediaFinder([folder])(name);
    if (look.state !== 'found') throw new assert.AssertionError({ message: `${name} is ${look.state}` });
    return look;
  }

  /** 20 × 10 pixels, no two rows alike. */
  function picture() {
    const bytes = Buffer.from(Array.from({ length: 20 * 10 * 3 }, (_, i) => (i * i * 7) % 251));
    return sharp(bytes, { raw: { width: 20, height: 10, channels: 3 } });
  }

  describe('images', () => {
    const formats = [
      { name: 'a.png', make: () => picture().png(), format: 'png', mode: 'srgb' },
      { name: 'a.jpg', make: () => picture().jpeg(), format: 'jpeg', mode: 'srgb' },
      { name: 'a.webp', make: () => picture().webp({ lossless: true }), format: 'webp', mode: 'srgb' },
      { name: 'a.gif', make: () => picture().gif(), format: 'gif', mode: 'srgb+alpha' },
      { name: 'a.tiff', make: () => picture().tiff(), format: 'tiff', mode: 'srgb' },
      { name: 'a.avif', make: () => picture().avif(), format: 'avif', mode: 'srgb' },
      { name: 'gray.png', make: () => picture().toColourspace('b-w').png(), format: 'png', mode: 'b-w' },
      { name: 'alpha.png', make: () => picture().ensureAlpha(0.5).png(), format: 'png', mode: 'srgb+alpha' },
      { name: 'cmyk.jpg', make: () => picture().toColourspace('cmyk').jpeg(), format: 'jpeg', mode: 'cmyk' },
      { name: 'png called.jpg', make: () => picture().png(), format: 'png', mode: 'srgb' },
    ];
    for (const { name, make, format, mode } of formats) {
      it(`are told by their content: ${name}`, async () => {
        await file(name, await make().toBuffer());
        assert.deepEqual(await imageProperties(await found(name)), { format, width: 20, height: 10, mode });
      });
    }

    it('are as wide and high as they are shown', async () => {
      await file('turned.jpg', await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer());
      const { width, height } = (await imageProperties(await found('turned.jpg'))) ?? {};
      assert.deepEqual([width, height], [10, 20]);
    });

    it('are described together, each file once', async () => {
      const small = await file('small.png', await picture().png().toBuffer());
      const large = await file('large.png', await picture().resize(40, 40, { fit: 'fill' }).png().toBuffer());
      const photo = await file('photo.jpg', await picture().jpeg().toBuffer());
      const { bytes, ...figures } = await images([small, small, null, large, photo]);
      assert.deepEqual(figures, {
        missing: 0,
        unreadable: 0,
        formats: [
          { value: 'png', count: 2 },
          { value: 'jpeg', count: 1 },
        ],
        width: { min: 20, max: 40, mean: 80 / 3, median: 20 },
        height: { min: 10, max: 40, mean: 20, median: 10 },
        aspect: { min: 1, max: 2, mean: 5 / 3, median: 2 },
        modes: [{ value: 'srgb', count: 3 }],
      });
      assert.equal(bytes.min, (await found(small)).bytes);
    });

    for (const format of ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const) {
      it(`that were cut short are unreadable, wherever that was: ${format}`, async () => {
        const bytes = await picture().resize(200, 200).toFormat(format).toBuffer();
        for (const length of [bytes.length * 0.5, bytes.length * 0.95, bytes.length * 0.97, bytes.length - 1]) {
          await file('cut', bytes.subarray(0, length));
          assert.equal(await imageProperties(await found('cut')), undefined, `${length} of ${bytes.length} bytes`);
        }
      });
    }

    it('are counted where they are not there, or are none', async () => {
      await mkdir(path.join(folder, 'folder.png'), { recursive: true });
      const names = [
        await file('empty.png', ''),
        await file('text.png', 'no image'),
        await file('table.csv', '1,2\n3,4\n'),
        'folder.png',
      ];
      const { missing, unreadable, formats } = await images([
        ...names,
        'not there.png',
        '',
        ' ',
        'a\0b.png',
        `${'x'.repeat(5000)}.png`,
        'http://localhost/a.png',
        'a.png/b.png',
      ]);
      assert.deepEqual({ missing, unreadable, formats }, { missing: 7, unreadable: 4, formats: [] });
    });

    it('that promise more pixels than memory holds are not decoded', async () => {
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000"/>';
      await file('huge.svg', svg);
      assert.equal(await imageProperties(await found('huge.svg')), undefined);
    });

    it('that name others do not fetch them', async () => {
      await file(
        'red.png',
        await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
          .png()
          .toBuffer(),
      );
      const links = ['red.png', `file://${path.join(folder, 'red.png')}`].map(
        (to) => `<image href="${to}" width="8" height="8"/>`,
      );
      await file('links.svg', `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">${links.join('')}</svg>`);
      const thumbnail = await thumbnailOf(await found('links.svg'), 8);
      const { channels } = await sharp(thumbnail).stats();
      assert.deepEqual(
        channels.map(({ max }) => max),
        [0, 0, 0, 0],
      );
    });

    it('are sampled by a hash of their names, the same ones each time', async () => {
      const names = await Promise.all(
        Array.from({ length: 1003 }, (_, i) =>
          file(`many/${i}.svg`, `<svg xmlns="http://www.w3.org/2000/svg" width="${i + 1}" height="1"/>`),
        ),
      );
      const figures = await images(names);
      assert.deepEqual(figures.sampled, { values: 1000, of: 1003, seed: 7 });
      assert.equal(figures.formats[0]?.count, 1000);
      assert.deepEqual(await images([...names].reverse()), figures);
    });

    it('have thumbnails: small, upright, as PNG', async () => {
      await file('wide.jpg', await picture().resize(300, 100).withMetadata({ orientation: 6 }).jpeg().toBuffer());
      const { format, width, height } = await sharp(await thumbnailOf(await found('wide.jpg'), 60)).metadata();
      assert.deepEqual([format, width, height], ['png', 20, 60]);
      await file('tiny.png', await picture().png().toBuffer());
      const tiny = await sharp(await thumbnailOf(await found('tiny.png'), 60)).metadata();
      assert.deepEqual([tiny.width, tiny.height], [20, 10]);
      await file('broken.png', 'no image');
      assert.equal(await thumbnailOf(await found('broken.png'), 60), undefined);
    });

    it('stop being looked at when that is cancelled', async () => {
      const stop = new AbortController();
      const { context, column } = await given(['a.png'], [folder], stop.signal);
      stop.abort();
      await assert.rejects(imageFigures(context, column), isCancelled);
    });

    it('cannot be read where there is no library for the platform, and the error says so', async () => {
      const script = `
        const module = require('node:module');
        const resolve = module._resolveFilename;
        module._resolveFilename = function (name, ...rest) {
          if (name.startsWith('@img/sharp-')) throw new Error('no such platform');
          return resolve.call(this, name, ...rest);
        };
        require(${JSON.stringify(path.join(repository, 'src', 'engine', 'media'))})
          .imageProperties({ path: ${JSON.stringify(path.join(folder, 'a.png'))}, bytes: 1 })
          .catch(({ name, code, message }) => console.log(JSON.stringify({ name, code, message })));`;
      await file('a.png', await picture().png().toBuffer());
      const said = await run(process.execPath, ['--require', 'tsx/cjs', '-e', script], { cwd: repository });
      const { name, code, message } = JSON.parse(said) as Record<string, string>;
      assert.deepEqual([name, code], ['MldataError', 'image-reader-missing']);
      assert.match(message ?? '', /^Images cannot be read: .* Reinstall mldata for this platform\.$/);
    });
  });

  describe('files', () => {
    before(async () => {
      await file('here.png', 'x');
      await file('below/there.png', 'x');
      await writeFile(path.join(folder, '..', 'beside.png'), 'x');
      await writeFile(path.join(outside, 'secret.png'), 'x');
    });
    const stateOf = async (name: string, folders = [folder]) => (await mediaFinder(folders)(name)).state;

    it('are found from the first folder that has them', async () => {
      const below = path.join(folder, 'below');
      assert.equal(await stateOf('there.png', [folder, below]), 'found');
      assert.equal(await stateOf('here.png', [below, folder]), 'found');
      assert.equal(await stateOf('here.png', [below]), 'missing');
    });

    it('may lie beside their folder, in the same git repository', async () => {
      assert.equal(await stateOf('../beside.png'), 'found');
      assert.equal(await stateOf(path.join(folder, '..', 'beside.png')), 'found');
    });

    it('outside of it are not opened', async () => {
      assert.equal(await stateOf('../../secret.png'), 'unreadable');
      assert.equal(await stateOf(path.join(outside, 'secret.png')), 'unreadable');
      assert.equal(await stateOf('/no/such/file.png'), 'unreadable');
    });

    if (posix)
      it('outside of it are not opened through a link either', async () => {
        await symlink(path.join(outside, 'secret.png'), path.join(folder, 'link.png'));
        await symlink('loop.png', path.join(folder, 'loop.png'));
        await symlink('here.png', path.join(folder, 'inside.png'));
        assert.equal(await stateOf('link.png'), 'unreadable');
        assert.equal(await stateOf('loop.png'), 'unreadable');
        assert.equal(await stateOf('inside.png'), 'found');
      });
  });

  describe('audio', () => {
    /** Left: 100 samples silent, 100 at full scale, 200 at half; right: all at half. */
    const left = Array.from({ length: 400 }, (_, i) => (i < 100 ? 0 : i < 200 ? 1 : 0.5));
    const shares = { total: 800, silent: 100, clipped: 100 };

    interface Form {
      readonly tag: number;
      readonly bits: number;
      readonly write: (bytes: Buffer, value: number, offset: number) => void;
    }
    const int = (bits: number) => (value: number) => Math.min(Math.round(value * 2 ** (bits - 1)), 2 ** (bits - 1) - 1);
    const forms: Readonly<Record<string, Form>> = {
      '8-bit': { tag: 1, bits: 8, write: (bytes, value, at) => bytes.writeUInt8(int(8)(value) + 128, at) },
      '16-bit': { tag: 1, bits: 16, write: (bytes, value, at) => bytes.writeInt16LE(int(16)(value), at) },
      '24-bit': { tag: 1, bits: 24, write: (bytes, value, at) => bytes.writeIntLE(int(24)(value), at, 3) },
      '32-bit': { tag: 1, bits: 32, write: (bytes, value, at) => bytes.writeInt32LE(int(32)(value), at) },
      'float 32': { tag: 3, bits: 32, write: (bytes, value, at) => bytes.writeFloatLE(value, at) },
      'float 64': { tag: 3, bits: 64, write: (bytes, value, at) => bytes.writeDoubleLE(value, at) },
    };

    function chunk(name: string, content: Buffer, length = content.length): Buffer {
      const header = Buffer.alloc(8);
      header.write(name, 'latin1');
      header.writeUInt32LE(length, 4);
      return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
    }
    function wav(
      { tag, bits, write }: Form,
      { extensible = false, length }: { extensible?: boolean; length?: number } = {},
    ) {
      const size = bits / 8;
      const format = Buffer.alloc(extensible ? 40 : 16);
      format.writeUInt16LE(extensible ? 0xfffe : tag, 0);
      format.writeUInt16LE(2, 2);
      format.writeUInt32LE(8000, 4);
      format.writeUInt32LE(8000 * 2 * size, 8);
      format.writeUInt16LE(2 * size, 12);
      format.writeUInt16LE(bits, 14);
      if (extensible) format.writeUInt16LE(tag, 24);
      const samples = Buffer.alloc(left.length * 2 * size);
      for (const [i, value] of left.entries()) {
        write(samples, value, i * 2 * size);
        write(samples, 0.5, i * 2 * size + size);
      }
      const chunks = [chunk('fmt ', format), chunk('LIST', Buffer.from('odd')), chunk('data', samples, length)];
      return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));
    }
    const propertiesOf = async (name: string) => audioProperties(await found(name), abort.signal);
    const wav16 = forms['16-bit'];
    assert.ok(wav16);

    for (const [name, form] of Object.entries(forms)) {
      it(`as WAV, ${name}, tells silence and clipping by the sample`, async () => {
        const expected = { format: 'wav', durationSeconds: 0.05, sampleRate: 8000, channels: 2, samples: shares };
        await file('a.wav', wav(form));
        assert.deepEqual(await propertiesOf('a.wav'), expected);
        await file('extensible.wav', wav(form, { extensible: true }));
        assert.deepEqual(await propertiesOf('extensible.wav'), expected);
      });
    }

    it('as WAV of a form that is not decoded has a length all the same', async () => {
      await file('mu-law.wav', wav({ tag: 7, bits: 8, write: (bytes, _, at) => bytes.writeUInt8(255, at) }));
      assert.deepEqual(await propertiesOf('mu-law.wav'), {
        ...{ format: 'wav', durationSeconds: 0.05, sampleRate: 8000, channels: 2 },
      });
    });

    it('as WAV written into a pipe goes on to the end of the file', async () => {
      await file('pipe.wav', wav(wav16, { length: 0xffff_ffff }));
      assert.equal((await propertiesOf('pipe.wav'))?.durationSeconds, 0.05);
    });

    it('as WAV below −60 dB of full scale is silent', async () => {
      const levels = [0.00099, 0.00101];
      let next = 0;
      const write = (bytes: Buffer, _: number, at: number) => bytes.writeFloatLE(levels[next++ % 2] ?? 0, at);
      await file('quiet.wav', wav({ tag: 3, bits: 32, write }));
      assert.deepEqual((await propertiesOf('quiet.wav'))?.samples, { total: 800, silent: 400, clipped: 0 });
    });

    const encoded = [
      { name: 'sound16.flac', format: 'flac', silence: [0.125, 0.125], clipping: [0.125, 0.125] },
      { name: 'sound24.flac', format: 'flac', silence: [0.125, 0.125], clipping: [0.125, 0.125] },
      { name: 'sound.mp3', format: 'mp3', silence: [0.1, 0.13], clipping: [0.05, 0.13] },
      { name: 'sound.ogg', format: 'ogg vorbis', silence: [0.08, 0.13], clipping: [0.05, 0.13] },
      { name: 'sound.opus', format: 'ogg opus', silence: [0.1, 0.13], clipping: [0.001, 0.13] },
    ] as const;
    for (const { name, format, silence, clipping } of encoded) {
      it(`is decoded, whatever it is called: ${name}`, async () => {
        await file('sound.bin', await readFile(path.join(fixtures, name)));
        const { samples, ...properties } = (await propertiesOf('sound.bin')) ?? {};
        assert.deepEqual(properties, { format, durationSeconds: 0.5, sampleRate: 8000, channels: 2 });
        assert.ok(samples);
        const within = (value: number, [low, high]: readonly [number, number]) => low <= value && value <= high;
        assert.ok(within(samples.silent / samples.total, silence), `silence ${samples.silent}`);
        assert.ok(within(samples.clipped / samples.total, clipping), `clipping ${samples.clipped}`);
      });
    }

    it('that cannot be decoded has a length all the same', async () => {
      await file('sound.aiff', await readFile(path.join(fixtures, 'sound.aiff')));
      assert.deepEqual(await propertiesOf('sound.aiff'), {
        ...{ format: 'aiff', durationSeconds: 0.5, sampleRate: 8000, channels: 2 },
      });
    });

    it('that was cut short is unreadable, where its header tells how long it should be', async () => {
      const files = [wav(wav16), await readFile(path.join(fixtures, 'sound16.flac'))];
      for (const bytes of files) {
        await file('cut.bin', bytes.subarray(0, bytes.length * 0.9));
        assert.equal(await propertiesOf('cut.bin'), undefined);
      }
    });

    it('of any bytes is unreadable or has figures, and breaks nothing', async () => {
      for (const { name } of encoded) {
        const bytes = await readFile(path.join(fixtures, name));
        for (let damage = 0; damage < 5; damage++) {
          const damaged = Buffer.from(bytes);
          for (let i = 0; i < 20; i++)
            damaged[(damage * 7919 + i * 104_729) % damaged.length] = (damage + i * 17) % 256;
          await file('damaged.bin', damaged);
          const properties = await propertiesOf('damaged.bin');
          if (properties) assert.ok(Number.isFinite(properties.durationSeconds));
        }
      }
    });

    it('is described together, shares over all samples of what was decoded', async () => {
      await file('one.wav', wav(wav16));
      await file('two.aiff', await readFile(path.join(fixtures, 'sound.aiff')));
      const { bytes, ...figures } = await audio([
        'one.wav',
        'one.wav',
        'two.aiff',
        'gone.wav',
        await file('no.wav', 'x'),
        null,
      ]);
      assert.equal(bytes.max, (await found('two.aiff')).bytes);
      assert.deepEqual(figures, {
        missing: 1,
        unreadable: 1,
        formats: [
          { value: 'aiff', count: 1 },
          { value: 'wav', count: 1 },
        ],
        durationSeconds: { min: 0.05, max: 0.5, mean: 0.275, median: 0.275 },
        sampleRates: [{ value: '8000', count: 2 }],
        channels: [{ value: '2', count: 2 }],
        silence: 0.125,
        clipping: 0.125,
        decoded: 1,
      });
    });

    it('of no file has no figures', async () => {
      const { durationSeconds, silence, clipping, decoded } = await audio(['gone.wav']);
      assert.deepEqual(durationSeconds, { min: null, max: null, mean: null, median: null });
      assert.deepEqual({ silence, clipping, decoded }, { silence: null, clipping: null, decoded: 0 });
    });

    it('is sampled, and says so', async () => {
      const content = wav(wav16);
      const names = await Promise.all(
        Array.from({ length: MOST_RECORDINGS + 1 }, (_, i) => file(`recordings/${i}.wav`, content)),
      );
      const { sampled, decoded } = await audio(names);
      assert.deepEqual(sampled, { values: MOST_RECORDINGS, of: MOST_RECORDINGS + 1, seed: 7 });
      assert.equal(decoded, MOST_RECORDINGS);
    });

    it('stops being looked at when that is cancelled', async () => {
      const stop = new AbortController();
      const { context, column } = await given(['one.wav'], [folder], stop.signal);
      stop.abort();
      await assert.rejects(audioFigures(context, column), isCancelled);
    });
  });
});

function isCancelled(error: unknown): boolean {
  return error instanceof MldataError && error.kind === 'cancelled';
}
