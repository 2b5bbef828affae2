import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { normalizeText, readHead, type Normalization } from '../../../src/engine/text';
import { MldataError } from '../../../src/protocol';
import { csv, fixture, never, withFile } from './files';

const utf8 = { codec: 'none', encoding: 'utf-8', bom: false } as const;
const people = 'id,name\n1,Ada\n2,Grace\n3,Edsger\n';

function normalize(bytes: string | Buffer, how: Normalization): Promise<string> {
  return withFile(bytes, async (path, folder) => {
    const output = join(folder, 'text');
    const { bytes: written } = await normalizeText(path, output, how, never);
    const text = await readFile(output);
    assert.equal(written, text.length);
    return text.toString();
  });
}

describe('normalizeText', () => {
  const long = `${'x'.repeat((1 << 18) - 1)}é😀\n`.repeat(3);
  const cases: [string, string | Buffer, Normalization, string][] = [
    ['UTF-8 with a byte order mark', '\ufeffa\n', { ...utf8, bom: true }, 'a\n'],
    ['a byte order mark alone', '\ufeff', utf8, ''],
    ['UTF-16LE with a mark', Buffer.from('\ufeffé😀\n', 'utf16le'), { ...utf8, encoding: 'utf-16le' }, 'é😀\n'],
    ['UTF-16BE without', Buffer.from('é😀\n', 'utf16le').swap16(), { ...utf8, encoding: 'utf-16be' }, 'é😀\n'],
    ['long UTF-16LE', Buffer.from(long, 'utf16le'), { ...utf8, encoding: 'utf-16le' }, long],
    ['long UTF-16BE', Buffer.from(`x${long}`, 'utf16le').swap16(), { ...utf8, encoding: 'utf-16be' }, `x${long}`],
    ['latin-1', Buffer.from('caf\xe9\x85\n', 'latin1'), { ...utf8, encoding: 'latin-1' }, 'café\x85\n'],
    ['windows-1252', Buffer.from('\x80 caf\xe9\n', 'latin1'), { ...utf8, encoding: 'windows-1252' }, '€ café\n'],
    ['gzip', gzipSync(people), { ...utf8, codec: 'gzip' }, people],
    ['gzip of two members', Buffer.concat([gzipSync('a\n'), gzipSync('1\n')]), { ...utf8, codec: 'gzip' }, 'a\n1\n'],
    [
      'gzip of UTF-16',
      gzipSync(Buffer.from(people, 'utf16le')),
      { codec: 'gzip', encoding: 'utf-16le', bom: false },
      people,
    ],
    ['bytes without an encoding', gzipSync('a\0\n'), { codec: 'gzip', bom: false }, 'a\0\n'],
    ['mixed line ends', 'a\r\n"1\r\n2"\r3\n\r\n', { ...utf8, records: csv }, 'a\n"1\r\n2"\n3\n\n'],
    [
      'mixed line ends in lines skipped',
      '"x\r\na\r\n1\n',
      { ...utf8, records: { ...csv, skipLines: 1 } },
      '"x\na\n1\n',
    ],
  ];
  for (const [name, bytes, how, expected] of cases) {
    it(name, async () => assert.equal(await normalize(bytes, how), expected));
  }

  it('CR LF cut by the borders of pieces', async () => {
    const text = `a\r\n${'x\r\n'.repeat(300_000)}`;
    assert.equal(await normalize(text, { ...utf8, records: csv }), text.replaceAll('\r\n', '\n'));
  });

  for (const name of ['people.csv.zst', 'two-frames.csv.zst']) {
    it(name, async () =>
      assert.equal(await normalize(await readFile(fixture(name)), { ...utf8, codec: 'zstd' }), people),
    );
  }
  it('zstd of many blocks, byte for byte', async () => {
    const text = await normalize(await readFile(fixture('many-blocks.csv.zst')), { ...utf8, codec: 'zstd' });
    const digest = createHash('sha256').update(text).digest('hex');
    assert.equal(digest, '039cff38c9b919122d2e2a9acccfd662b40e518b4831fbad15a338dc7a777cb2');
  });

  const failures: [string, string, () => Promise<Buffer> | Buffer, Normalization, number?][] = [
    ['a truncated .gz', 'source-truncated', () => gzipSync(people).subarray(0, 30), { ...utf8, codec: 'gzip' }],
    ['a .gz that is none', 'source-corrupt', () => Buffer.from(people), { ...utf8, codec: 'gzip' }],
    ['a damaged .gz', 'source-corrupt', () => damaged(gzipSync(people)), { ...utf8, codec: 'gzip' }],
    [
      'a truncated .zst',
      'source-truncated',
      async () => (await readFile(fixture('many-blocks.csv.zst'))).subarray(0, -40),
      { ...utf8, codec: 'zstd' },
    ],
    ['a .zst that is none', 'source-corrupt', () => Buffer.from(people), { ...utf8, codec: 'zstd' }],
    ['a NUL', 'source-nul', () => Buffer.from('a\r\n1\n\0'), utf8, 3],
    [
      'UTF-16 of odd length',
      'source-encoding',
      () => Buffer.from('a\n1\n\n', 'utf16le').subarray(0, -1),
      { ...utf8, encoding: 'utf-16le' },
      3,
    ],
    [
      'half a surrogate pair',
      'source-encoding',
      () => Buffer.from('a\n\ud83d\n', 'utf16le'),
      { ...utf8, encoding: 'utf-16le' },
      2,
    ],
    [
      'a byte windows-1252 leaves undefined',
      'source-encoding',
      () => Buffer.from('a\n\x81\n', 'latin1'),
      { ...utf8, encoding: 'windows-1252' },
      2,
    ],
  ];
  for (const [name, code, bytes, how, line] of failures) {
    it(`${name}: ${code}, and no output`, async () => {
      await withFile(await bytes(), async (path, folder) => {
        const output = join(folder, 'text');
        const error = await normalizeText(path, output, how, never).then(
          () => assert.fail('nothing was thrown'),
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof MldataError);
        assert.equal(error.code, code);
        assert.deepEqual(error.findings[0]?.locations, [{ file: path, ...(line !== undefined && { line }) }]);
        assert.ok(!existsSync(output));
      });
    });
  }

  it('stops when asked, and leaves nothing', async () => {
    await withFile('a\n'.repeat(1e6), async (path, folder) => {
      const stop = new AbortController();
      const output = join(folder, 'text');
      await assert.rejects(
        normalizeText(path, output, utf8, stop.signal, () => stop.abort()),
        { code: 'cancelled' },
      );
      assert.ok(!existsSync(output));
    });
  });
});

describe('readHead', () => {
  it('gives the first bytes of the content', async () => {
    assert.equal((await readHead(fixture('people.csv.zst'), 'zstd', 10, never)).toString(), 'id,name\n1,');
  });
});

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 6] = (copy[copy.length - 6] as number) ^ 0xff;
  return copy;
}
