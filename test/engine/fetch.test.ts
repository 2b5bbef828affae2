import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, get, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Downloader,
  type DownloaderOptions,
  type Fetched,
  type FetchProgress,
  type FetchRequest,
} from '../../src/engine/fetch';
import { MldataError } from '../../src/protocol';
import { bundleScript } from '../host/bundleScript';
import { MisbehavingServer, type Mishap } from '../host/misbehavingServer';
import { exitOf } from '../host/processes';
import { temporaryFolder } from '../host/workspace';
import { HURRIED } from './fetchSchedules';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const PATIENT = { ...HURRIED, idleMs: 5_000, headersMs: 5_000 };

describe('fetching', () => {
  let server: MisbehavingServer;
  let other: MisbehavingServer;
  let folder: string;
  /** Fetches in a process of its own. */
  let script: string;
  let target: string;
  let log: string[];
  const content = randomBytes(400_000);

  before(async function () {
    this.timeout(180_000);
    [server, other] = await Promise.all([MisbehavingServer.start(), MisbehavingServer.start()]);
    script = await bundleScript(join(__dirname, 'fetchAndDie.ts'), await temporaryFolder());
  });
  after(() => Promise.all([server.stop(), other.stop()]));
  beforeEach(async () => {
    folder = await temporaryFolder();
    target = join(folder, 'data.csv');
    log = [];
    server.clear();
    other.clear();
  });

  const downloader = (options: DownloaderOptions = {}) =>
    new Downloader({ allowInner: true, timing: PATIENT, ...options });

  function fetch(
    request: Partial<FetchRequest> = {},
    {
      by = downloader(),
      signal = new AbortController().signal,
      onProgress = () => undefined,
    }: { by?: Downloader; signal?: AbortSignal; onProgress?: (progress: FetchProgress) => void } = {},
  ): Promise<Fetched> {
    const watch = { onProgress, log: (line: string) => log.push(line), signal };
    return by.fetch({ url: server.url('data.csv'), target, ...request }, watch);
  }

  const fails = async (fetching: Promise<unknown>, code: string, text?: RegExp): Promise<MldataError> => {
    const error = await fetching.then(
      () => assert.fail('it was fetched'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof MldataError, String(error));
    assert.equal(error.code, code, error.message);
    if (text) assert.match(error.message, text);
    return error;
  };
  const isWhole = async (bytes: Buffer = content) => assert.ok((await readFile(target)).equals(bytes), log.join('\n'));
  const says = (pattern: RegExp) => assert.match(log.join('\n'), pattern);

  it('puts a file in its place with a receipt, and asks nobody for it the next time', async () => {
    server.host('data.csv', content);
    const { outcome, receipt } = await fetch();
    assert.equal(outcome, 'fetched');
    assert.equal(receipt.sha256, sha256(content));
    await isWhole();
    assert.deepEqual((await readdir(folder)).sort(), ['data.csv', 'data.csv.json']);
    assert.equal((await fetch()).outcome, 'there');
    assert.equal(server.seen.length, 1);
  });

  it('asks only whether it changed, where it is told to', async () => {
    const hosted = server.host('data.csv', content);
    await fetch();
    assert.equal((await fetch({ recheck: true })).outcome, 'unchanged');
    assert.deepEqual((await readdir(folder)).sort(), ['data.csv', 'data.csv.json']);
    server.change(hosted, true);
    assert.equal((await fetch({ recheck: true })).outcome, 'fetched');
    await isWhole(hosted.bytes);
  });

  it('is of an empty file as of any other', async () => {
    server.host('data.csv', Buffer.alloc(0));
    await fetch();
    assert.equal((await stat(target)).size, 0);
  });

  // What follows a connection that dropped half-way.
  const answers: [string, Mishap, RegExp][] = [
    ['the rest', { kind: 'none' }, /resuming from 50 %/],
    ['the rest in two parts', { kind: 'shorter' }, /resuming from 50 %[^]*resuming from 75 %/],
    ['all of it, without regard to the range', { kind: 'ignoreRange' }, /the server does not resume: starting over/],
    [
      'another range',
      { kind: 'wrongStart' },
      /the server sent another range \(from byte 199999, not 200000\): starting over/,
    ],
    ['a range of another length in all', { kind: 'wrongTotal' }, /its length changed on the server: starting over/],
    ['more than the range', { kind: 'longer' }, /the server sent more than it said: starting over/],
    ['a range that cannot be read', { kind: 'unreadableRange' }, /a range that cannot be read: starting over/],
    ['several ranges', { kind: 'multipart' }, /a range that cannot be read: starting over/],
    ['a compressed range', { kind: 'gzip' }, /in another encoding: starting over/],
    [
      'a range that does not say of which version',
      { kind: 'noValidator' },
      /does not say whether it changed: starting over/,
    ],
    ['412', { kind: 'status', status: 412 }, /changed on the server: starting over/],
    ['416', { kind: 'status', status: 416 }, /the server has no such range: starting over/],
    ['304', { kind: 'status', status: 304 }, /answered what nobody asked: starting over/],
    ['503', { kind: 'status', status: 503 }, /the server answered 503; trying again[^]*resuming from 50 %/],
    ['429 with a time', { kind: 'status', status: 429, retryAfter: '0' }, /resuming from 50 %/],
    [
      'another version of the same length',
      { kind: 'change', sameLength: true },
      /changed on the server: starting over/,
    ],
    [
      'another version of another length',
      { kind: 'change', sameLength: false },
      /changed on the server: starting over/,
    ],
  ];
  for (const [what, mishap, line] of answers) {
    it(`comes to the end when the server goes on with ${what}`, async () => {
      const hosted = server.host('data.csv', content, 'strong', [{ kind: 'drop', at: 0.5 }, mishap]);
      await fetch();
      says(line);
      await isWhole(hosted.bytes);
      const { range, 'if-range': condition } = server.seen[1]?.headers ?? {};
      assert.equal(range, 'bytes=200000-');
      assert.match(String(condition), /^"[0-9a-f]{16}"$/);
    });
  }

  for (const tags of ['weak', 'none'] as const) {
    it(`starts over where the server gives ${tags === 'none' ? 'no tag' : 'a weak tag'} and no hash is expected`, async () => {
      server.host('data.csv', content, tags, [{ kind: 'drop', at: 0.5 }]);
      await fetch();
      says(/gives nothing to go on by: starting over/);
      assert.equal(server.seen[1]?.headers.range, undefined);
      await isWhole();
    });

    it(`resumes there (${tags}) where a hash is expected, and starts over once where the sum is wrong`, async () => {
      const hosted = server.host('data.csv', content, tags, [{ kind: 'drop', at: 0.5 }, { kind: 'none' }]);
      await fetch({ expected: { sha256: sha256(content) } });
      says(/resuming from 50 %/);
      await isWhole();
      const other = join(folder, 'other.csv');
      const before = hosted.bytes;
      server.change(hosted, true);
      const after = hosted.bytes;
      hosted.bytes = before;
      hosted.mishaps.push({ kind: 'drop', at: 0.5 });
      const stop = new AbortController();
      await fails(
        fetch(
          { target: other, expected: { sha256: sha256(after) } },
          {
            signal: stop.signal,
            onProgress: ({ bytes }) => {
              if (bytes >= 200_000) stop.abort();
            },
          },
        ),
        'cancelled',
      );
      hosted.bytes = after;
      await fetch({ target: other, expected: { sha256: sha256(after) } });
      assert.ok((await readFile(other)).equals(after));
    });
  }

  it('goes by the date where there is no tag', async () => {
    server.host('data.csv', content, 'date', [{ kind: 'drop', at: 0.5 }]);
    await fetch();
    says(/resuming from 50 %/);
    await isWhole();
  });

  it('keeps what it has when it is cancelled, and goes on from there in another process', async () => {
    server.host('data.csv', content, 'strong', [{ kind: 'stall', at: 0.6 }]);
    const stop = new AbortController();
    const fetching = fetch({}, { signal: stop.signal });
    while ((server.seen[0]?.sent ?? 0) < 200_000) await sleep(5);
    await sleep(100);
    stop.abort();
    await fails(fetching, 'cancelled', /kept/);
    assert.deepEqual((await readdir(folder)).sort(), ['data.csv.part', 'data.csv.part.json']);
    await fetch();
    says(/resuming from \d\d %/);
    assert.ok((server.seen[1]?.sent ?? content.length) < content.length);
    await isWhole();
  });

  it('starts over where the part was damaged, and cuts off what its record does not know', async () => {
    const cut = async (change: (part: string) => Promise<void>) => {
      await rm(`${target}.json`, { force: true });
      server.host('data.csv', content, 'strong', [
        { kind: 'drop', at: 0.5 },
        { kind: 'status', status: 403 },
      ]);
      await fails(fetch(), 'download-refused');
      await change(`${target}.part`);
      log.length = 0;
      await fetch();
      await isWhole();
    };
    await cut((part) => writeFile(part, randomBytes(200_000)));
    says(/what was fetched before is damaged: starting over/);
    await cut((part) => writeFile(part, randomBytes(1000), { flag: 'a' }));
    says(/resuming from 50 %/);
    await cut((part) => truncate(part, 100));
    says(/damaged: starting over/);
    await cut((part) => writeFile(`${part}.json`, '{"version":1}'));
    assert.doesNotMatch(log.join('\n'), /resuming/);
  });

  it('goes on from the point before where a power cut took what came after it', async () => {
    server.host('data.csv', content, 'strong', [
      { kind: 'drop', at: 0.5 },
      { kind: 'status', status: 403 },
    ]);
    await fails(fetch(), 'download-refused');
    const record = JSON.parse(await readFile(`${target}.part.json`, 'utf8')) as { points: object[] };
    const earlier = { bytes: 100_000, sha256: sha256(content.subarray(0, 100_000)) };
    await writeFile(`${target}.part.json`, JSON.stringify({ ...record, points: [earlier, ...record.points] }));
    await truncate(`${target}.part`, 150_000);
    await truncate(`${target}.part`, 200_000);
    await fetch();
    says(/resuming from 25 %/);
    await isWhole();
  });

  for (const [what, name] of [
    ['part', 'data.csv.part'],
    ['record', 'data.csv.part.json.new'],
    ['receipt', 'data.csv.json.new'],
    ['file', 'data.csv'],
  ] as const) {
    it(`writes and reads through no link that stands in place of the ${what}`, async function () {
      if (process.platform === 'win32') this.skip(); // links need a right there that few have
      const precious = join(await temporaryFolder(), 'precious');
      await writeFile(precious, 'mine');
      await symlink(precious, join(folder, name));
      server.host('data.csv', content, 'strong', [{ kind: 'drop', at: 0.5 }]);
      await fetch();
      await isWhole();
      assert.equal(await readFile(precious, 'utf8'), 'mine');
      assert.ok((await lstat(target)).isFile());
    });
  }

  it('says of a folder that may not be written to that it may not', async function () {
    if (process.platform === 'win32') this.skip(); // folders have no such mode there
    server.host('data.csv', content);
    for (const each of [folder, join(script, '..')]) await chmod(each, 0o555);
    // Whoever may write everywhere asks as nobody.
    const child = spawn(process.execPath, [script, server.url('data.csv').href, target, '500000'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(process.getuid?.() === 0 && { uid: 65_534 }),
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    assert.equal(await exitOf(child), 1);
    assert.match(said, /code: 'not-writable'/);
    assert.deepEqual([await readdir(folder), server.seen], [[], []]);
  });

  it('keeps nothing that nobody can go on from', async () => {
    server.host('data.csv', content, 'none', [{ kind: 'stall', at: 0.6 }]);
    const stop = new AbortController();
    const fetching = fetch({}, { signal: stop.signal });
    while ((server.seen[0]?.sent ?? 0) < 200_000) await sleep(5);
    stop.abort();
    const { message } = await fails(fetching, 'cancelled');
    assert.doesNotMatch(message, /kept/);
    assert.deepEqual(await readdir(folder), []);
  });

  it('holds no cancel against a host', async () => {
    const by = downloader();
    server.route('silent', () => undefined);
    for (let time = 0; time < 6; time++) {
      const signal = AbortSignal.timeout(30);
      await fails(fetch({ url: server.url('silent') }, { by, signal }), 'cancelled');
    }
    assert.deepEqual(by.hostStates, [{ origin: server.origin, state: 'closed' }]);
  });

  it('stops while it waits for its turn or hashes what is there', async () => {
    server.host('data.csv', content, 'strong', [
      { kind: 'drop', at: 0.5 },
      { kind: 'status', status: 403 },
    ]);
    await fails(fetch(), 'download-refused');
    await fails(fetch({}, { signal: AbortSignal.abort() }), 'cancelled');
    assert.equal(server.seen.length, 2);
    await fetch();
    says(/resuming from 50 %/);
  });

  it('names both hashes and keeps nothing where the file is another than was expected', async () => {
    server.host('data.csv', content);
    const wrong = sha256(Buffer.from('x'));
    const { message } = await fails(fetch({ expected: { sha256: wrong } }), 'checksum-mismatch');
    assert.ok(message.includes(wrong) && message.includes(sha256(content)), message);
    assert.deepEqual(await readdir(folder), []);
  });

  it('tells by its bytes whether what is there has an md5 that nobody expected when it came', async () => {
    server.host('data.csv', content);
    await fetch();
    const md5 = createHash('md5').update(content).digest('hex');
    for (const expected of [{ md5 }, { md5, sha256: sha256(content) }, {}]) {
      const { outcome, receipt } = await fetch({ expected });
      assert.deepEqual([outcome, receipt.md5], ['there', md5]);
    }
    assert.equal(server.seen.length, 1);
    await rm(`${target}.json`);
    await fetch({ expected: { sha256: sha256(content) } });
    await writeFile(target, Buffer.alloc(content.length));
    assert.equal((await fetch({ expected: { md5 } })).outcome, 'fetched');
    await isWhole();
  });

  it('checks an md5 too', async () => {
    server.host('data.csv', content);
    await fails(fetch({ expected: { md5: '0'.repeat(32) } }), 'checksum-mismatch');
    const md5 = createHash('md5').update(content).digest('hex');
    assert.equal((await fetch({ expected: { md5 } })).receipt.md5, md5);
  });

  it('begins at the address itself each time, because where it leads to may expire', async () => {
    other.host('signed.csv', content, 'strong', [
      { kind: 'drop', at: 0.3 },
      { kind: 'status', status: 403 },
      { kind: 'drop', at: 0.3 },
    ]);
    let signature = 0;
    server.route('data.csv', (_, response) => {
      response.writeHead(302, { location: other.url(`signed.csv?X-Signature=secret${++signature}`).href }).end();
    });
    await fetch();
    await isWhole();
    assert.deepEqual(
      other.seen.map(({ path }) => path),
      [1, 2, 3, 4].map((each) => `/signed.csv?X-Signature=secret${each}`),
    );
    says(/the address that the server led to answered 403/);
    const written = await Promise.all(
      (await readdir(folder))
        .filter((name) => name.endsWith('.json'))
        .map((name) => readFile(join(folder, name), 'utf8')),
    );
    assert.doesNotMatch([...log, ...written].join('\n'), /secret/);
  });

  it('sends credentials to the origin of the address only', async () => {
    other.host('data.csv', content);
    server.route('own', (_, response) => void response.writeHead(302, { location: '/away' }).end());
    server.route('away', (_, response) => void response.writeHead(307, { location: other.url('data.csv').href }).end());
    await fetch({ url: server.url('own?token=concealed'), credentials: { authorization: 'Bearer hidden' } });
    assert.deepEqual(
      server.seen.map(({ headers }) => headers.authorization),
      ['Bearer hidden', 'Bearer hidden'],
    );
    assert.deepEqual(
      other.seen.map(({ headers }) => headers.authorization),
      [undefined],
    );
    assert.doesNotMatch(await readFile(`${target}.json`, 'utf8'), /hidden|concealed/);
  });

  it('does not go in circles', async () => {
    server.route('round', (_, response) => void response.writeHead(302, { location: '/round' }).end());
    await fails(fetch({ url: server.url('round') }), 'too-many-redirects');
    server.route('nowhere', (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end());
    await fails(fetch({ url: server.url('nowhere') }), 'address-not-allowed');
  });

  const refused: [string, number, string, RegExp][] = [
    ['no file', 404, 'download-missing', /is not there \(404\)/],
    ['no right to it', 403, 'download-refused', /refuses .* \(403\)/],
    ['an answer that nobody knows', 418, 'download-failed', /answered 418/],
  ];
  for (const [what, status, code, text] of refused) {
    it(`asks once for ${what}`, async () => {
      server.host('data.csv', content, 'strong', [{ kind: 'status', status }]);
      await fails(fetch(), code, text);
      assert.equal(server.seen.length, 1);
      assert.deepEqual(await readdir(folder), []);
    });
  }

  it('waits as long as the server asks, unless that is very long', async () => {
    server.host('data.csv', content, 'strong', [{ kind: 'status', status: 503, retryAfter: '1' }]);
    const started = performance.now();
    await fetch();
    assert.ok(performance.now() - started > 900);
    server.host('late.csv', content, 'strong', [{ kind: 'status', status: 429, retryAfter: '7200' }]);
    await fails(
      fetch({ url: server.url('late.csv'), target: join(folder, 'late.csv') }),
      'download-failed',
      /for 120 minutes/,
    );
  });

  it('leaves a host alone that failed five times, tries it once later, and says how it is', async () => {
    const timing = { ...PATIENT, breaker: { failures: 5, openMs: 400 } };
    const by = downloader({ timing });
    const state = () => by.hostStates[0]?.state;
    const bad = server.host(
      'data.csv',
      content,
      'strong',
      Array.from({ length: 5 }, () => ({ kind: 'status', status: 502 }) as const),
    );
    await fails(fetch({}, { by }), 'download-failed', /answered 502, and 5 tries/);
    const [{ openedAt = 0, ...host } = {}] = by.hostStates;
    assert.deepEqual(host, { origin: server.origin, state: 'open', lastFailure: 'the server answered 502' });
    assert.ok(openedAt <= Date.now());
    await fails(fetch({}, { by }), 'host-failing', /failed 5 times in a row \(the server answered 502\)/);
    assert.equal(server.seen.length, 5);
    says(/failed 5 times in a row: not asked for/);
    await sleep(420);
    assert.equal(state(), 'halfOpen');
    assert.equal(bad.mishaps.length, 0);
    await fetch({}, { by });
    assert.equal(state(), 'closed');
    says(/answers again/);
  });

  it('goes on with what was on its way once a host that was left alone answers again', async () => {
    const names = ['a.csv', 'b.csv', 'c.csv'];
    const by = downloader({ timing: { ...PATIENT, breaker: { failures: names.length, openMs: 1000 } } });
    const failing: ServerResponse[] = [];
    for (const name of names) {
      server.route(name, (_, response) => {
        if (failing.length === names.length) {
          response.end(content);
          return;
        }
        // Together, so that all are on their way when the last failure comes.
        failing.push(response);
        if (failing.length === names.length) for (const each of failing) each.writeHead(503).end();
      });
    }
    await Promise.all(names.map((name) => fetch({ url: server.url(name), target: join(folder, name) }, { by })));
    for (const name of names) assert.ok((await readFile(join(folder, name))).equals(content));
    says(/is not asked for another 1 s/);
  });

  it('says that nobody listens', async () => {
    const gone = await MisbehavingServer.start();
    const url = gone.url('data.csv');
    await gone.stop();
    await fails(fetch({ url }), 'download-failed', /the connection was refused, and 5 tries/);
  });

  it('gives a host that is silent up in time, before its headers and within its body', async () => {
    const timing = { ...HURRIED, headersMs: 100, idleMs: 100, tries: 2 };
    server.route('silent', () => undefined);
    await fails(
      fetch({ url: server.url('silent') }, { by: downloader({ timing }) }),
      'download-failed',
      /no answer came for 0.1 s/,
    );
    server.host('stalls.csv', content, 'none', [
      { kind: 'stall', at: 0 },
      { kind: 'stall', at: 0 },
    ]);
    await fails(
      fetch({ url: server.url('stalls.csv') }, { by: downloader({ timing }) }),
      'download-failed',
      /no byte came for 0.1 s/,
    );
  });

  it('fetches a file once that two want at the same time', async () => {
    server.host('data.csv', content, 'strong', [{ kind: 'slow' }]);
    const outcomes = await Promise.all([fetch(), fetch({}, { by: downloader() })]);
    assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), ['fetched', 'there']);
    assert.equal(server.seen.length, 1);
    says(/is being fetched by another process; waiting/);
  });

  it('asks one host for four at a time', async () => {
    let [now, most] = [0, 0];
    server.route('many', (_, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.end('x');
      }, 20);
    });
    const requests = Array.from({ length: 20 }, (_, index) => ({
      url: server.url(`many?${index}`),
      target: join(folder, `${index}`),
    }));
    await downloader().fetchAll(requests, {
      onProgress: () => undefined,
      log: () => undefined,
      signal: new AbortController().signal,
    });
    assert.equal(most, 4);
  });

  it('undoes a compression that nobody asked for, except that of the file itself', async () => {
    server.host('data.csv', content, 'strong', [{ kind: 'gzip' }]);
    await fetch();
    await isWhole();
    const packed = gzipSync(content);
    server.route(
      'data.csv.gz',
      (_, response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed),
    );
    target = join(folder, 'data.csv.gz');
    await fetch({ url: server.url('data.csv.gz') });
    await isWhole(packed);
  });

  it('takes no file that may have been cut off anywhere, unless its hash is known', async () => {
    server.host('data.csv', content, 'strong', [
      { kind: 'endless', at: 0.5 },
      { kind: 'endless', at: 1 },
    ]);
    await fails(fetch(), 'download-length-unknown', /`sha256`/);
    await fetch({ expected: { sha256: sha256(content) } });
    await isWhole();
  });

  const inner = [
    'http://127.0.0.1/x',
    'http://localhost/x',
    'http://[::1]/x',
    'http://[::ffff:127.0.0.1]/x',
    'http://2130706433/x',
    'http://169.254.169.254/latest',
    'http://10.1.2.3/',
    'http://192.168.0.1/',
    'http://[fd00::1]/',
    'http://0.0.0.0/',
  ];
  for (const address of [...inner, 'ftp://example.com/x', 'file:///etc/passwd', 'http://me:hidden@example.com/']) {
    it(`does not fetch ${address} unless that is allowed`, async () => {
      const { message } = await fails(
        fetch({ url: new URL(address) }, { by: downloader({ allowInner: false }) }),
        'address-not-allowed',
      );
      assert.doesNotMatch(message, /hidden/);
      assert.deepEqual(await readdir(folder), []);
    });
  }

  it('goes through the proxy that the environment names, and around it where it says so', async () => {
    const asked: string[] = [];
    const proxy: Server = createServer((request, response) => {
      asked.push(request.url ?? '');
      get(request.url ?? '', { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    server.host('data.csv', content);
    process.env['HTTP_PROXY'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      await fetch();
      await isWhole();
      assert.deepEqual(asked, [server.url('data.csv').href]);
      process.env['NO_PROXY'] = '127.0.0.1';
      await fetch({ target: join(folder, 'around.csv') }, { by: downloader() });
      assert.equal(asked.length, 1);
    } finally {
      delete process.env['HTTP_PROXY'];
      delete process.env['NO_PROXY'];
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  it('does not begin what the disk has no room for', async () => {
    server.route('data.csv', (_, response) => void response.writeHead(200, { 'content-length': 1e15 }).write('x'));
    await fails(fetch(), 'disk-space', /takes at least 1000000.0 GB/);
    assert.deepEqual(await readdir(folder), []);
  });

  it('says that the disk is full, and keeps what it has', async function () {
    if (process.platform === 'win32') this.skip(); // no limits of this kind
    target = join(folder, 'full', 'data.csv');
    const large = randomBytes(3_000_000);
    server.host('data.csv', large);
    // A file may become 2 MB long, which fails as a full disk does.
    const command = `ulimit -f 4000; exec "$0" "$@"`;
    const child = spawn(
      'sh',
      ['-c', command, process.execPath, script, server.url('data.csv').href, target, '500000'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    assert.equal(await exitOf(child), 1);
    assert.match(said, /The disk is full/);
    await fetch();
    says(/resuming from \d\d %/);
    await isWhole(large);
  });

  it('tells how far it is and how fast it comes', async () => {
    server.host('data.csv', content, 'strong', [{ kind: 'slow' }]);
    const told: FetchProgress[] = [];
    await fetch({}, { onProgress: (progress) => void told.push(progress) });
    assert.equal(told.at(-1)?.bytes, content.length);
    assert.equal(told.at(-1)?.total, content.length);
    assert.ok((told.at(-1)?.bytesPerSecond ?? 0) > 0);
  });

  it('resumes after its process was killed, close to where it was', async () => {
    const large = randomBytes(30_000_000);
    const record = 4 * 2 ** 20;
    await mkdir(join(folder, 'killed'));
    target = join(folder, 'killed', 'data.csv');
    server.host('large.csv', large, 'strong', [{ kind: 'stall', at: 0.8 }]);
    const child = spawn(process.execPath, [script, server.url('large.csv').href, target, `${record}`], {
      stdio: 'ignore',
    });
    const ended = exitOf(child);
    const size = () =>
      stat(`${target}.part`).then(
        (found) => found.size,
        () => 0,
      );
    while ((await size()) < large.length / 2) await sleep(10);
    child.kill('SIGKILL');
    await ended;
    const there = await size();
    await fetch({ url: server.url('large.csv') });
    says(/resuming from \d\d %/);
    const from = Number(/\d+/.exec(server.seen[1]?.headers.range ?? '')?.[0]);
    assert.ok(there - from <= 3 * record, `${there - from} bytes were fetched twice`);
    await isWhole(large);
    assert.deepEqual((await readdir(join(folder, 'killed'))).sort(), ['data.csv', 'data.csv.json']);
  });
});
