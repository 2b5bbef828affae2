/** Certificates, proxies and names: what stands between this machine and a host. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer as createProxy, request as passOn, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { Downloader, type Client } from '../../src/engine/fetch';
import { directClient } from '../../src/engine/fetch/client';
import { MldataError } from '../../src/protocol';
import { bundleScript } from '../host/bundleScript';
import { MisbehavingServer } from '../host/misbehavingServer';
import { exitOf } from '../host/processes';
import { temporaryFolder } from '../host/workspace';
import { HURRIED } from './fetchSchedules';

const run = promisify(execFile);
const content = randomBytes(100_000);
const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function listening<T extends Server>(server: T): Promise<T> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('fetching over a network of its own', () => {
  let folder: string;
  let script: string;
  /** An authority that no system knows, which is its own server. */
  let authority: string;
  let secure: Server;
  let seen: IncomingMessage['headers'][];

  before(async function () {
    this.timeout(180_000);
    const keys = await temporaryFolder();
    script = await bundleScript(join(__dirname, 'fetchAndDie.ts'), keys);
    authority = join(keys, 'authority.pem');
    const key = join(keys, 'key.pem');
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=Authority of a test', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', key, '-out', authority],
    ]);
    const pair = { key: await readFile(key), cert: await readFile(authority) };
    secure = await listening(
      createSecure(pair, (request, response) => {
        seen.push(request.headers);
        response.writeHead(200, { 'content-length': content.length, etag: '"1"' }).end(content);
      }) as unknown as Server,
    );
  });
  after(() => {
    secure.closeAllConnections();
    secure.close();
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
    seen = [];
  });

  /** In a process of its own: authorities are read as it starts. */
  async function fetchIn(url: string, environment: Record<string, string>): Promise<string> {
    const child = spawn(process.execPath, [script, url, join(folder, 'data.csv'), '1000000'], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
    await exitOf(child);
    return said;
  }
  const address = () => `https://127.0.0.1:${portOf(secure)}/data.csv`;
  const isWhole = async () => assert.ok((await readFile(join(folder, 'data.csv'))).equals(content));

  describe('with an authority of its own', () => {
    it('trusts the one that NODE_EXTRA_CA_CERTS names', async () => {
      assert.match(await fetchIn(address(), { NODE_EXTRA_CA_CERTS: authority }), /^fetched$/m);
      await isWhole();
    });

    it('refuses it otherwise, at once, and says what to do', async () => {
      const said = await fetchIn(address(), {});
      assert.match(
        said,
        /certificate of the host is not trusted.* NODE_EXTRA_CA_CERTS \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      );
      assert.doesNotMatch(said, /trying again/);
      assert.deepEqual([seen, await readdir(folder)], [[], []]);
    });

    it('says that a certificate is that of another host', async () => {
      const said = await fetchIn(address().replace('127.0.0.1', 'localhost'), { NODE_EXTRA_CA_CERTS: authority });
      assert.match(said, /certificate of the host is that of another host \(ERR_TLS_CERT_ALTNAME_INVALID\)/);
    });
  });

  describe('through a proxy', () => {
    let proxy: Server;
    let asked: { readonly what: string; readonly authorization: string | undefined }[];
    let tunnels: Duplex[];
    const wanted = `Basic ${Buffer.from('me:hidden').toString('base64')}`;

    beforeEach(async () => {
      [asked, tunnels] = [[], []];
      const refuses = ({ method = '', url = '', headers }: IncomingMessage) => {
        asked.push({ what: `${method} ${url}`, authorization: headers['proxy-authorization'] });
        return headers['proxy-authorization'] !== wanted;
      };
      proxy = createProxy((request, response) => {
        if (refuses(request)) {
          response.writeHead(407).end();
          return;
        }
        const { 'proxy-authorization': _, ...headers } = request.headers;
        passOn(request.url ?? '', { headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        }).end();
      });
      proxy.on('connect', (request, socket) => {
        tunnels.push(socket);
        if (refuses(request)) {
          socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
          return;
        }
        const [host, port] = (request.url ?? '').split(':');
        const far = connect(Number(port), host, () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
        tunnels.push(far);
        for (const [from, to] of [
          [socket, far],
          [far, socket],
        ] as const)
          from.on('error', () => to.destroy()).pipe(to);
      });
      await listening(proxy);
    });
    afterEach(() => {
      for (const tunnel of tunnels) tunnel.destroy();
      proxy.closeAllConnections();
      proxy.close();
    });
    const named = (who: string) => `http://${who}127.0.0.1:${portOf(proxy)}`;

    it('opens a tunnel for https, and shows its password to the proxy only', async () => {
      const said = await fetchIn(address(), {
        NODE_EXTRA_CA_CERTS: authority,
        HTTPS_PROXY: named('me:hidden@'),
      });
      assert.match(said, /^fetched$/m);
      await isWhole();
      assert.deepEqual(asked, [{ what: `CONNECT 127.0.0.1:${portOf(secure)}`, authorization: wanted }]);
      assert.deepEqual(
        seen.map((headers) => headers['proxy-authorization']),
        [undefined],
      );
      assert.doesNotMatch(said + (await readFile(join(folder, 'data.csv.json'), 'utf8')), /hidden/);
    });

    it('goes around it where NO_PROXY says so', async () => {
      const around = { NODE_EXTRA_CA_CERTS: authority, HTTPS_PROXY: named('me:hidden@'), NO_PROXY: '127.0.0.1' };
      assert.match(await fetchIn(address(), around), /^fetched$/m);
      assert.deepEqual(asked, []);
    });

    for (const [scheme, variable] of [
      ['https', 'HTTPS_PROXY'],
      ['http', 'HTTP_PROXY'],
    ] as const) {
      it(`says of ${scheme} that the proxy wants another password, once`, async () => {
        const said = await fetchIn(address().replace('https', scheme), {
          NODE_EXTRA_CA_CERTS: authority,
          [variable]: named('me:hidden-too@'),
        });
        assert.match(said, /The proxy refuses .*\(407\)/);
        assert.doesNotMatch(said, /trying again|hidden/);
        assert.equal(asked.length, 1);
      });
    }
  });

  describe('by names', () => {
    const { lookup } = dns;
    let server: MisbehavingServer;
    let answers: string[];
    let asked: string[];

    beforeEach(async () => {
      server = await MisbehavingServer.start();
      server.host('data.csv', content);
      [answers, asked] = [[], []];
      // What a name server says is not ours to choose otherwise.
      dns.lookup = ((host: string, _: object, done: (error: null, found: dns.LookupAddress[]) => void) => {
        asked.push(host);
        done(null, [{ address: answers.shift() ?? '127.0.0.1', family: 4 }]);
      }) as unknown as typeof lookup;
    });
    afterEach(async () => {
      dns.lookup = lookup;
      await server.stop();
    });

    async function refusedTo(url: URL, client: Client): Promise<string> {
      const downloader = new Downloader({ client, timing: HURRIED });
      const watch = { onProgress: () => undefined, log: () => undefined, signal: new AbortController().signal };
      const error = await downloader.fetch({ url, target: join(folder, 'data.csv') }, watch).then(
        () => assert.fail('it was fetched'),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof MldataError, String(error));
      assert.equal(error.code, 'address-not-allowed', error.message);
      assert.deepEqual(await readdir(folder), []);
      return error.message;
    }
    const guarded = directClient({ allowInner: false, connectMs: 200 });
    const behind = () => new URL(`http://data.example.org:${server.url('').port}/data.csv`);

    it('refuses one that stands for an address of this machine', async () => {
      assert.match(await refusedTo(behind(), guarded), /^data\.example\.org \(127\.0\.0\.1\) is an address of this/);
      assert.deepEqual([asked, server.seen], [['data.example.org'], []]);
    });

    it('refuses one that a redirect leads to', async () => {
      server.route('go', (_, response) => void response.writeHead(302, { location: behind().href }).end());
      const open = directClient({ allowInner: true, connectMs: 200 });
      const first: Client = (url, ...rest) => (url.pathname === '/go' ? open : guarded)(url, ...rest);
      assert.match(await refusedTo(server.url('go'), first), /^data\.example\.org \(127\.0\.0\.1\)/);
      assert.deepEqual(
        server.seen.map(({ path }) => path),
        ['/go'],
      );
    });

    it('connects to the address that it looked at, and looks at the next one too', async () => {
      answers = ['203.0.113.1']; // nobody's
      await refusedTo(behind(), guarded);
      assert.deepEqual([asked.length, server.seen], [2, []]);
    });
  });

  it('gives up a host that does not answer when it is connected to', async function () {
    if (process.platform !== 'linux') this.skip(); // others refuse where a queue is full
    // Takes nobody in: those who come fill its queue, and whoever comes then hears nothing.
    const deaf = `const server = require('node:net').createServer();
      server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
        require('node:fs').writeSync(1, String(server.address().port));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`;
    const child = spawn(process.execPath, ['-e', deaf], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(said.toString());
    const waiting = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    try {
      await sleep(200);
      const timing = { ...HURRIED, connectMs: 300, headersMs: 30_000, tries: 2 };
      const request = { url: new URL(`http://127.0.0.1:${port}/data.csv`), target: join(folder, 'data.csv') };
      const watch = { onProgress: () => undefined, log: () => undefined, signal: new AbortController().signal };
      const started = performance.now();
      await assert.rejects(new Downloader({ allowInner: true, timing }).fetch(request, watch), {
        code: 'download-failed',
        message: /the host did not answer in time, and 2 tries/,
      });
      assert.ok(performance.now() - started < 10_000);
    } finally {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
    }
  });
});
