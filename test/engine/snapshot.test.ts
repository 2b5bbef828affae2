import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Downloader } from '../../src/engine/fetch';
import {
  takeSnapshot,
  targetOf,
  unpackingOf,
  type Snapshot,
  type SnapshotMode,
  type SnapshotRequest,
} from '../../src/engine/snapshot';
import type { FetchingProgress } from '../../src/protocol';
import { MisbehavingServer } from '../host/misbehavingServer';
import { temporaryFolder } from '../host/workspace';

const run = promisify(execFile);

describe('snapshots of what lies on the network', () => {
  let server: MisbehavingServer;
  let state: string;
  const content = Buffer.from('a,b\n1,2\n');

  before(async () => {
    server = await MisbehavingServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    state = join(await temporaryFolder(), '.mldata');
    server.clear();
  });

  const take = (mode: SnapshotMode, request: Partial<SnapshotRequest> = {}): Promise<Snapshot> =>
    takeSnapshot(state, { url: server.url('train.csv'), ...request }, mode, new Downloader({ allowInner: true }), {
      onProgress: () => undefined,
      log: () => undefined,
      signal: new AbortController().signal,
    });

  it('are fetched once, and read from then on without the network', async () => {
    const hosted = server.host('train.csv', content);
    const { files, receipt } = await take('pinned');
    assert.deepEqual(
      files.map((file) => basename(file)),
      ['train.csv'],
    );
    assert.deepEqual(await readFile(files[0] ?? ''), content);
    assert.equal(receipt.sha256, createHash('sha256').update(content).digest('hex'));
    assert.equal(receipt.from, server.url('train.csv').href);
    server.change(hosted, true);
    const again = await take('pinned');
    assert.deepEqual([again.files, again.receipt], [files, receipt]);
    assert.equal(server.seen.length, 1);
    assert.notEqual((await take('recheck')).receipt.sha256, receipt.sha256);
  });

  it('are not made where the config expects another file', async () => {
    server.host('train.csv', content);
    await take('pinned');
    await assert.rejects(take('pinned', { expected: { sha256: '0'.repeat(64) } }), { code: 'checksum-mismatch' });
  });

  it('of an archive are its members, unpacked once for each choice and version', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'set'));
    for (const name of ['train.csv', 'test.csv', 'README.md']) await writeFile(join(folder, 'set', name), name);
    const pack = async () => {
      await run('tar', ['-czf', 'set.tar.gz', 'set'], { cwd: folder });
      return readFile(join(folder, 'set.tar.gz'));
    };
    const hosted = server.host('set.tar.gz', await pack());
    const request = { url: server.url('set.tar.gz'), members: ['**/*.csv'] };
    const { files } = await take('pinned', request);
    assert.deepEqual(
      files.map((file) => basename(file)),
      ['test.csv', 'train.csv'],
    );
    assert.deepEqual((await take('pinned', request)).files, files);
    assert.equal((await take('pinned', { url: request.url })).files.length, 3);
    await writeFile(join(folder, 'set', 'more.csv'), 'more');
    hosted.bytes = await pack();
    assert.equal((await take('recheck', request)).files.length, 3);
    // Whose records name the members of before reads those still.
    for (const [index, name] of ['test.csv', 'train.csv'].entries())
      assert.equal(await readFile(files[index] ?? '', 'utf8'), name);
  });

  it('of an archive that is damaged are fetched again, once it is whole', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.csv'), 'a');
    await run('tar', ['-czf', 'one.tar.gz', 'a.csv'], { cwd: folder });
    const whole = await readFile(join(folder, 'one.tar.gz'));
    const hosted = server.host('one.tar.gz', whole.subarray(0, whole.length - 20));
    const request = { url: server.url('one.tar.gz') };
    await assert.rejects(take('pinned', request), { code: 'source-truncated' });
    hosted.bytes = whole;
    assert.equal((await take('pinned', request)).files.length, 1);
  });

  it('of an archive tell how far it is unpacked', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.csv'), Buffer.alloc(30e6, 'x'));
    await run('tar', ['-czf', 'one.tar.gz', 'a.csv'], { cwd: folder });
    server.host('one.tar.gz', await readFile(join(folder, 'one.tar.gz')));
    const told: FetchingProgress[] = [];
    const request = { url: server.url('one.tar.gz') };
    await takeSnapshot(state, request, 'pinned', new Downloader({ allowInner: true }), {
      onProgress: () => undefined,
      onUnpack: (progress) => told.push(unpackingOf(progress)),
      log: () => undefined,
      signal: new AbortController().signal,
    });
    const { bytesPerSecond: _, ...last } = told.at(-1) ?? { origin: '' };
    assert.deepEqual(last, { origin: request.url.href, bytes: 30e6, unpacking: true });
  });

  it('of an archive leave nothing of an unpacking that was killed', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.csv'), 'a');
    await run('tar', ['-czf', 'one.tar.gz', 'a.csv'], { cwd: folder });
    server.host('one.tar.gz', await readFile(join(folder, 'one.tar.gz')));
    const request = { url: server.url('one.tar.gz') };
    const [file = ''] = (await take('pinned', request)).files;
    const members = dirname(file);
    await rename(members, join(dirname(members), `.${basename(members)}-0123abcd`));
    assert.deepEqual((await take('pinned', request)).files, [file]);
    const left = await readdir(dirname(members));
    assert.deepEqual(
      left.filter((name) => name.startsWith('.')),
      [],
    );
  });

  const harm: [string, (member: string) => Promise<void>][] = [
    ['removed', (member) => rm(member)],
    ['cut off', (member) => writeFile(member, 'x')],
    ['overwritten by as many bytes', (member) => writeFile(member, 'other')],
    ['replaced by a link', (member) => rm(member).then(() => symlink('/etc/passwd', member))],
  ];
  for (const [what, spoil] of harm) {
    it(`of an archive are unpacked again where a member was ${what}`, async () => {
      const folder = await temporaryFolder();
      for (const name of ['a.csv', 'b.csv']) await writeFile(join(folder, name), name);
      await run('tar', ['-czf', 'two.tar.gz', 'a.csv', 'b.csv'], { cwd: folder });
      server.host('two.tar.gz', await readFile(join(folder, 'two.tar.gz')));
      const request = { url: server.url('two.tar.gz') };
      const { files } = await take('pinned', request);
      await spoil(files[0] ?? '');
      assert.deepEqual((await take('pinned', request)).files, files);
      assert.equal(await readFile(files[0] ?? '', 'utf8'), 'a.csv');
    });
  }

  it('go through no link that a repository brings along', async () => {
    server.host('train.csv', content);
    await mkdir(state);
    await symlink(await temporaryFolder(), join(state, 'sources'));
    await assert.rejects(take('pinned'), { code: 'output-blocked' });
  });

  const names: [string, string][] = [
    ['/a/train.csv.gz?signature=1', 'train.csv.gz'],
    ['/', 'data'],
    ['/..%2f..%2fetc%2fpasswd', '_.._etc_passwd'],
    ['/%00%3A', '__'],
    ['/.hidden', 'hidden'],
    ['/%E9', '%E9'],
    ['/caf%C3%A9.csv', 'café.csv'],
  ];
  for (const [path, name] of names) {
    it(`of ${path} lie in ${name}`, () => {
      const target = targetOf('/state', { url: new URL(path, 'https://example.com') });
      assert.equal(basename(target), name);
      assert.equal(join(target, '..', '..'), '/state/sources');
    });
  }
});
