import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { normalizeText, type Normalization } from '../../../src/engine/text';
import { MldataError } from '../../../src/protocol';
import { csv, fixture, never, withFile } from './files';

const utf8 = { codec: 'none', encoding: 'utf-8' } as const;
const people = 'id,name\n1,Ada\n2,Grace\n3,Edsger\n';

function normalize(bytes: string | Buffer, how: Normalization): Promise<string> {
  return withFile(bytes, async (path, folder) => {
    const output = join(folder, 'text');
    await normalizeText(path, output, how, never);
    return readFile(output, 'utf8');
  });
}

describe('normalizeText', () => {
  const long = `${'x'.repeat((1 << 18) - 1)}é😀\n`.repeat(3);
  const cases: [string, string | Buffer, Normalization, string][] = [
    ['UTF-8 with a byte order mark', '\ufeffa\n', utf8, 'a\n'],
    ['a byte order mark alone', '\ufeff', utf8, ''],
    ['UTF-16LE with a mark', Buffer.from('\ufeffé😀\n', 'utf16le'), { ...utf8, encoding: 'utf-16le' }, 'é😀\n'],
    ['UTF-16BE without', Buffer.from('é😀\n', 'utf16le').swap16(), { ...utf8, encoding: 'utf-16be' }, 'é😀\n'],
    ['long UTF-16LE', Buffer.from(long, 'utf16le'), { ...utf8, encoding: 'utf-16le' }, long],
    ['long UTF-16BE', Buffer.from(`x${long}`, 'utf16le').swap16(), { ...utf8, encoding: 'utf-16be' }, `x${long}`],
    ['UTF-8 that holds a replacement character', '\ufffd\n', utf8, '\ufffd\n'],
    ['UTF-16 that does', Buffer.from('\ufffd\n', 'utf16le'), { ...utf8, encoding: 'utf-16le' }, '\ufffd\n'],
    ['latin-1', Buffer.from('caf\xe9\x85\n', 'latin1'), { ...utf8, encoding: 'latin-1' }, 'café\x85\n'],
    [
      'windows-1252',
      Buffer.from(
        'caf\xe9 \x80\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9e\x9f\n',
        'latin1',
      ),
      { ...utf8, encoding: 'windows-1252' },
      'café €‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\n',
    ],
    ['gzip', gzipSync(people), { ...utf8, codec: 'gzip' }, people],
    ['gzip of two members', Buffer.concat([gzipSync('a\n'), gzipSync('1\n')]), { ...utf8, codec: 'gzip' }, 'a\n1\n'],
    ['gzip of UTF-16', gzipSync(Buffer.from(people, 'utf16le')), { codec: 'gzip', encoding: 'utf-16le' }, people],
    ['bytes without an encoding', gzipSync('a\0\n'), { codec: 'gzip' }, 'a\0\n'],
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
    ['a .zst with one bit flipped', 'source-corrupt', () => flipped('people.csv.zst', 24), { ...utf8, codec: 'zstd' }],
    [
      'a .zst with one bit flipped in its second frame',
      'source-corrupt',
      () => flipped('two-frames.csv.zst', -6),
      { ...utf8, codec: 'zstd' },
    ],
    ['a .zst with a wrong checksum', 'source-corrupt', () => flipped('people.csv.zst', -1), { ...utf8, codec: 'zstd' }],
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
    ...[0x81, 0x8d, 0x8f, 0x90, 0x9d].map((byte): (typeof failures)[number] => [
      `the byte 0x${byte.toString(16)}, which windows-1252 leaves undefined`,
      'source-encoding',
      () => Buffer.of(...Buffer.from('a\n'), byte, 10),
      { ...utf8, encoding: 'windows-1252' },
      2,
    ]),
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
      const output = join(folder, 'text');
      await assert.rejects(normalizeText(path, output, utf8, AbortSignal.abort()), { code: 'cancelled' });
      assert.ok(!existsSync(output));
    });
  });
});

/** A fixture with the lowest bit of one byte turned. */
async function flipped(name: string, at: number): Promise<Buffer> {
  const bytes = await readFile(fixture(name));
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] as number) ^ 1;
  return bytes;
}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 6] = (copy[copy.length - 6] as number) ^ 0xff;
  return copy;
}
