import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Pax } from 'tar';
import { safeName } from '../../src/engine/archive/member';
import { unpack, UNPACK_LIMITS, type UnpackLimits } from '../../src/engine/archive';
import { MldataError } from '../../src/protocol';
import { temporaryFolder } from '../host/workspace';
import { tar, zip, zstd, type Entry } from './archives';

const run = promisify(execFile);

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
    ['a name with a backslash', [{ name: '..\\out.csv', content: 'x' }], /outside the folder/],
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

  // The one from the other's place: systems differ in which of them wins.
  const both: Entry[] = [
    { name: 'a', content: '1' },
    { name: 'a/b.csv', content: '2' },
  ];
  hostile.push(['a file and a folder of one name', both, /"a" is a file and a folder/]);
  hostile.push(['a folder and a file of one name', both.toReversed(), /"a" is a file and a folder/]);

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

  it('says of an encrypted member of a zip file what to do', async () => {
    const entries = [{ name: 'a.csv', content: 'x', encrypted: true }];
    await refuses(unpacked('a.zip', zip(entries)), 'archive-unsafe', /"a.csv" is encrypted. Unpack it yourself/);
  });

  it('reads zip files of the large kind', async () => {
    const script = [
      'import sys, zipfile',
      'with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:',
      '    with archive.open("a.csv", "w", force_zip64=True) as member: member.write(b"a\\n1\\n")',
    ];
    await run('python3', ['-c', script.join('\n'), join(folder, 'a.zip')]);
    assert.deepEqual(await unpacked('a.zip', await readFile(join(folder, 'a.zip'))), ['a.csv']);
    assert.equal(await readFile(join(folder, 'out/a.csv'), 'utf8'), 'a\n1\n');
  });

  it('counts bytes of a zip file that many of its members share', async () => {
    const single = zip([{ name: '00.bin', content: Buffer.alloc(100_000) }]);
    const start = single.readUInt32LE(single.length - 6);
    const entry = single.subarray(start, single.length - 22);
    const entries = Array.from({ length: 50 }, (_, index) => {
      const copy = Buffer.from(entry);
      copy.write(String(index).padStart(2, '0'), 46);
      return copy;
    });
    const end = Buffer.from(single.subarray(single.length - 22));
    end.writeUInt16LE(50, 8);
    end.writeUInt16LE(50, 10);
    end.writeUInt32LE(50 * entry.length, 12);
    const bomb = Buffer.concat([single.subarray(0, start), ...entries, end]);
    await refuses(unpacked('a.zip', bomb, { limits: { freely: 0, ratio: 10 } }), 'archive-unsafe', /fill the disk/);
  });

  const special: [string, Entry, RegExp][] = [
    ['a hard link', { name: 'a', link: '/etc/passwd', type: 'Link' }, /is a link/],
    ['a device', { name: 'a', type: 'CharacterDevice' }, /is no regular file/],
    ['a pipe', { name: 'a', type: 'FIFO' }, /is no regular file/],
    ['a sparse file', { name: 'a', type: 'SparseFile' }, /is a sparse file/],
    ['a sparse file of the newer kind', { name: 'GNUSparseFile.0/a', content: '1\n0\n9\n' }, /is a sparse file/],
  ];
  for (const [what, entry, text] of special) {
    it(`refuses ${what} in a tar file`, async () => {
      await refuses(unpacked('a.tar', tar([entry])), 'archive-unsafe', text);
    });
  }

  it('reads long names of tar files', async () => {
    const name = `${'set/'.repeat(60)}a.csv`;
    const header = new Pax({ path: name }).encode();
    const bytes = Buffer.concat([header, tar([{ name: 'short.csv', content: 'a\n1\n' }])]);
    assert.deepEqual(await unpacked('a.tar', bytes), [name]);
  });

  it('leaves no file open where a member is cut off', async function () {
    if (process.platform !== 'linux') this.skip(); // elsewhere nothing tells
    const bytes = gzipSync(tar([{ name: 'a.bin', content: randomBytes(3_000_000) }]));
    await refuses(unpacked('a.tgz', bytes.subarray(0, bytes.length / 2)), 'source-truncated');
    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((each) => readlink(`/proc/self/fd/${each}`).catch(() => '')),
    );
    assert.deepEqual(
      open.filter((path) => path.includes('a.bin')),
      [],
    );
  });

  for (const name of ['con', 'a/NUL.csv', 'com1.txt', 'a.csv:b', 'a.', 'a ']) {
    it(`refuses a member ${JSON.stringify(name)} on Windows, where it is another file or none`, () => {
      assert.throws(() => safeName(name, 'a.zip', 'win32'), /no file may have on Windows/);
      assert.equal(safeName(name, 'a.zip', 'linux'), name);
    });
  }

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

  it('tells how far it is', async () => {
    await writeFile(join(folder, 'a.tar'), tar([{ name: 'a.csv', content: 'x'.repeat(300_000) }]));
    const told: number[] = [];
    const request = {
      archive: join(folder, 'a.tar'),
      folder: join(folder, 'out'),
      onBytes: (n: number) => told.push(n),
    };
    await unpack({ ...request, signal: new AbortController().signal });
    assert.ok(told.length > 1);
    assert.equal(told.at(-1), 300_000);
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
