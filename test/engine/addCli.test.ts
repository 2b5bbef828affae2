/** `mldata add`: what it shows, what it writes, and what it never writes. */
import assert from 'node:assert/strict';
import { chmod, readFile, stat } from 'node:fs/promises';
import sqlite from 'node-sqlite3-wasm';
import { addedSchema, peekSchema } from '../../src/protocol';
import { MisbehavingServer } from '../host/misbehavingServer';
import { workspaces, type Workspace } from './support';

const CONFIG = '# ours\nversion: 1\ndatasets:\n  known: # stays\n    source: known.csv\n';

describe('mldata add', function () {
  this.timeout(120_000);
  const workspace = workspaces();
  let server: MisbehavingServer;
  before(async () => {
    server = await MisbehavingServer.start();
  });
  after(() => server.stop());

  const configOf = (space: Workspace): Promise<string> => readFile(space.path('.mldata.yaml'), 'utf8');

  it('shows the first rows and writes the entry, from a folder below the config too', async () => {
    const space = await workspace({ '.mldata.yaml': CONFIG, 'raw/people.csv': 'id,name\n1,Ada\n2,Bo\n' });
    await chmod(space.path('.mldata.yaml'), 0o600);
    const { code, stdout, stderr } = await space.cli(['add', 'people.csv', '--json'], { cwd: space.path('raw') });
    assert.equal(code, 0, stderr);
    const { dataset, entry, written, credentials } = addedSchema.parse(JSON.parse(stdout));
    const lines = '  people:\n    source: raw/people.csv\n';
    assert.deepEqual(
      { dataset, entry, written, credentials },
      { dataset: 'people', entry: lines, written: true, credentials: [] },
    );
    assert.equal(await configOf(space), CONFIG + lines);
    assert.match(stderr, /2 of 2 rows, 2 columns, csv[\s\S]*Ada/);
    assert.equal((await stat(space.path('.mldata.yaml'))).mode & 0o777, 0o600);
    const built = await space.cli(['build', 'people']);
    assert.equal(built.code, 0, built.stderr);
  });

  it('makes a config where there is none, of an address', async () => {
    server.host('train.csv', Buffer.from('a\n1\n'));
    const space = await workspace({});
    const args = ['add', server.url('train.csv').href, '--allow-private-addresses', '--name', 'mine', '--yes'];
    const { code, stderr } = await space.cli(args);
    assert.equal(code, 0, stderr);
    assert.equal(
      await configOf(space),
      `version: 1\ndatasets:\n  mine:\n    source: ${server.url('train.csv').href}\n`,
    );
    assert.deepEqual(await space.files(), ['.mldata.yaml']);
  });

  it('only looks with --preview, and only tells with --dry-run', async () => {
    const space = await workspace({ '.mldata.yaml': CONFIG, 'a.csv': 'a\n1\n' });
    const looked = await space.cli(['add', 'a.csv', '--preview', '--json']);
    assert.deepEqual(peekSchema.parse(JSON.parse(looked.stdout)).rows, [['1']]);
    server.clear();
    const told = await space.cli(['add', server.url('x.csv').href, '--dry-run', '--json']);
    assert.deepEqual([told.code, addedSchema.parse(JSON.parse(told.stdout)).written], [0, false]);
    assert.deepEqual([server.seen, await configOf(space)], [[], CONFIG]);
    const unseen = await space.cli(['add', server.url('x.csv').href, '--no-preview']);
    assert.deepEqual([unseen.code, server.seen], [0, []]);
  });

  it('tells the tables of a database, and takes one', async () => {
    const space = await workspace({ '.mldata.yaml': CONFIG });
    const database = new sqlite.Database(space.path('a.db'));
    database.exec('CREATE TABLE people (id int); INSERT INTO people VALUES (7)');
    database.close();
    const asked = await space.cli(['add', 'sqlite:a.db']);
    assert.equal(asked.code, 64);
    assert.match(asked.stderr, /1 table\n {2}people\n[\s\S]*--table people/);
    const added = await space.cli(['add', 'sqlite:a.db', '--table', 'people']);
    assert.equal(added.code, 0, added.stderr);
    assert.equal(await configOf(space), `${CONFIG}  people:\n    source: { uri: sqlite:a.db, table: people }\n`);
  });

  it('never writes or says a secret of the address', async () => {
    const space = await workspace({ '.mldata.yaml': CONFIG });
    const secret = 'p4ss-w0rd';
    const address = `postgres://reader:${secret}@127.0.0.1:1/shop`;
    for (const args of [['--dry-run'], ['--dry-run', '--json'], []]) {
      const { stdout, stderr } = await space.cli(['add', address, '--table', 't', ...args]);
      assert.doesNotMatch(stdout + stderr + (await configOf(space)), new RegExp(secret));
    }
    const told = await space.cli(['add', address, '--table', 't', '--dry-run']);
    assert.match(told.stderr, /reader:\$\{credential:t-password\}@127\.0\.0\.1:1\/shop/);
    const refused = await space.cli(['add', `https://u:${secret}@127.0.0.1:1/x.csv`]);
    assert.equal(refused.code, 3);
    assert.doesNotMatch(refused.stderr, new RegExp(secret));
  });

  const refusals: readonly { what: string; args: readonly string[]; code: number; says: RegExp }[] = [
    { what: 'a name that is taken', args: ['a.csv', '--name', 'known'], code: 64, says: /has a dataset known already/ },
    { what: 'a file that is not there', args: ['none.csv'], code: 1, says: /matches no data file/ },
    { what: 'a file outside', args: ['/etc/hostname'], code: 3, says: /outside|leaves|leads/ },
    { what: 'an inner address', args: ['http://127.0.0.1:1/x.csv'], code: 3, says: /allowPrivateAddresses/ },
    {
      what: 'a server that is away',
      args: ['http://127.0.0.1:1/x.csv', '--allow-private-addresses'],
      code: 5,
      says: /refused/,
    },
  ];
  for (const { what, args, code, says } of refusals) {
    it(`refuses ${what}, and leaves the config as it was`, async () => {
      const space = await workspace({ '.mldata.yaml': CONFIG, 'a.csv': 'a\n1\n' });
      const found = await space.cli(['add', ...args]);
      assert.match(found.stderr, says);
      assert.deepEqual([found.code, await configOf(space)], [code, CONFIG]);
    });
  }
});
