import assert from 'node:assert/strict';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { unpack, UNPACK_LIMITS, type UnpackLimits } from '../../src/engine/archive';
import { MldataError } from '../../src/protocol';
import { temporaryFolder } from '../host/workspace';
import { tar, zip, zstd, type Entry } from './archives';

describe('unpacking', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  async function unpacked(
    name: string,
    bytes: Buffer,
    { members, limits }: { members?: string[]; limits?: Partial<UnpackLimits> } = {},
  ): Promise<string[]> {
    await writeFile(join(folder, name), bytes);
    return unpack({
      archive: join(folder, name),
      folder: join(folder, 'out'),
      ...(members && { members }),
      limits: { ...UNPACK_LIMITS, ...limits },
      signal: new AbortController().signal,
    });
  }

  const files: Entry[] = [
    { name: 'set/' },
    { name: 'set/train.csv', content: 'a\n1\n' },
    { name: 'set/more/test.csv', content: 'a\n2\n' },
    { name: 'set/README.md', content: '# Set' },
    { name: './empty.csv' },
  ];
  const forms: [string, (entries: readonly Entry[]) => Buffer][] = [
    ['a.zip', zip],
    ['a.tar', tar],
    ['a.tar.gz', (entries) => gzipSync(tar(entries))],
    ['a.tgz', (entries) => gzipSync(tar(entries))],
    ['a.tar.zst', (entries) => zstd(tar(entries))],
  ];
  const hostile: [string, Entry[], RegExp][] = [
    ['a name that leads up', [{ name: '../out.csv', content: 'x' }], /outside the folder/],
    ['a name that leads up from below', [{ name: 'a/../../out.csv', content: 'x' }], /outside the folder/],
    ['an absolute name', [{ name: '/tmp/out.csv', content: 'x' }], /outside the folder/],
    ['a name with a drive', [{ name: 'c:/out.csv', content: 'x' }], /outside the folder/],
    ['a link', [{ name: 'out', link: '/etc' }], /is a link/],
    [
      'a file below a link',
      [
        { name: 'out', link: '/tmp' },
        { name: 'out/x', content: 'x' },
      ],
      /is a link/,
    ],
    [
      'two members of one name',
      [
        { name: 'a.csv', content: '1' },
        { name: 'A.csv', content: '2' },
      ],
      /more than one member/,
    ],
  ];

  for (const [name, form] of forms) {
    describe(name, () => {
      it('gives its files', async () => {
        assert.deepEqual(await unpacked(name, form(files)), [
          'empty.csv',
          'set/README.md',
          'set/more/test.csv',
          'set/train.csv',
        ]);
        assert.equal(await readFile(join(folder, 'out/set/more/test.csv'), 'utf8'), 'a\n2\n');
        assert.deepEqual((await readdir(folder)).sort(), [name, 'out']);
      });

      it('gives those of its files that are asked for', async () => {
        assert.deepEqual(await unpacked(name, form(files), { members: ['set/**/*.csv'] }), [
          'set/more/test.csv',
          'set/train.csv',
        ]);
      });

      it('says that none is asked for', async () => {
        await refuses(unpacked(name, form(files), { members: ['*.parquet'] }), 'archive-empty', /\*\.parquet/);
      });

      for (const [what, entries, text] of hostile) {
        it(`refuses ${what}`, async () => {
          await refuses(unpacked(name, form(entries)), 'archive-unsafe', text);
        });
      }

      it('refuses more files, more bytes and more from less than there may be', async () => {
        await refuses(unpacked(name, form(files), { limits: { files: 2 } }), 'archive-unsafe', /more than 2 members/);
        await refuses(unpacked(name, form(files), { limits: { bytes: 9 } }), 'archive-unsafe', /would come out/);
        await refuses(
          unpacked(name, form(files), { limits: { freely: 0, ratio: 0 } }),
          'archive-unsafe',
          /fill the disk/,
        );
      });

      it('says that it is cut off', async () => {
        const bytes = form(files);
        await refuses(
          unpacked(name, bytes.subarray(0, name === 'a.tar' ? 1300 : bytes.length - 200)),
          /archive-damaged|source-truncated|source-corrupt/,
        );
      });
    });
  }

  it('finds a member of a zip file damaged by its sum', async () => {
    await refuses(unpacked('a.zip', zip(files, 1)), 'archive-damaged', /set\/train.csv is damaged/);
  });

  it('takes what is no archive for damaged', async () => {
    await refuses(unpacked('a.zip', Buffer.from('hello')), 'archive-damaged');
    await rm(join(folder, 'a.zip'));
    await refuses(unpacked('a.tar', Buffer.alloc(2000, 'x')), 'archive-damaged');
  });

  it('stops when it is told to, and leaves nothing', async () => {
    await writeFile(join(folder, 'a.tar'), tar(files));
    const request = { archive: join(folder, 'a.tar'), folder: join(folder, 'out'), signal: AbortSignal.abort() };
    await refuses(unpack(request), 'cancelled');
  });

  it('writes through no link that stands in its way', async () => {
    await symlink('/tmp', join(folder, 'out'));
    await assert.rejects(unpacked('a.tar', tar(files)));
    assert.deepEqual((await readdir(folder)).sort(), ['a.tar', 'out']);
  });

  async function refuses(unpacking: Promise<unknown>, code: string | RegExp, text = /./): Promise<void> {
    const error = await unpacking.then(
      () => assert.fail('it was unpacked'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof MldataError, String(error));
    assert.match(error.code, new RegExp(code));
    assert.match(error.message, text);
    assert.equal((await readdir(folder)).length, 1, 'something was left');
  }
});
