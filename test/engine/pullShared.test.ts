/** Sources that lie elsewhere and are one thing to some, and another to others: what is kept of them, and for whom. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { cacheReportSchema, pullSchema, type PullRequest } from '../../src/protocol';
import { password, user } from '../host/databaseServers';
import { MisbehavingServer } from '../host/misbehavingServer';
import { testServers, type TestServer } from './databaseClients';
import { config, here, workspaces, type Workspace } from './support';

const run = promisify(execFile);
const rows = 'id,name\n1,a\n2,b\n3,c\n';
const network = { trusted: true, allowPrivateAddresses: true } as const;
const RECORD = /^[0-9a-f]{16}\.json$/;

describe('what is fetched', () => {
  let server: MisbehavingServer;
  const workspace = workspaces();

  before(async () => {
    server = await MisbehavingServer.start();
  });
  after(() => server.stop());
  beforeEach(() => {
    server.clear();
  });

  const address = (path: string): string => server.url(path).href;
  const pull = (space: Workspace, options: Partial<PullRequest> = {}) =>
    here.pull(
      { configPath: space.path('.mldata.yaml'), threads: 2, ...network, ...options },
      () => undefined,
      new AbortController().signal,
    );

  it('from one address with other headers is something else', async () => {
    server.route('rows', ({ headers }, response) => void response.end(`who\n${String(headers['x-tenant'])}\n`));
    const of = (tenant: string) => `{ uri: "${address('rows')}", format: csv, headers: { X-Tenant: ${tenant} } }`;
    const space = await workspace({ '.mldata.yaml': config(`[${of('a')}, ${of('b')}]`) });
    const build = await space.buildOne(network);
    assert.deepEqual([build.error, build.rows], [undefined, 2]);
    assert.deepEqual(
      build.inputs.map(({ path }) => path),
      [address('rows'), `${address('rows')}#2`],
    );
    assert.equal(new Set(build.inputs.map(({ sha256 }) => sha256)).size, 2);
  });

  it('is recorded as it was when its files were listed, whoever fetches meanwhile', async () => {
    server.host('train.csv', Buffer.from(rows));
    const space = await workspace({ '.mldata.yaml': config(address('train.csv')) });
    await pull(space);
    const [name = ''] = (await readdir(space.path('.mldata/sources'))).filter((one) => RECORD.test(one));
    const record = space.path('.mldata/sources', name);
    const before = readFileSync(record, 'utf8');
    const { fetchedAt } = JSON.parse(before) as { fetchedAt: string };
    let swapped = false;
    await space.build(network, ({ step }) => {
      if (step !== 'publish') return;
      writeFileSync(record, before.replace(fetchedAt, '2001-01-01T00:00:00.000Z'));
      swapped = true;
    });
    assert.equal(swapped, true);
    assert.equal((await space.manifest('d')).fetched?.[0]?.fetchedAt, fetchedAt);
  });

  it('of an archive stays for a dataset that did not ask again, and goes once nobody names it', async () => {
    const space = await workspace({ 'set/a.csv': rows, 'set/b.csv': rows });
    const pack = async () => {
      await run('tar', ['-czf', 'set.tar.gz', 'set'], { cwd: space.folder });
      return readFile(space.path('set.tar.gz'));
    };
    const hosted = server.host('set.tar.gz', await pack());
    const of = (name: string) => `{ source: { uri: "${address('set.tar.gz')}", members: "set/${name}.csv" } }`;
    await space.write('.mldata.yaml', `version: 1\ndatasets:\n  a: ${of('a')}\n  b: ${of('b')}\n`);
    await pull(space);
    await space.write('set/a.csv', 'id,name\n9,z\n');
    hosted.bytes = await pack();
    await pull(space, { targets: ['a'], update: true });
    const [a, b] = (await space.build({ offline: true })).datasets;
    assert.deepEqual([a?.rows, b?.rows, b?.error], [1, 3, undefined]);
    await pull(space, { targets: ['b'], update: true });
    const [folder = ''] = (await readdir(space.path('.mldata/sources'))).filter((one) => /^[0-9a-f]{16}$/.test(one));
    const unpacked = (await readdir(space.path('.mldata/sources', folder))).filter((one) =>
      /^members-[^.]*$/.test(one),
    );
    assert.equal(unpacked.length, 2);
  });

  it('of several datasets comes at the same time', async () => {
    const arrived: (() => void)[] = [];
    for (const path of ['a.csv', 'b.csv']) {
      server.route(path, (_request, response) => {
        arrived.push(() => void response.end(rows));
        if (arrived.length === 2) for (const answer of arrived) answer();
      });
    }
    const space = await workspace({
      '.mldata.yaml': `version: 1\ndatasets:\n  a: { source: "${address('a.csv')}" }\n  b: { source: "${address('b.csv')}" }\n`,
    });
    assert.deepEqual(
      (await pull(space)).sources.map(({ dataset, outcome }) => [dataset, outcome]),
      [
        ['a', 'fetched'],
        ['b', 'fetched'],
      ],
    );
  });

  describe('on the command line', () => {
    it('by an address needs no config', async () => {
      server.host('train.csv', Buffer.from(rows));
      const space = await workspace({});
      const { code, stdout, stderr } = await space.cli([
        ...['pull', address('train.csv'), '--allow-private-addresses', '--json'],
      ]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(
        pullSchema.parse(JSON.parse(stdout)).sources.map(({ origin }) => origin),
        [address('train.csv')],
      );
      assert.equal((await space.cli(['pull'])).code, 3);
    });

    it('by what is no address says so', async () => {
      const space = await workspace({});
      const { code, stdout } = await space.cli(['pull', 'https://[bad/x', '--json']);
      assert.equal(code, 64, stdout);
      assert.match(stdout, /address-invalid/);
    });

    it('comes from this machine for a build too, where that is allowed', async () => {
      server.host('train.csv', Buffer.from(rows));
      const space = await workspace({ '.mldata.yaml': config(address('train.csv')) });
      assert.equal((await space.cli(['build'])).code, 3);
      const { code, stderr } = await space.cli(['build', '--allow-private-addresses']);
      assert.equal(code, 0, stderr);
    });
  });

  describe('and is named no more', () => {
    const report = async (space: Workspace, ...args: string[]) =>
      cacheReportSchema.parse(JSON.parse((await space.cli(['cache', ...args, '--json'])).stdout));

    it('is shown with its size, and pruned', async () => {
      for (const path of ['a.csv', 'b.csv']) server.host(path, Buffer.from(rows));
      const both = config(`["${address('a.csv')}", "${address('b.csv')}"]`);
      const space = await workspace({ '.mldata.yaml': both });
      await pull(space);
      const whole = await report(space);
      assert.deepEqual([whole.snapshots.entries, whole.snapshots.unnamed], [2, { entries: 0, bytes: 0 }]);
      await space.write('.mldata.yaml', config(address('a.csv')));
      const { snapshots } = await report(space);
      assert.equal(snapshots.unnamed?.entries, 1);
      assert.ok(snapshots.unnamed.bytes >= rows.length);
      assert.match((await space.cli(['cache'])).stderr, /fetched of 2 sources, .* no config names any more/);
      const pruned = await report(space, 'prune');
      assert.deepEqual([pruned.removedSnapshots, pruned.snapshots.entries], [snapshots.unnamed, 1]);
      server.clear();
      assert.equal((await space.buildOne({ offline: true })).rows, 3);
      await space.write('.mldata.yaml', both);
      assert.equal((await space.buildOne({ offline: true })).error?.code, 'not-fetched');
    });

    it('stays where the config has errors, and where another config of the folder names it', async () => {
      server.host('a.csv', Buffer.from(rows));
      const space = await workspace({ '.mldata.yaml': config(address('a.csv')) });
      await pull(space);
      await space.write('.mldata.yaml', 'version: 1\ndatasets:\n  d: { sauce: x }\n');
      const broken = await report(space, 'prune');
      assert.deepEqual([broken.snapshots.unnamed, broken.removedSnapshots.entries], [undefined, 0]);
      await space.write('.mldata.yaml', config('x.csv'));
      await space.write('mldata.yaml', config(address('a.csv')));
      assert.deepEqual((await report(space, 'prune')).removedSnapshots, { entries: 0, bytes: 0 });
    });

    it('stays while it is on its way, and goes where nobody waits for it', async () => {
      server.host('a.csv', Buffer.from(rows));
      const space = await workspace({ '.mldata.yaml': config(address('a.csv')) });
      const part = space.path('.mldata/sources/0123456789abcdef');
      await mkdir(part, { recursive: true });
      await writeFile(`${part}/big.csv.part`, 'beginning');
      assert.equal((await report(space, 'prune')).removedSnapshots.bytes, 0);
      await pull(space);
      assert.equal((await report(space, 'prune')).removedSnapshots.bytes, 'beginning'.length);
    });
  });

  describe('from a database', function () {
    this.timeout(120_000);
    let database: TestServer;
    before(async () => {
      database = await testServers.PostgreSQL();
      process.env['PULL_SECRET'] = password;
      for (const name of ['staging', 'production']) await database.query(`CREATE DATABASE ${name}`);
    });
    after(async () => {
      for (const name of ['PULL_DATABASE', 'PULL_SECRET']) Reflect.deleteProperty(process.env, name);
      await database.end();
    });

    const at = () => `postgres://${user}:\${env:PULL_SECRET}@127.0.0.1:${database.port}/`;

    it('that a reference names is another one when the reference stands for another, and never goes on with its rows', async () => {
      const query = 'SELECT n AS id, current_database()::text AS which FROM generate_series(1, 3) n';
      const source = `{ uri: "${at()}\${env:PULL_DATABASE}", query: "${query}", incremental: { column: id, since: last } }`;
      const space = await workspace({ '.mldata.yaml': config(source) });
      const of = async () => {
        const build = await space.buildOne(network);
        assert.equal(build.error, undefined);
        const found = await space.query('SELECT DISTINCT which FROM {datasets/d/data/data.parquet}');
        return [build.rows, ...found.map(({ which }) => which)];
      };
      process.env['PULL_DATABASE'] = 'staging';
      assert.deepEqual(await of(), [3, 'staging']);
      process.env['PULL_DATABASE'] = 'production';
      assert.deepEqual(await of(), [3, 'production']);
      // Whoever does not know where it leads has what is there.
      Reflect.deleteProperty(process.env, 'PULL_DATABASE');
      assert.deepEqual(await of(), [3, 'production']);
    });

    it('stands as a whole, the rows of before until those of now are recorded', async () => {
      const source = `{ uri: "${at()}staging", query: SELECT now()::text AS at }`;
      const space = await workspace({ '.mldata.yaml': config(source) });
      const fetched = async () => {
        const folders = (await readdir(space.path('.mldata/sources'))).filter((one) => /^[0-9a-f]{16}$/.test(one));
        return (await readdir(space.path('.mldata/sources', folders[0] ?? ''))).filter((one) =>
          one.startsWith('rows-'),
        );
      };
      await pull(space);
      const before = await fetched();
      await pull(space, { update: true });
      const now = await fetched();
      assert.deepEqual([before.length, now.length], [1, 1]);
      assert.notDeepEqual(now, before);
    });
  });
});
