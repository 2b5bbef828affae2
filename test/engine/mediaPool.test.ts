/** Files are checked in threads, and what one of them does to its thread is no trouble of the others. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { openImage } from '../../src/engine/media/imageReader';
import { checkFiles, type CheckFilesOptions, type MediaVerdict } from '../../src/engine/media/integrity';
import { remove, temporaryFolder } from '../host/workspace';
import { audioFiles, type AudioFile } from './audioFiles';

const SCRIPT = path.resolve('dist/media.worker.js');

describe('checking files in threads', () => {
  let folder: string;
  let good: AudioFile[];
  const { signal } = new AbortController();
  const script = () => path.join(folder, 'worker.js');

  before(async () => {
    folder = await temporaryFolder();
    good = await audioFiles();
    // What checks files, but for names that make it do what a decoder may.
    await writeFile(
      script(),
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', ({ path, headway }) => {
         Atomics.add(headway, 0, 1);
         if (path.endsWith('hangs')) for (;;);
         if (path.endsWith('dies')) process.exit(3);
         if (path.endsWith('swells')) for (const all = []; ; ) all.push(new Array(1e6).fill(0));
       });
       require(${JSON.stringify(SCRIPT)});`,
    );
  });
  after(() => remove(folder));

  async function written(files: readonly AudioFile[]): Promise<{ readonly path: string; readonly kind: 'audio' }[]> {
    return Promise.all(
      files.map(async ({ name, bytes }) => {
        const target = path.join(folder, name);
        await writeFile(target, bytes);
        return { path: target, kind: 'audio' as const };
      }),
    );
  }
  const codesOf = ({ problems }: MediaVerdict): string[] => problems.map(({ code }) => code);

  for (const [where, options] of [
    ['threads', { script: SCRIPT, workers: 2 }],
    ['its own thread, where there is no bundle', { script: 'none', workers: 2 }],
  ] as const satisfies readonly (readonly [string, Partial<CheckFilesOptions>])[]) {
    it(`answers in the order of the files, from ${where}`, async () => {
      const files = await written(good);
      const done: number[] = [];
      const verdicts = await checkFiles(files, {
        ...options,
        signal,
        onChecked: (verdict, index) => {
          assert.equal(verdict.format, good[index]?.format);
          done.push(index);
        },
      });
      assert.deepEqual(
        verdicts.map(({ format, decoded, problems }) => ({ format, decoded, problems })),
        good.map(({ format, decoded }) => ({ format, decoded, problems: [] })),
      );
      assert.deepEqual(
        done.sort((a, b) => a - b),
        [...files.keys()],
      );
    });
  }

  for (const { what, name, timeoutMs, code, words } of [
    { what: 'never comes to an end', name: 'hangs', timeoutMs: 1000, code: 'file-timeout', words: /after 1 s/ },
    { what: 'ends its thread', name: 'dies', timeoutMs: 60_000, code: 'file-unreadable', words: /ended/ },
    { what: 'takes all memory', name: 'swells', timeoutMs: 60_000, code: 'file-unreadable', words: /memory/ },
  ]) {
    it(`says so of a file that ${what}, and checks the others`, async () => {
      const [first, second] = await written(good.filter(({ decoded }) => !decoded));
      assert.ok(first && second);
      const files = [first, { path: path.join(folder, name) }, second];
      const verdicts = await checkFiles(files, { script: script(), workers: 1, timeoutMs, signal });
      assert.deepEqual(verdicts.map(codesOf), [[], [code], []]);
      assert.match(verdicts[1]?.problems[0]?.message ?? '', words);
    });
  }

  it('leaves the library of images as the first thread set it, which others are reading with', async () => {
    const image = path.join(folder, 'dot.svg');
    await writeFile(image, '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>');
    const reading = () => sharp(image).metadata();
    await openImage(image, { failOn: 'error', seconds: 5 });
    await assert.rejects(reading, /unsupported image format/);
    const loader = { operation: ['VipsForeignLoadSvgFile'] };
    sharp.unblock(loader);
    try {
      const photo = path.join(folder, 'dot.png');
      await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } }).toFile(photo);
      const verdicts = await checkFiles([{ path: photo }], { script: SCRIPT, workers: 1, signal });
      assert.deepEqual(
        verdicts.map(({ decoded }) => decoded),
        [true],
      );
      assert.equal((await reading()).format, 'svg');
    } finally {
      sharp.block(loader);
    }
  });

  it('does not wait for whoever writes into a pipe, nor read a folder', async () => {
    const pipe = path.join(folder, 'pipe.wav');
    if (process.platform !== 'win32') execFileSync('mkfifo', [pipe]);
    const files = [pipe, folder, path.join(folder, 'missing.wav')].map((file) => ({ path: file }));
    const verdicts = await checkFiles(files, { script: SCRIPT, workers: 1, signal });
    assert.deepEqual(verdicts.map(codesOf), Array(3).fill(['file-unreadable']));
  });

  for (const from of [SCRIPT, 'hangs']) {
    it(`ends when it is cancelled, ${from === 'hangs' ? 'though nothing gets on' : 'with files that are not begun'}`, async () => {
      const controller = new AbortController();
      const files =
        from === 'hangs'
          ? Array.from({ length: 20 }, () => ({ path: path.join(folder, 'hangs') }))
          : await written(good);
      const checking = checkFiles(files, {
        script: from === 'hangs' ? script() : from,
        workers: 2,
        signal: controller.signal,
        onChecked: () => {
          controller.abort();
        },
      });
      if (from === 'hangs')
        setTimeout(() => {
          controller.abort();
        }, 100);
      await assert.rejects(checking, { code: 'cancelled' });
      await assert.rejects(checkFiles(files, { signal: controller.signal }), { code: 'cancelled' });
    });
  }
});
