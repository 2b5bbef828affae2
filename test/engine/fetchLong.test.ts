import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Downloader } from '../../src/engine/fetch';
import { MisbehavingServer, type Mishap } from '../host/misbehavingServer';
import { temporaryFolder } from '../host/workspace';
import { HURRIED } from './fetchSchedules';

const SCRIPT = resolve('dist/hashedWriter.worker.js');
const LONG = 2_000_000;

describe('fetching a long file, which a thread of its own writes and hashes', () => {
  let server: MisbehavingServer;
  let folder: string;
  let target: string;
  let log: string[];
  const content = randomBytes(3 * LONG);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const md5 = createHash('md5').update(content).digest('hex');

  before(async () => {
    server = await MisbehavingServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    folder = await temporaryFolder();
    target = join(folder, 'data.csv');
    log = [];
    server.clear();
  });

  const fetch = ({ script = SCRIPT, expected = {}, signal = new AbortController().signal } = {}) =>
    new Downloader({
      allowInner: true,
      timing: { ...HURRIED, idleMs: 5_000, headersMs: 5_000 },
      threads: { script, from: LONG },
    }).fetch(
      { url: server.url('data.csv'), target, expected },
      { onProgress: () => undefined, log: (line) => log.push(line), signal },
    );
  const host = (...mishaps: Mishap[]) => server.host('data.csv', content, 'strong', mishaps);
  const isWhole = async () => assert.ok((await readFile(target)).equals(content), log.join('\n'));

  it('gives the same bytes and hashes', async () => {
    host();
    const { receipt } = await fetch({ expected: { md5 } });
    assert.deepEqual([receipt.sha256, receipt.md5, receipt.bytes], [sha256, md5, content.length]);
    await isWhole();
    assert.deepEqual((await readdir(folder)).sort(), ['data.csv', 'data.csv.json']);
  });

  it('goes on where a connection dropped, and hashes again what another run left', async () => {
    host({ kind: 'drop', at: 0.3 }, { kind: 'drop', at: 0.5 }, { kind: 'status', status: 403 });
    await assert.rejects(fetch(), { code: 'download-refused' });
    await fetch({ expected: { sha256 } });
    assert.match(log.join('\n'), /resuming from \d\d %[^]*resuming from \d\d %/);
    await isWhole();
  });

  it('starts over where what another run left was changed', async () => {
    host({ kind: 'drop', at: 0.5 }, { kind: 'status', status: 403 });
    await assert.rejects(fetch(), { code: 'download-refused' });
    await writeFile(`${target}.part`, randomBytes(content.length / 2));
    await fetch();
    assert.match(log.join('\n'), /damaged: starting over/);
    await isWhole();
  });

  it('keeps nothing of a file that is another than was expected', async () => {
    host();
    await assert.rejects(fetch({ expected: { sha256: '0'.repeat(64) } }), { code: 'checksum-mismatch' });
    assert.deepEqual(await readdir(folder), []);
  });

  it('stops at once when it is cancelled, also while it hashes, and keeps what it has', async () => {
    host({ kind: 'stall', at: 0.6 });
    const stop = new AbortController();
    const fetching = fetch({ signal: stop.signal });
    while ((server.seen[0]?.sent ?? 0) < content.length / 2) await sleep(5);
    await sleep(100);
    stop.abort();
    await assert.rejects(fetching, { code: 'cancelled' });
    const again = new AbortController();
    const hashing = fetch({ signal: again.signal });
    while (!(await readdir(folder)).includes('data.csv.lock')) await sleep(1);
    again.abort();
    await assert.rejects(hashing, { code: 'cancelled' });
    assert.deepEqual((await readdir(folder)).sort(), ['data.csv.part', 'data.csv.part.json']);
    await fetch();
    assert.match(log.join('\n'), /resuming from \d\d %/);
    await isWhole();
  });

  describe('with a thread that cannot do it', () => {
    let script: string;
    const thread = async (text: string) => {
      script = join(await temporaryFolder(), 'thread.cjs');
      await writeFile(script, text);
    };

    it('says what the disk says', async () => {
      await thread(`const { parentPort } = require('node:worker_threads');
        parentPort.on('message', ({ id }) => parentPort.postMessage({ id, failed: { code: 'ENOSPC', message: 'full' } }));`);
      host();
      await assert.rejects(fetch({ script }), { code: 'disk-full' });
    });

    it('fails where the thread dies', async () => {
      await thread(`require('node:worker_threads').parentPort.on('message', () => { throw new Error('it died'); });`);
      host();
      await assert.rejects(fetch({ script }), /it died/);
      await fetch();
      await isWhole();
    });

    it('starts none for a short file', async () => {
      await thread(`throw new Error('it was started');`);
      server.host('data.csv', content.subarray(0, LONG - 1));
      assert.equal((await fetch({ script })).receipt.bytes, LONG - 1);
    });
  });
});
