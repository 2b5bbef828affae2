/** Files that DVC itself tracked in another repository, which is on this machine or behind git's own server. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { dvcListing } from '../../src/engine/dvcStore';
import { Credentials } from '../../src/engine/credentials';
import { Downloader } from '../../src/engine/fetch';
import { MldataError } from '../../src/protocol';
import { config, Workspace } from '../engine/support';
import { temporaryFolder } from '../host/workspace';
import { commit, git, writeAll } from './gitHome';
import { RealDvc } from './realDvc';

describe('what DVC tracks in another repository', function () {
  this.timeout(120_000);
  let dvc: RealDvc;
  let above: string;
  let server: Server;
  let origin: string;
  const watch = { log: () => undefined, onProgress: () => undefined, signal: new AbortController().signal };
  const downloader = new Downloader({ allowInner: true });
  const credentials = new Credentials({ environment: {} });

  before(async function () {
    this.timeout(600_000);
    dvc = await RealDvc.start();
    above = await temporaryFolder();
    server = createServer((request, response) => {
      if (request.url?.startsWith('/git/')) askGit(above, request, response);
      else void give(join(above, request.url ?? ''), response);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const repo = join(above, 'repo');
    await writeAll(repo, {
      'data/train.csv': 'a\n1\n',
      'images/one.txt': 'one',
      'images/deep/größe 2.txt': 'two',
      'in.csv': 'x\n',
      'README.md': 'kept in git',
    });
    await git(repo, 'init', '--quiet');
    await dvc.dvc(repo, 'init', '-q');
    await dvc.dvc(repo, 'add', 'data/train.csv', 'images', 'in.csv');
    await writeAll(repo, {
      'dvc.yaml': 'stages:\n  copy:\n    cmd: cp in.csv out.csv\n    deps: [in.csv]\n    outs: [out.csv]\n',
      '.dvc/config': '[core]\n    remote = web\n[\'remote "web"\']\n    url = ../../remote\n',
    });
    await dvc.dvc(repo, 'repro', '-q');
    await dvc.dvc(repo, 'push', '-q');
    await writeAll(repo, { '.dvc/config': `[core]\n    remote = web\n['remote "web"']\n    url = ${origin}/remote\n` });
    await commit(repo);
    await git(repo, 'tag', 'v1');
    await writeAll(repo, { 'data/train.csv': 'a\n2\n' });
    await dvc.dvc(repo, 'add', '-q', 'data/train.csv');
    await commit(repo);
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await dvc.stop();
  });

  const list = (uri: string, allowInner = true) =>
    dvcListing(
      uri,
      { folder: above, root: above, allowInner, scratch: join(above, 'scratch') },
      { downloader, credentials, watch },
    );
  const texts = async (uri: string) => {
    const { files } = await list(uri);
    const folder = await temporaryFolder();
    const all = files.map(async ({ name, url, md5 = '' }, index) => {
      if (url.startsWith('file:')) return [name, await readFile(new URL(url), 'utf8')];
      const target = join(folder, String(index));
      await downloader.fetch({ url: new URL(url), target, expected: { md5 } }, watch);
      return [name, await readFile(target, 'utf8')];
    });
    return Object.fromEntries((await Promise.all(all)) as [string, string][]);
  };
  const fails = async (uri: string, code: string, allowInner = true) => {
    const error = await list(uri, allowInner).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof MldataError, String(error));
    assert.equal(error.code, code, error.message);
  };

  const images = { 'images/deep/größe 2.txt': 'two', 'images/one.txt': 'one' };
  const asked = [
    { from: 'repo', path: 'data/train.csv', means: { 'data/train.csv': 'a\n2\n' } },
    { from: 'repo@v1', path: 'data/train.csv', means: { 'data/train.csv': 'a\n1\n' } },
    { from: 'repo@v1', path: 'images', means: images },
    { from: 'repo@v1', path: 'images/one.txt', means: { 'images/one.txt': 'one' } },
    { from: 'repo@v1', path: 'images/**/*2.txt', means: { 'images/deep/größe 2.txt': 'two' } },
    { from: 'repo@v1', path: 'out.csv', means: { 'out.csv': 'x\n' } },
  ];
  for (const { from, path, means } of asked) {
    it(`dvc://./${from}//${path}: of the cache of a repository on this machine`, async () =>
      assert.deepEqual(await texts(`dvc://./${from}//${path}`), means));
  }
  for (const { from, path, means } of asked.filter((each) => each.from === 'repo@v1')) {
    it(`dvc://http…/${from}//${path}: of the remote, by git's own server`, async () =>
      assert.deepEqual(await texts(`dvc://${origin}/git/repo/.git@v1//${path}`), means));
  }

  it('names the commit, which a whole one may be asked for by', async () => {
    const { revision = '' } = await list('dvc://./repo@v1//in.csv');
    assert.match(revision, /^[0-9a-f]{40}$/);
    assert.equal((await list(`dvc://./repo@${revision}//in.csv`)).revision, revision);
  });

  for (const [from, as] of [
    [() => './repo@v1', 'a cache on this machine'],
    [() => `${origin}/git/repo/.git@v1`, 'a remote'],
  ] as const) {
    it(`is built from ${as}, recorded with its commit, and read without the repository from then on`, async () => {
      const space = await Workspace.create({});
      try {
        await cp(join(above, 'repo'), space.path('repo'), { recursive: true });
        const uri = `dvc://${from()}//data/*.csv`;
        await space.write('.mldata.yaml', config(`"${uri}"`));
        const build = await space.buildOne({ trusted: true, allowPrivateAddresses: true });
        assert.deepEqual([build.rows, build.error], [1, undefined]);
        assert.deepEqual(
          build.inputs.map(({ path }) => path),
          [`dvc://${from()}//data/train.csv`],
        );
        const { fetched = [] } = await space.manifest('d');
        assert.deepEqual(
          fetched.map((each) => [each.origin, each.md5?.length, each.revision?.length]),
          [[uri, 32, 40]],
        );
        await rm(space.path('repo'), { recursive: true });
        assert.equal((await space.buildOne({ offline: true, force: true })).rows, 1);
      } finally {
        await space.remove();
      }
    });
  }

  it('takes from the remote what the cache of a repository on this machine lacks', async () => {
    const found = await list('dvc://./repo@v1//in.csv');
    await rm(new URL(found.files[0]?.url ?? ''), { force: true });
    assert.deepEqual(await texts('dvc://./repo@v1//in.csv'), { 'in.csv': 'x\n' });
  });

  it('says what is not there', async () => {
    await fails('dvc://./repo//README.md', 'store-empty');
    await fails('dvc://./repo@v9//in.csv', 'store-repository');
    await fails('dvc://./none@v1//in.csv', 'store-repository');
  });

  it('leaves the folder of the config for no repository', () => fails('dvc://../elsewhere//in.csv', 'path-outside'));

  it('asks no repository in the network of this machine, unless that is allowed', () =>
    fails(`dvc://${origin}/git/repo/.git@v1//in.csv`, 'address-not-allowed', false));

  for (const uri of [
    ...['dvc://./repo', 'dvc://./repo//../x', 'dvc://ext::sh -c id//x', 'dvc://./repo@--upload-pack=id//x'],
    ...[
      'dvc://https://me:secret@host/x//y',
      'dvc://ssh://-oProxyCommand=id/x//y',
      'dvc://git@host:-x//y',
      'dvc://file:///etc//x',
    ],
  ]) {
    it(`takes ${uri} for no address`, () => fails(uri, 'store-address'));
  }
});

async function give(path: string, response: ServerResponse): Promise<void> {
  const bytes = await readFile(path).catch(() => undefined);
  response.writeHead(bytes ? 200 : 404, bytes ? { etag: '"e"', 'content-length': bytes.length } : {}).end(bytes);
}

/** Git's own server, as web servers start it. */
function askGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'http://host');
  const child = spawn('git', ['http-backend'], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname.slice('/git'.length),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf('\r\n\r\n');
    for (const line of all.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(all.subarray(end + 4));
  });
}
