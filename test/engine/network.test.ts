/** What an editor says about its network holds for all that is fetched, from then on. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { redact } from '../../src/engine/credentials';
import { Downloader } from '../../src/engine/fetch';
import type { NetworkSettings } from '../../src/protocol';
import { temporaryFolder } from '../host/workspace';
import { HURRIED } from './fetchSchedules';

const TEXT = 'name\nOslo\n';
const signal = new AbortController().signal;
const watch = { log: () => undefined, signal };

describe("the network as an editor's settings say", () => {
  const engine = new LocalEngine();
  const asked: string[] = [];
  let proxy: Server;
  let at: string;
  /** One that nobody knows: what comes of it came through the proxy. */
  const url = new URL('http://data.test-only.example/towns.csv');
  const downloader = new Downloader({ timing: HURRIED });
  const read = async (settings: NetworkSettings, from = url): Promise<string> => {
    engine.useNetwork(settings);
    return (await downloader.read({ url: from }, watch)).text;
  };

  before(async () => {
    proxy = createServer((request, response) => {
      asked.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`.trim());
      response.end(TEXT);
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    at = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  after(() => {
    engine.useNetwork({});
    proxy.close();
    proxy.closeAllConnections();
  });
  beforeEach(() => asked.splice(0));

  it('goes through the proxy, with its password, which is told to nobody', async () => {
    assert.equal(await read({ proxy: `http://me:hidden-of-tests@${at}` }), TEXT);
    assert.deepEqual(asked, [`${url.href} Basic ${Buffer.from('me:hidden-of-tests').toString('base64')}`]);
    assert.doesNotMatch(redact(`proxy http://me:hidden-of-tests@${at} failed`), /hidden-of-tests/);
  });

  it('sends what the proxy wants to see', async () => {
    assert.equal(await read({ proxy: `http://${at}`, proxyAuthorization: 'Bearer of-tests' }), TEXT);
    assert.deepEqual(asked, [`${url.href} Bearer of-tests`]);
  });

  it('follows a change at once, over the environment and around the proxy', async () => {
    const { HTTP_PROXY } = process.env;
    process.env['HTTP_PROXY'] = `http://${at}`;
    try {
      assert.equal(await read({}), TEXT);
      // Other hosts: one that failed is left alone for a while.
      await assert.rejects(read({ proxy: '' }, new URL('http://a.test-only.example/')));
      const around = { proxy: `http://${at}`, noProxy: 'other.example,.test-only.example' };
      await assert.rejects(read(around, new URL('http://b.test-only.example/')));
      assert.equal(await read({ proxy: `http://${at}`, noProxy: 'other.example' }), TEXT);
    } finally {
      if (HTTP_PROXY === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = HTTP_PROXY;
    }
    assert.equal(asked.length, 2);
  });

  it('says what is wrong with a proxy that is none', async () => {
    await assert.rejects(read({ proxy: 'http://:nothing' }), { code: 'proxy-invalid' });
  });

  describe('of a host with a certificate of its own', () => {
    let server: ReturnType<typeof createTlsServer>;
    let secure: URL;
    let certificate: string;
    const inner = new Downloader({ allowInner: true, timing: HURRIED });
    const readSecure = async (settings: NetworkSettings): Promise<string> => {
      engine.useNetwork(settings);
      return (await inner.read({ url: secure }, watch)).text;
    };

    before(async () => {
      const folder = await temporaryFolder();
      const key = join(folder, 'key.pem');
      certificate = join(folder, 'cert.pem');
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
      const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject];
      execFileSync('openssl', made, { stdio: 'ignore' });
      server = createTlsServer({ key: await readFile(key), cert: await readFile(certificate) }, (_, response) => {
        response.end(TEXT);
      });
      await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
      secure = new URL(`https://localhost:${(server.address() as AddressInfo).port}/towns.csv`);
    });
    after(() => {
      server.close();
      server.closeAllConnections();
    });

    it('refuses it, unless certificates are not to be looked at', async () => {
      await assert.rejects(readSecure({}), { code: 'certificate' });
      assert.equal(await readSecure({ strictSSL: false }), TEXT);
      await assert.rejects(readSecure({ systemCertificates: true }), { code: 'certificate' });
    });

    it('trusts it where the system does, or whoever names its authority', async () => {
      for (const variable of process.platform === 'linux'
        ? ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']
        : ['NODE_EXTRA_CA_CERTS']) {
        const before = process.env[variable];
        process.env[variable] = certificate;
        try {
          assert.equal(await readSecure({ systemCertificates: true }), TEXT);
        } finally {
          if (before === undefined) Reflect.deleteProperty(process.env, variable);
          else process.env[variable] = before;
        }
      }
    });
  });
});
