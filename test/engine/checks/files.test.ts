import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { checkedRows, type CheckedOptions } from '../checkedRows';

/** A picture of its own for each number. */
async function picture(number: number, format: 'png' | 'jpeg' = 'png', width = 12): Promise<Buffer> {
  const background = { r: number * 20, g: 90, b: 255 - number * 20 };
  return sharp({ create: { width, height: 8, channels: 3, background } })
    .toFormat(format)
    .toBuffer();
}

describe('the check of files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mldata-test-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  /** A file for each entry, and one row that names each. */
  async function check(files: Readonly<Record<string, Buffer | string | undefined>>, options: CheckedOptions = {}) {
    for (const [name, content] of Object.entries(files)) {
      if (content !== undefined) await writeFile(join(folder, name), content);
    }
    const rows = Object.keys(files).map((name) => `('${name}')`);
    return checkedRows('files', `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(photo)`, {
      columns: { photo: { type: 'image' } },
      mediaFolders: [folder],
      ...options,
    });
  }

  it('finds nothing wrong with whole pictures', async () => {
    const { result, findings } = await check({ 'a.png': await picture(1), 'b.jpg': await picture(2, 'jpeg') });
    assert.equal(result.status, 'passed');
    assert.deepEqual(findings, []);
  });

  it('is skipped where no column names files', async () => {
    const { result } = await checkedRows('files', "SELECT 'a.png' AS name");
    assert.equal(result.status, 'skipped');
  });

  const whole = async () => picture(3);
  const broken: readonly [string, string, () => Promise<Buffer | string | undefined>, RegExp][] = [
    ['file-missing', 'that is not there', () => Promise.resolve(undefined), /There is no such file/],
    ['file-empty', 'without a byte', () => Promise.resolve(''), /no bytes/],
    ['file-truncated', 'that ends early', async () => (await whole()).subarray(0, 60), /bad\.png: /],
    ['file-not-media', 'that is a web page', () => Promise.resolve('<!DOCTYPE html><title>404</title>'), /web page/i],
    [
      'file-lfs-pointer',
      'that Git LFS has not fetched',
      () => Promise.resolve(`version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`),
      /Git LFS/,
    ],
  ];
  for (const [code, what, content, sample] of broken) {
    it(`tells a file ${what}: ${code}`, async () => {
      const { result, only } = await check({ 'good.png': await picture(1), 'bad.png': await content() });
      const { severity, count, locations, samples = [], column, expected, actual } = only(code);
      assert.deepEqual([result.status, severity, count, column], ['failed', 'error', 1, 'photo']);
      assert.deepEqual(locations, [{ file: 'rows', row: 2, text: samples[0] }]);
      assert.deepEqual([expected, actual], ['at most 0 %', '50 %']);
      assert.match(samples.join(), sample);
    });
  }

  it('does not look outside of the folder', async () => {
    const { only } = await checkedRows('files', "SELECT '../../etc/passwd' AS photo", {
      columns: { photo: { type: 'image' } },
      mediaFolders: [folder],
    });
    assert.equal(only('file-outside').severity, 'error');
  });

  it('warns of another extension, and of copies under another name', async () => {
    const same = await picture(1);
    const { result, only } = await check({ 'a.png': same, 'b.png': same, 'c.jpg': await picture(2) });
    assert.equal(result.status, 'passed');
    assert.equal(only('file-wrong-extension').count, 1);
    assert.match(only('file-duplicate').samples?.join() ?? '', /b\.png: It holds the same as a\.png/);
  });

  it('holds pictures against rules', async () => {
    const files = {
      'a.png': await picture(1),
      'b.png': await picture(2, 'png', 40),
      'c.jpg': await picture(3, 'jpeg'),
    };
    const { only } = await check(files, { written: { maxWidth: 20, formats: ['png'] } });
    assert.match(only('file-dimensions').samples?.join() ?? '', /b\.png: Its width is 40, and at most 20 is allowed/);
    assert.match(only('file-format').samples?.join() ?? '', /c\.jpg: Its format is jpeg/);
  });

  it('bears as many broken files as it is told to', async () => {
    const files = { 'a.png': await picture(1), 'b.png': await picture(2), 'c.png': await picture(4), 'd.png': '' };
    const { result, only } = await check(files, { written: { warn: '10%', error: '30%' } });
    assert.equal(result.status, 'passed');
    assert.equal(only('file-empty').severity, 'warning');
  });

  it('looks at the same files of a sample each time', async () => {
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`${index}.png`, '']));
    const written = { sample: 0.3, seed: 7 };
    const [first, second] = [await check(files, { written }), await check(files, { written })];
    assert.equal(first.only('file-empty').count, 3);
    assert.deepEqual(first.findings, second.findings);
    assert.match(first.only('file-empty').message, /3 of 3 files \(a sample of 10\)/);
  });

  it('says so where a picture is walked through and not decoded', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>';
    const { result, only } = await check({ 'a.svg': svg });
    assert.equal(result.status, 'passed');
    assert.equal(only('file-not-decoded').severity, 'info');
  });

  it('moves broken files aside, and lists where they came from', async () => {
    const quarantine = join(folder, 'aside');
    await check({ 'good.png': await picture(1), 'bad.png': '<html></html>' }, { quarantine });
    assert.deepEqual((await readdir(folder)).sort(), ['aside', 'good.png']);
    const [line = ''] = (await readFile(join(quarantine, 'moved.jsonl'), 'utf8')).split('\n');
    const moved = JSON.parse(line) as { from: string; to: string; because: string[] };
    assert.equal(moved.from, join(folder, 'bad.png'));
    assert.ok(existsSync(moved.to));
    assert.deepEqual(moved.because, ['file-not-media']);
  });

  it('moves a file once that several names and columns lead to, and leaves alone what only breaks a rule', async () => {
    await writeFile(join(folder, 'bad.png'), '<html></html>');
    await writeFile(join(folder, 'empty.png'), '');
    await writeFile(join(folder, 'small.png'), await picture(1));
    const quarantine = join(folder, 'aside');
    const { codes, result } = await checkedRows(
      'files',
      "SELECT * FROM (VALUES ('bad.png', './bad.png'), ('small.png', 'empty.png')) AS t(x, y)",
      {
        columns: { x: { type: 'image' }, y: { type: 'image' } },
        mediaFolders: [folder],
        written: { minWidth: 100, error: 1 },
        quarantine,
      },
    );
    assert.equal(result.status, 'passed');
    assert.ok(!codes.includes('file-missing'));
    assert.deepEqual((await readdir(folder)).sort(), ['aside', 'small.png']);
    const lines = (await readFile(join(quarantine, 'moved.jsonl'), 'utf8')).trim().split('\n');
    assert.equal(lines.length, 2);
  });

  it('keeps its findings where a file cannot be moved', async () => {
    await writeFile(join(folder, 'taken'), '');
    const { codes } = await check({ 'bad.png': '<html></html>' }, { quarantine: join(folder, 'taken') });
    assert.deepEqual([...codes].sort(), ['file-not-media', 'quarantine-failed']);
  });

  it('takes a file under two names for one, and no copy of itself', async () => {
    await writeFile(join(folder, 'a.png'), await picture(1));
    const { findings } = await checkedRows('files', "SELECT * FROM (VALUES ('a.png'), ('./a.png')) AS t(photo)", {
      columns: { photo: { type: 'image' } },
      mediaFolders: [folder],
    });
    assert.deepEqual(findings, []);
  });

  it('knows formats by the names that people write', async () => {
    const { findings } = await check({ 'a.jpg': await picture(1, 'jpeg') }, { written: { formats: 'jpg' } });
    assert.deepEqual(findings, []);
  });
});
