/** Sources in stores, through pull and build: a real S3 server, and one of ours that answers as the Hub documents. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, request as ask, type Server } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { Database } from '../../src/engine/duckdb';
import type { DatasetBuild, Pull, PullProgress, PullRequest } from '../../src/protocol';
import { HubServer } from '../host/hubServer';
import { S3Server, type Keys } from '../host/s3Server';
import { codes, config, here, workspaces, type Workspace } from './support';

const run = promisify(execFile);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const network = { trusted: true, allowPrivateAddresses: true } as const;
const TOKEN = 'hf_aTokenThatNobodyIsToSee';

describe('sources in stores', () => {
  const workspace = workspaces();
  const before_ = { ...process.env };
  const variables = ['HF_ENDPOINT', 'HF_TOKEN', 'HF_HOME', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'HOME'];

  const set = (values: Readonly<Record<string, string | undefined>>): void => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
  afterEach(() => {
    set(Object.fromEntries(variables.map((name) => [name, before_[name]])));
  });

  const pull = (
    space: Workspace,
    options: Partial<PullRequest> = {},
    onProgress: (progress: PullProgress) => void = () => undefined,
  ): Promise<Pull> =>
    here.pull(
      { configPath: space.path('.mldata.yaml'), threads: 2, ...network, ...options },
      onProgress,
      new AbortController().signal,
    );

  const errorOf = ({ error }: DatasetBuild) => ({ kind: error?.kind, code: error?.code });
  const inputs = ({ inputs: read }: DatasetBuild) => read.map(({ path }) => path);
  const refusal = async (space: Workspace, expected: { kind: string; code: string }, says: RegExp): Promise<void> => {
    const build = await space.buildOne(network);
    assert.deepEqual(errorOf(build), expected, build.error?.message);
    assert.match(build.error?.message ?? '', says);
    assert.deepEqual(codes(build), [expected.code]);
    assert.deepEqual(build.findings[0]?.configPath, ['datasets', 'd', 'source', 0]);
  };
  /** No file of a workspace, hidden ones too, holds the text. */
  const nowhere = async (space: Workspace, secret: string): Promise<void> => {
    for (const name of await space.files()) {
      assert.ok(!(await readFile(space.path(name), 'latin1')).includes(secret), name);
    }
  };

  describe('of S3', () => {
    let server: S3Server;
    let keys: Keys;

    before(async function () {
      this.timeout(120_000);
      server = await S3Server.start();
      await server.makeBucket('data');
      await server.makeBucket('versions');
      await server.keepVersions('versions');
      keys = await server.makeUser('reader', 's3:*');
    });
    after(() => server.stop());
    beforeEach(async () => {
      set({ AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey });
      for (const [key, body] of [
        ['train/part-1.csv', 'id\n1\n2\n'],
        ['train/part-2.csv', 'id\n3\n'],
        ['train/README.md', 'hello'],
      ] as const)
        await server.put('data', key, body);
    });
    const source = (uri: string, more = '') => config(`{ uri: "${uri}", endpoint: "${server.endpoint}"${more} }`);

    it('are looked up once, fetched each, recorded, and read without the network from then on', async () => {
      const space = await workspace({ '.mldata.yaml': source('s3://data/train/*.csv') });
      const build = await space.buildOne(network);
      assert.deepEqual([build.status, build.rows, build.error], ['built', 3, undefined]);
      assert.deepEqual(inputs(build), ['s3://data/train/part-1.csv', 's3://data/train/part-2.csv']);
      const { fetched = [] } = await space.manifest('d');
      const lines = `${sha256('id\n1\n2\n')}  train/part-1.csv\n${sha256('id\n3\n')}  train/part-2.csv\n`;
      assert.deepEqual(
        fetched.map(({ fetchedAt, ...rest }) => ({ ...rest, fetchedAt: !Number.isNaN(Date.parse(fetchedAt)) })),
        [{ origin: 's3://data/train/*.csv', fileCount: 2, bytes: 12, sha256: sha256(lines), fetchedAt: true }],
      );
      await nowhere(space, keys.secretAccessKey);
      set({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
      for (const options of [{ offline: true }, network])
        assert.equal((await space.buildOne({ ...options, force: true })).rows, 3);
    });

    it('of a folder are its files of data; one object may have a hash', async () => {
      const space = await workspace({ '.mldata.yaml': source('s3://data/train/') });
      assert.deepEqual(inputs(await space.buildOne(network)), [
        's3://data/train/part-1.csv',
        's3://data/train/part-2.csv',
      ]);
      await space.write(
        '.mldata.yaml',
        source('s3://data/train/part-2.csv', `, sha256: ${sha256('id\n3\n').toUpperCase()}`),
      );
      assert.equal((await space.buildOne(network)).rows, 1);
      const { fetched = [] } = await space.manifest('d');
      assert.equal(fetched[0]?.validator, `"${createHash('md5').update('id\n3\n').digest('hex')}"`);
      await space.write('.mldata.yaml', source('s3://data/train/part-2.csv', `, sha256: "${'0'.repeat(64)}"`));
      await refusal(space, { kind: 'checkFailed', code: 'checksum-mismatch' }, /sha256 is [0-9a-f]{64}, not 0{64}/);
      await space.write('.mldata.yaml', source('s3://data/train/*.csv', `, sha256: "${'0'.repeat(64)}"`));
      await refusal(space, { kind: 'config', code: 'checksum-unclear' }, /means 2 files/);
    });

    it('stay as they are until they are asked about; then what changed is fetched, and nothing else', async () => {
      const space = await workspace({ '.mldata.yaml': source('s3://data/train/*.csv') });
      await pull(space);
      await server.put('data', 'train/part-2.csv', 'id\n8\n9\n');
      await server.put('data', 'train/part-3.csv', 'id\n10\n');
      try {
        assert.equal((await space.buildOne(network)).rows, 3);
        const kept = async () => (await stamps(space)).filter(([name]) => name.endsWith('part-1.csv'));
        const earlier = await kept();
        const { sources } = await pull(space, { update: true });
        assert.deepEqual([sources[0]?.outcome, sources[0]?.fileCount], ['fetched', 3]);
        assert.deepEqual(await kept(), earlier);
        assert.equal((await pull(space, { update: true })).sources[0]?.outcome, 'unchanged');
      } finally {
        await server.remove('data', 'train/part-3.csv');
      }
    });

    it('name the version of an object where the bucket keeps them', async () => {
      await server.put('versions', 'x.csv', 'id\n1\n');
      const space = await workspace({ '.mldata.yaml': source('s3://versions/x.csv') });
      await space.buildOne(network);
      const { fetched = [] } = await space.manifest('d');
      assert.ok((fetched[0]?.revision ?? '').length > 0);
      await server.put('versions', 'x.csv', 'id\n1\n2\n');
      assert.equal((await space.buildOne({ ...network, update: true })).rows, 2);
      assert.notEqual((await space.manifest('d')).fetched?.[0]?.revision, fetched[0]?.revision);
    });

    it('are gone on with where a connection was cut', async () => {
      const big = `id\n${Array.from({ length: 60_000 }, (_, index) => index).join('\n')}\n`;
      await server.put('data', 'big.csv', big);
      const ranges: (string | undefined)[] = [];
      const cutting = cuttingProxy(server.endpoint, ranges);
      await new Promise<void>((done) => cutting.listen(0, '127.0.0.1', done));
      try {
        const endpoint = `http://127.0.0.1:${(cutting.address() as AddressInfo).port}`;
        const space = await workspace({
          '.mldata.yaml': config(`{ uri: "s3://data/big.csv", endpoint: "${endpoint}" }`),
        });
        const { sources } = await pull(space);
        assert.equal(sources[0]?.sha256, sha256(big));
        // The first asks what it is, the second is cut, the third goes on.
        assert.deepEqual(ranges.slice(0, 2), ['bytes=0-0', undefined]);
        assert.match(ranges[2] ?? '', /^bytes=[1-9]\d*-$/);
      } finally {
        cutting.closeAllConnections();
        cutting.close();
      }
    });

    it('are unpacked where they are archives', async () => {
      const space = await workspace({ 'set/a.csv': 'id\n1\n', 'set/b.csv': 'id\n2\n', 'set/c.txt': 'none' });
      await run('tar', ['-cf', 'set.tar', 'set'], { cwd: space.folder });
      await server.put('data', 'set.tar', await readFile(space.path('set.tar'), 'latin1'));
      await space.write('.mldata.yaml', source('s3://data/set.tar'));
      assert.deepEqual(inputs(await space.buildOne(network)), [
        's3://data/set.tar/set/a.csv',
        's3://data/set.tar/set/b.csv',
      ]);
      await space.write('.mldata.yaml', source('s3://data/set.tar', ', members: "**/a.*"'));
      assert.equal((await space.buildOne(network)).rows, 1);
    });

    it('that are not there say so, on the line that names them', async () => {
      const space = await workspace({ '.mldata.yaml': source('s3://data/none.csv') });
      await refusal(space, { kind: 'network', code: 'store-missing' }, /s3:\/\/data\/none\.csv is not there/);
      await space.write('.mldata.yaml', source('s3://data/none-*.csv'));
      await refusal(space, { kind: 'config', code: 'store-empty' }, /names no file/);
      await space.write('.mldata.yaml', source('s3://data/train/none/'));
      await refusal(space, { kind: 'config', code: 'store-empty' }, /names no file/);
    });

    it('that are refused say by which keys, and what to do', async () => {
      const space = await workspace({ '.mldata.yaml': source('s3://data/train/part-1.csv') });
      await server.checkSignatures(true);
      try {
        set({ AWS_SECRET_ACCESS_KEY: 'wrong-secret-of-mine' });
        const expected = { kind: 'authentication', code: 'store-refused' };
        await refusal(space, expected, /SignatureDoesNotMatch.*the keys are those of AWS_ACCESS_KEY_ID/);
        await nowhere(space, 'wrong-secret-of-mine');
        await space.write('.mldata.yaml', source('s3://data/train/part-1.csv', ', anonymous: true'));
        await refusal(space, expected, /not public.*`aws configure`/);
      } finally {
        await server.checkSignatures(false);
      }
    });

    it('are pulled by their address', async () => {
      set({ AWS_ENDPOINT_URL_S3: server.endpoint });
      try {
        const space = await workspace({ '.mldata.yaml': config('x.csv') });
        const { sources } = await pull(space, { targets: ['s3://data/train/'] });
        assert.deepEqual(
          sources.map(({ dataset, origin, fileCount }) => [dataset, origin, fileCount]),
          [[undefined, 's3://data/train/', 2]],
        );
      } finally {
        set({ AWS_ENDPOINT_URL_S3: undefined });
      }
    });
  });

  describe('of the Hub', () => {
    let server: HubServer;

    beforeEach(async () => {
      server = await HubServer.start();
      set({ HF_ENDPOINT: server.endpoint, HF_TOKEN: undefined, HF_HOME: '/none' });
    });
    afterEach(() => server.stop());

    const offer = (name: string, files: Readonly<Record<string, string | Buffer>>, more: object = {}): void => {
      server.datasets.set(name, { revisions: { main: files }, ...more });
    };
    const parquet = async (space: Workspace, rows: number): Promise<Buffer> => {
      const database = await Database.open({ threads: 1, memoryLimit: '500MB', spillFolder: space.path('.spill') });
      try {
        await database.run(`COPY (SELECT i AS id FROM range(${rows}) r(i)) TO '${space.path('made.parquet')}'`);
      } finally {
        database.close();
      }
      return readFile(space.path('made.parquet'));
    };

    it('are fetched at one commit, recorded, and read without the network from then on', async () => {
      const space = await workspace({ '.mldata.yaml': config('hf://datasets/anna/set') });
      offer('anna/set', { 'README.md': 'hello', 'data/train.csv': 'id\n1\n2\n', 'data/test.csv': 'id\n3\n' });
      const build = await space.buildOne(network);
      assert.deepEqual([build.rows, build.error], [3, undefined]);
      assert.deepEqual(inputs(build), [
        'hf://datasets/anna/set/data/test.csv',
        'hf://datasets/anna/set/data/train.csv',
      ]);
      const [first] = (await space.manifest('d')).fetched ?? [];
      assert.equal(first?.origin, 'hf://datasets/anna/set');
      assert.match(first.revision ?? '', /^[0-9a-f]{40}$/);
      offer('anna/set', { 'data/train.csv': 'id\n1\n2\n3\n4\n' });
      const asked = server.asked.length;
      assert.equal((await space.buildOne(network)).status, 'upToDate');
      assert.equal((await space.buildOne({ offline: true, force: true })).rows, 3);
      assert.equal(server.asked.length, asked);
      const updated = await space.buildOne({ ...network, update: true });
      assert.deepEqual([updated.status, updated.rows], ['built', 4]);
      assert.notEqual((await space.manifest('d')).fetched?.[0]?.revision, first.revision);
    });

    it('are not fetched again at another commit where the Hub tells that they are the same', async () => {
      const space = await workspace({ '.mldata.yaml': config('hf://datasets/anna/large') });
      const bytes = await parquet(space, 7);
      offer('anna/large', { 'x.parquet': bytes, 'README.md': 'old' });
      assert.equal((await space.buildOne(network)).rows, 7);
      const fetches = () => server.asked.filter(({ host }) => host === 'store').length;
      assert.equal(fetches(), 1);
      offer('anna/large', { 'x.parquet': bytes, 'README.md': 'new' });
      const { sources } = await pull(space, { update: true });
      assert.equal(sources[0]?.outcome, 'unchanged');
      assert.equal(fetches(), 1);
      assert.equal((await space.buildOne({ offline: true })).status, 'upToDate');
    });

    it('are as many as they are, also where two are the same', async () => {
      const space = await workspace({ '.mldata.yaml': config('hf://datasets/anna/twice') });
      const bytes = await parquet(space, 3);
      offer('anna/twice', { 'a/0000.parquet': bytes, 'b/0000.parquet': bytes });
      assert.equal((await space.buildOne(network)).rows, 6);
    });

    it('that are gated say where to ask and how to sign in, and show the token to nobody', async () => {
      const space = await workspace({ '.mldata.yaml': config('hf://datasets/anna/gated/x.csv') });
      offer('anna/gated', { 'x.csv': 'id\n1\n' }, { token: TOKEN, gated: true });
      const expected = { kind: 'authentication', code: 'store-refused' };
      await refusal(space, expected, /datasets\/anna\/gated.*`mldata auth login huggingface`/);
      set({ HF_TOKEN: 'hf_another' });
      await refusal(space, expected, /wait until access is granted/);
      set({ HF_TOKEN: TOKEN });
      assert.equal((await space.buildOne(network)).rows, 1);
      await nowhere(space, TOKEN);
    });

    it('that are not there say so', async () => {
      const space = await workspace({ '.mldata.yaml': config('hf://datasets/anna/none') });
      await refusal(space, { kind: 'authentication', code: 'store-refused' }, /private, or is not there/);
      offer('anna/none', { 'x.csv': 'id\n' });
      await space.write('.mldata.yaml', config('"hf://datasets/anna/none@v9"'));
      await refusal(space, { kind: 'network', code: 'store-missing' }, /no branch, tag or commit "v9"/);
      await space.write('.mldata.yaml', config('hf://datasets/anna'));
      await refusal(space, { kind: 'config', code: 'store-address' }, /names no dataset of the Hub/);
    });
  });
});

/** When each file was last written. */
async function stamps(space: Workspace): Promise<[string, number][]> {
  const names = await space.files('.mldata/sources');
  return Promise.all(
    names.map(async (name): Promise<[string, number]> => [
      name,
      (await stat(space.path('.mldata/sources', name))).mtimeMs,
    ]),
  );
}

/** Passes everything on, and cuts the first whole body in its midst. */
function cuttingProxy(endpoint: string, ranges: (string | undefined)[]): Server {
  let cut = false;
  return createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    ranges.push(headers.range);
    const onward = ask(new URL(url ?? '/', endpoint), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (cut || headers.range !== undefined) {
        answer.pipe(outgoing);
        return;
      }
      cut = true;
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        outgoing.write(body.subarray(0, body.length / 2), () => setTimeout(() => outgoing.destroy(), 50));
      });
    });
    incoming.pipe(onward);
  });
}
