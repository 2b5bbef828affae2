import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Database as SqliteDatabase } from 'node-sqlite3-wasm';
import { Database } from '../../src/engine/duckdb';
import {
  doctorSchema,
  pullSchema,
  type DatasetBuild,
  type Pull,
  type PullProgress,
  type PullRequest,
} from '../../src/protocol';
import { startCli, until } from './commandLine';
import { MisbehavingServer } from '../host/misbehavingServer';
import { codes, config, here, workspaces, type Workspace } from './support';

const run = promisify(execFile);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const rows = 'id,name\n1,a\n2,b\n3,c\n';
const network = { trusted: true, allowPrivateAddresses: true } as const;

describe('sources that lie elsewhere', () => {
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

  const pull = (
    space: Workspace,
    options: Partial<PullRequest> = {},
    onProgress: (progress: PullProgress) => void = () => undefined,
    signal = new AbortController().signal,
  ): Promise<Pull> =>
    here.pull({ configPath: space.path('.mldata.yaml'), threads: 2, ...network, ...options }, onProgress, signal);

  const errorOf = ({ status, error }: DatasetBuild) => ({ status, kind: error?.kind, code: error?.code });

  describe('behind a secret', () => {
    const secret = 's3cret of a test';
    before(() => (process.env['PULL_TOKEN'] = `${secret}\n`));
    after(() => Reflect.deleteProperty(process.env, 'PULL_TOKEN'));
    const guarded = (uri: string): string =>
      config(`{ uri: "${uri}", headers: { Authorization: "Bearer \${env:PULL_TOKEN}", X-Of: mldata } }`);

    it('are fetched with the headers that the config names, which no other origin gets and no file holds', async () => {
      const other = await MisbehavingServer.start();
      try {
        other.host('train.csv', Buffer.from(rows));
        server.route('train.csv', ({ headers }, response) => {
          const isLet = headers.authorization === `Bearer ${secret}` && headers['x-of'] === 'mldata';
          response.writeHead(isLet ? 302 : 401, { location: other.url('train.csv').href }).end();
        });
        const space = await workspace({ '.mldata.yaml': guarded(address('train.csv')) });
        assert.equal((await space.buildOne(network)).rows, 3);
        assert.deepEqual(
          other.seen.map(({ headers }) => [headers.authorization, headers['x-of']]),
          [[undefined, undefined]],
        );
        for (const file of await space.files())
          assert.ok(!(await readFile(space.path(file), 'latin1')).includes(secret), file);
      } finally {
        await other.stop();
      }
    });

    it('are told to be refused, and how a secret that is not set is set', async () => {
      server.route('train.csv', (_request, response) => void response.writeHead(403).end());
      const space = await workspace({ '.mldata.yaml': guarded(address('train.csv')) });
      assert.deepEqual(errorOf(await space.buildOne(network)), {
        ...{ status: 'failed', kind: 'authentication', code: 'download-refused' },
      });
      await space.write('.mldata.yaml', guarded(address('train.csv')).replace('PULL_TOKEN', 'PULL_NONE'));
      const unset = await space.buildOne(network);
      assert.deepEqual(errorOf(unset), { status: 'failed', kind: 'authentication', code: 'secret-missing' });
    });
  });

  it('from a host that failed again and again is known to the doctor of another process, until it answers', async () => {
    const failing = await MisbehavingServer.start();
    try {
      const down = Array.from({ length: 5 }, () => ({ kind: 'status', status: 503 }) as const);
      failing.host('train.csv', Buffer.from(rows), 'strong', down);
      const space = await workspace({
        '.mldata.yaml': config(failing.url('train.csv').href),
        'own/mldata/config.yaml': 'version: 1\nnetwork: { allowPrivateAddresses: true }\n',
      });
      assert.equal((await space.buildOne(network)).status, 'failed');
      const env = { XDG_CONFIG_HOME: space.path('own') };
      const hosts = async () => {
        const { stdout } = await space.cli(['doctor', '--json'], { env });
        const { checks } = doctorSchema.parse(JSON.parse(stdout));
        return checks.flatMap(({ group, name, state, message }) =>
          group === 'host' ? [{ name, state, message }] : [],
        );
      };
      const [host, ...others] = await hosts();
      assert.deepEqual([host?.name, host?.state, others], [failing.origin, 'ok', []]);
      assert.match(
        host?.message ?? '',
        /^Answers\. It failed again and again at .* left alone for a minute: the server answered 503\.$/,
      );
      // Another process finds out for itself.
      assert.equal((await space.cli(['pull', '--json'], { env })).code, 0);
      assert.deepEqual(
        (await hosts()).map(({ message }) => message),
        ['Answers.'],
      );
    } finally {
      await failing.stop();
    }
  });

  describe('as files over HTTP', () => {
    it('are fetched once for a build, and read without the server from then on', async () => {
      server.host('train.csv', Buffer.from(rows));
      const space = await workspace({ '.mldata.yaml': config(address('train.csv')) });
      const first = await space.buildOne(network);
      assert.deepEqual([first.status, first.rows], ['built', 3]);
      assert.deepEqual(
        first.inputs.map(({ path, sha256: hash }) => [path, hash]),
        [[address('train.csv'), sha256(rows)]],
      );
      const { fetched = [] } = await space.manifest('d');
      const tag = `"${sha256(rows).slice(0, 16)}"`;
      assert.deepEqual(
        fetched.map(({ fetchedAt, ...rest }) => ({ ...rest, isTime: !Number.isNaN(Date.parse(fetchedAt)) })),
        [
          {
            ...{ origin: address('train.csv'), validator: tag, bytes: rows.length, sha256: sha256(rows) },
            isTime: true,
          },
        ],
      );
      server.clear();
      assert.equal((await space.buildOne(network)).status, 'upToDate');
      for (const options of [network, { offline: true }, {}]) {
        assert.equal((await space.buildOne({ ...options, force: true })).status, 'built');
      }
      assert.deepEqual(server.seen, []);
    });

    it('stand beside paths, several in one source, each read as its entry says', async () => {
      server.host('a.csv', Buffer.from('id;name\n1;a\n'));
      server.host('b.csv', Buffer.from('id,name\n2,b\n'));
      const list = `[{ uri: "${address('a.csv')}", options: { delimiter: ";" } }, "${address('b.csv')}", here.csv]`;
      const space = await workspace({ '.mldata.yaml': config(list), 'here.csv': 'id,name\n3,c\n' });
      const build = await space.buildOne(network);
      assert.deepEqual(
        build.inputs.map(({ path }) => path),
        ['here.csv', address('a.csv'), address('b.csv')].sort(),
      );
      assert.equal(build.rows, 3);
    });

    it('with different parameters are different files, whose names give no parameter away', async () => {
      for (const path of ['data.csv']) server.host(path, Buffer.from(rows));
      const list = `["${address('data.csv?key=tell-nobody')}", "${address('data.csv?key=nor-this')}"]`;
      const space = await workspace({ '.mldata.yaml': config(list) });
      const build = await space.buildOne(network);
      assert.equal(build.rows, 6);
      const names = build.inputs.map(({ path }) => path);
      assert.equal(new Set(names).size, 2);
      assert.ok(names.every((name) => name.startsWith(address('data.csv?')) && !/tell-nobody|nor-this/.test(name)));
    });

    it('are unpacked where they are archives', async () => {
      const space = await workspace({
        'set/train.csv': rows,
        'set/test.csv': 'id,name\n9,z\n',
        'set/README.md': 'hello',
      });
      await run('tar', ['-czf', 'set.tar.gz', 'set'], { cwd: space.folder });
      server.host('set.tar.gz', await readFile(space.path('set.tar.gz')));
      await space.write('.mldata.yaml', config(address('set.tar.gz')));
      const whole = await space.buildOne(network);
      assert.deepEqual(
        whole.inputs.map(({ path }) => path),
        ['set/test.csv', 'set/train.csv'].map((member) => `${address('set.tar.gz')}/${member}`),
      );
      assert.equal(whole.rows, 4);
      await space.write('.mldata.yaml', config(`{ uri: "${address('set.tar.gz')}", members: "set/tr*.csv" }`));
      assert.equal((await space.buildOne(network)).rows, 3);
      assert.equal(server.seen.length, 1, 'the archive was fetched once');
    });

    it('are asked about again with --update only, and change the build if they changed', async () => {
      const hosted = server.host('train.csv', Buffer.from(rows));
      const space = await workspace({ '.mldata.yaml': config(address('train.csv')) });
      await space.buildOne(network);
      assert.equal((await space.buildOne({ ...network, update: true })).status, 'upToDate');
      assert.equal(server.seen.length, 2);
      hosted.bytes = Buffer.from('id,name\n7,g\n');
      assert.equal((await space.buildOne(network)).status, 'upToDate');
      const updated = await space.buildOne({ ...network, update: true });
      assert.deepEqual([updated.status, updated.rows], ['built', 1]);
    });

    it('that are not what they are expected to be leave the build before as it was', async () => {
      server.host('train.csv', Buffer.from(rows));
      const written = (hash: string) => config(`{ uri: "${address('train.csv')}", sha256: "${hash}" }`);
      const space = await workspace({ '.mldata.yaml': written(sha256(rows).toUpperCase()) });
      assert.equal((await space.buildOne(network)).status, 'built');
      const before = await space.manifest('d');
      await space.write('.mldata.yaml', written('0'.repeat(64)));
      const build = await space.buildOne(network);
      assert.deepEqual(errorOf(build), { status: 'failed', kind: 'checkFailed', code: 'checksum-mismatch' });
      assert.match(build.error?.message ?? '', new RegExp(`${sha256(rows)}.*${'0'.repeat(64)}`));
      assert.deepEqual(build.findings[0]?.configPath, ['datasets', 'd', 'source', 0]);
      assert.deepEqual(await space.manifest('d'), before);
    });

    const withoutNetwork: readonly [string, object][] = [
      ['with --offline', { ...network, offline: true }],
      ['in a workspace that is not trusted', { allowPrivateAddresses: true }],
    ];
    for (const [when, options] of withoutNetwork) {
      it(`are not fetched ${when}, and it is said what to do`, async () => {
        server.host('train.csv', Buffer.from(rows));
        const space = await workspace({ '.mldata.yaml': config(address('train.csv')) });
        const build = await space.buildOne(options);
        assert.deepEqual(errorOf(build), { status: 'failed', kind: 'network', code: 'not-fetched' });
        assert.match(build.error?.message ?? '', /mldata pull d/);
        assert.deepEqual(codes(build), ['not-fetched']);
        assert.deepEqual(server.seen, []);
      });
    }

    it('with a secret written out are not fetched, and it is told and kept nowhere', async () => {
      const secret = 'tell-this-to-nobody';
      server.host('train.csv', Buffer.from(rows));
      const space = await workspace({ '.mldata.yaml': config(`${address('train.csv')}?access_token=${secret}`) });
      const { code, stdout, stderr } = await space.cli(['build', '--json']);
      assert.equal(code, 3, stderr);
      assert.match(stdout, /literal-secret/);
      assert.ok(!`${stdout}${stderr}`.includes(secret), `${stdout}${stderr}`);
      for (const name of await space.files()) {
        const isConfig = name === '.mldata.yaml';
        assert.equal((await readFile(space.path(name), 'latin1')).includes(secret), isConfig, name);
      }
      assert.deepEqual(server.seen, []);
    });

    it('on this machine are not fetched unless whoever owns it allows that', async () => {
      server.host('train.csv', Buffer.from(rows));
      const space = await workspace({ '.mldata.yaml': config(address('train.csv')) });
      const build = await space.buildOne({ trusted: true });
      assert.deepEqual(errorOf(build), { status: 'failed', kind: 'config', code: 'address-not-allowed' });
      assert.match(build.error?.message ?? '', /allowPrivateAddresses/);
      assert.deepEqual(server.seen, []);
    });

    it('say on the command line how a build comes to them', async () => {
      server.host('train.csv', Buffer.from(rows), 'strong', [{ kind: 'drop', at: 0.5 }]);
      const space = await workspace({
        '.mldata.yaml': config(address('train.csv')),
        'own/mldata/config.yaml': 'version: 1\nnetwork: { allowPrivateAddresses: true }\n',
      });
      const { code, stderr } = await space.cli(['build'], { env: { XDG_CONFIG_HOME: space.path('own') } });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /train\.csv: .*trying again[^]*train\.csv: resuming from \d\d %/);
    });

    it('survive what a server does, and say where it comes from', async () => {
      const truth = Buffer.from(`id\n${Array.from({ length: 20_000 }, (_, index) => index).join('\n')}\n`);
      server.host('big.csv', truth, 'strong', [
        { kind: 'drop', at: 0.4 },
        { kind: 'status', status: 503 },
      ]);
      const space = await workspace({ '.mldata.yaml': config(address('big.csv')) });
      const said: string[] = [];
      const { sources } = await pull(space, {}, (progress) => {
        if ('said' in progress) said.push(progress.said);
      });
      assert.equal(sources[0]?.sha256, createHash('sha256').update(truth).digest('hex'));
      assert.ok(said.some((line) => line.includes('big.csv')));
      assert.equal((await space.buildOne({ offline: true })).rows, 20_000);
    });

    it('lead nowhere else, whatever a repository wrote into the records', async () => {
      server.host('train.csv', Buffer.from(rows));
      const space = await workspace({ '.mldata.yaml': config(address('train.csv')), 'secret.csv': rows });
      await pull(space);
      const [record = ''] = (await space.files('.mldata/sources')).filter((name) => /^[0-9a-f]{16}\.json$/.test(name));
      const content = JSON.parse(await readFile(space.path('.mldata/sources', record), 'utf8')) as {
        files: { path: string; bytes: number }[];
      };
      content.files = [{ ...content.files[0], path: '../../secret.csv', bytes: rows.length }];
      await space.write(join('.mldata/sources', record), JSON.stringify(content));
      assert.deepEqual(errorOf(await space.buildOne({ offline: true })).code, 'not-fetched');
    });
  });

  describe('are pulled without building', () => {
    it('by the names of datasets, or all of them, or an address', async () => {
      for (const path of ['a.csv', 'b.csv', 'c.csv']) server.host(path, Buffer.from(rows));
      const text = `version: 1\ndatasets:\n  a: { source: "${address('a.csv')}" }\n  b: { source: "${address('b.csv')}" }\n`;
      const space = await workspace({ '.mldata.yaml': text });
      const named = await pull(space, { targets: ['b', address('c.csv')] });
      assert.deepEqual(
        named.sources.map(({ dataset, origin, outcome }) => [dataset, origin, outcome]),
        [
          ['b', address('b.csv'), 'fetched'],
          [undefined, address('c.csv'), 'fetched'],
        ],
      );
      const all = await pull(space);
      assert.deepEqual(
        all.sources.map(({ dataset, outcome }) => [dataset, outcome]),
        [
          ['a', 'fetched'],
          ['b', 'unchanged'],
        ],
      );
      assert.deepEqual(await space.files('datasets'), []);
      await assert.rejects(pull(space, { targets: ['z'] }), { code: 'dataset-unknown' });
      await assert.rejects(pull(space, { targets: ['postgres://h/d'] }), { code: 'address-unclear' });
      await assert.rejects(pull(space, { trusted: false }), { code: 'untrusted-workspace' });
    });

    it('and then validated and looked at, which fetch nothing themselves', async () => {
      server.host('train.csv', Buffer.from(rows));
      const space = await workspace({ '.mldata.yaml': config(address('train.csv')) });
      await assert.rejects(space.validate('d'), { code: 'not-fetched' });
      const look = () =>
        here.look({ configPath: space.path('.mldata.yaml'), dataset: 'd' }, new AbortController().signal);
      assert.deepEqual(
        (await look()).findings.map(({ code, severity }) => [code, severity]),
        [['not-fetched', 'info']],
      );
      assert.deepEqual(server.seen, []);
      await pull(space);
      assert.equal((await space.validate('d')).passed, true);
      assert.deepEqual(
        (await look()).columns.map(({ name }) => name),
        ['id', 'name'],
      );
      assert.equal(server.seen.length, 1);
    });

    for (const args of [
      ['validate', 'd'],
      ['profile', 'd'],
      ['schema', 'infer', 'd'],
      ['preview', 'd'],
    ]) {
      it(`and \`${args.join(' ')}\` says how, where nothing was fetched yet`, async () => {
        server.host('train.csv', Buffer.from(rows));
        const space = await workspace({ '.mldata.yaml': config(address('train.csv')) });
        const { code, stderr } = await space.cli(args);
        assert.notEqual(code, 0);
        assert.match(stderr, /was not fetched yet.*`mldata pull d`/s);
        assert.deepEqual(server.seen, []);
      });
    }

    it('by one of two processes that want the same; the other waits, and takes what came', async () => {
      const space = await workspace({
        '.mldata.yaml': config(address('slow.csv')),
        'own/mldata/config.yaml': 'version: 1\nnetwork: { allowPrivateAddresses: true }\n',
      });
      let giveTheRest: () => void = () => undefined;
      server.route('slow.csv', (_, response) => {
        response.writeHead(200, { etag: '"1"', 'content-length': rows.length }).write(rows.slice(0, 5));
        giveTheRest = () => response.end(rows.slice(5));
      });
      const env = { ...process.env, XDG_CONFIG_HOME: space.path('own'), APPDATA: space.path('own') };
      const start = () => startCli(space, ['pull', '--json'], { env });
      const first = start();
      await until(() => server.seen.length > 0);
      const second = start();
      await second.said(/is being fetched by another process; waiting/);
      giveTheRest();
      assert.deepEqual([await first.ended(), await second.ended()], [0, 0], first.stderr + second.stderr);
      assert.equal(server.seen.length, 1);
      const [one, other] = [first, second].map(({ stdout }) => pullSchema.parse(JSON.parse(stdout)).sources[0]);
      assert.deepEqual([one?.sha256, other?.sha256], [sha256(rows), sha256(rows)]);
      assert.equal(other?.fetchedAt, one?.fetchedAt);
    });

    it('up to where somebody stops it, and go on from there', async () => {
      const truth = Buffer.alloc(3 << 20, 'id\n1\n');
      const hosted = [
        { kind: 'drop', at: 0.3 },
        { kind: 'stall', at: 0.5 },
      ] as const;
      server.host('big.csv', truth, 'strong', hosted);
      const space = await workspace({ '.mldata.yaml': config(address('big.csv')) });
      const stopping = new AbortController();
      // Once it goes on after the drop, something is there for sure; how much of it is on disk is nobody's business.
      const stopAtResuming = (progress: PullProgress) => {
        if ('said' in progress && progress.said.includes('resuming from')) stopping.abort();
      };
      await assert.rejects(pull(space, {}, stopAtResuming, stopping.signal), { code: 'cancelled' });
      await pull(space);
      assert.match(server.seen[2]?.headers.range ?? '', /^bytes=[1-9]\d*-$/);
      assert.equal((await space.buildOne({ offline: true })).inputs[0]?.bytes, truth.length);
    });
  });

  describe('as rows of a database', () => {
    const fill = async (space: Workspace, sql: string): Promise<void> => {
      const database = await Database.open({ threads: 1, memoryLimit: '500MB', spillFolder: space.path('.spill') });
      try {
        await database.run(`ATTACH '${space.path('some.duckdb')}' AS d`);
        await database.run(sql);
        await database.run('DETACH d');
      } finally {
        database.close();
        await rm(space.path('.spill'), { recursive: true, force: true });
      }
    };
    const trusted = { trusted: true } as const;

    it('are fetched once, and recorded', async () => {
      const space = await workspace({ '.mldata.yaml': config('{ uri: "duckdb:some.duckdb", table: t }') });
      await fill(space, "CREATE TABLE d.t AS SELECT i AS id, 'n' || i AS name FROM range(5) r(i)");
      const build = await space.buildOne(trusted);
      assert.deepEqual([build.status, build.rows, build.error], ['built', 5, undefined]);
      assert.deepEqual(
        build.inputs.map(({ path }) => path),
        ['duckdb:some.duckdb#t'],
      );
      const { fetched = [] } = await space.manifest('d');
      assert.deepEqual(
        fetched.map(({ origin, rows: count, table, query }) => [origin, count, table, query]),
        [['duckdb:some.duckdb', 5, 't', undefined]],
      );
      await rm(space.path('some.duckdb'));
      assert.equal((await space.buildOne({ ...trusted, force: true })).rows, 5);
    });

    it('of SQLite, which the bundle of a job reads by itself', async () => {
      const space = await workspace({ '.mldata.yaml': config('{ uri: "sqlite:some.db", query: SELECT id FROM t }') });
      const database = new SqliteDatabase(space.path('some.db'));
      database.exec('CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1), (2)');
      database.close();
      const build = await space.buildOne(trusted);
      assert.deepEqual([build.rows, build.error], [2, undefined]);
      assert.match(build.inputs[0]?.path ?? '', /^sqlite:some\.db#query-[0-9a-f]{8}$/);
    });

    it('since the last time where only new ones are asked for', async () => {
      const source = '{ uri: "duckdb:some.duckdb", query: SELECT * FROM t, incremental: { column: id, since: last } }';
      const space = await workspace({ '.mldata.yaml': config(source) });
      await fill(space, 'CREATE TABLE d.t AS SELECT i AS id FROM range(5) r(i)');
      assert.equal((await space.buildOne(trusted)).rows, 5);
      await fill(space, 'INSERT INTO d.t SELECT i FROM range(5, 9) r(i)');
      assert.equal((await space.buildOne(trusted)).status, 'upToDate');
      assert.equal((await space.buildOne({ ...trusted, update: true })).rows, 9);
      const { fetched = [] } = await space.manifest('d');
      assert.deepEqual(fetched[0]?.watermark, { column: 'id', value: '8' });
    });

    it('whose password is a reference leave it in nothing that is written', async () => {
      const secret = 'hunter2-tell-nobody';
      const uri = 'postgres://me:${env:MLDATA_TEST_SECRET}@127.0.0.1:9/db';
      const space = await workspace({
        '.mldata.yaml': config(`{ uri: "${uri}", table: t, timeout: 5s }`),
        'own/mldata/config.yaml': 'version: 1\nnetwork: { allowPrivateAddresses: true }\n',
      });
      const env = { MLDATA_TEST_SECRET: secret, XDG_CONFIG_HOME: space.path('own') };
      const { code, stdout, stderr } = await space.cli(['build', '--json'], { env });
      assert.equal(code, 5, stderr);
      assert.match(stdout, /database-unreachable/);
      assert.ok(!`${stdout}${stderr}`.includes(secret));
      for (const name of await space.files()) {
        assert.ok(!(await readFile(space.path(name), 'latin1')).includes(secret), name);
      }
    });
  });
});
