/** Servers of databases: who is let in, over which connections, and that no secret is told. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askServer, readSnapshot } from '../../src/engine/databases';
import { MldataError } from '../../src/protocol';
import { certificateOfLocalhost, password, user, type Certificate } from '../host/databaseServers';
import { testServers, type TestServer } from './databaseClients';
import { accessWith, Snapshots } from './fetched';
import { workspaces } from './support';

const schemes = { PostgreSQL: 'postgres', MariaDB: 'mysql' } as const;
const ONE = 'SELECT 1 AS a';

async function thrownBy(work: Promise<unknown>): Promise<MldataError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof MldataError, String(error));
  return error;
}

for (const name of ['PostgreSQL', 'MariaDB'] as const) {
  describe(`access to a ${name}`, function () {
    this.timeout(300_000);
    let server: TestServer;
    let snapshots: Snapshots;
    const workspace = workspaces();
    before(async () => {
      server = await testServers[name]();
    });
    after(() => server.end());
    beforeEach(async () => {
      snapshots = await Snapshots.create();
    });
    afterEach(() => snapshots.remove());

    const scheme = schemes[name];
    const fetched = (uri: string, options: Parameters<Snapshots['fetch']>[1] = {}) =>
      snapshots.fetch({ uri, rows: { query: ONE } }, options);

    const addresses: readonly { what: string; uri: () => string; code: string }[] = [
      { what: 'a wrong password', uri: () => server.url('wrong-s3cret'), code: 'database-login' },
      { what: 'no password', uri: () => server.url(''), code: 'database-login' },
      { what: 'an unknown database', uri: () => server.url().replace(/\w+$/, 'nothing'), code: 'database-login' },
      { what: 'a closed port', uri: () => `${scheme}://u:wrong-s3cret@127.0.0.1:1/x`, code: 'database-unreachable' },
      {
        what: 'an unknown host',
        uri: () => `${scheme}://u:wrong-s3cret@nowhere.invalid/x`,
        code: 'database-unreachable',
      },
      { what: 'a variable that is not set', uri: () => server.url('${env:NOT_SET}'), code: 'secret-missing' },
      { what: 'a port that is none', uri: () => `${scheme}://u:wrong-s3cret@h:99999/x`, code: 'address-invalid' },
      {
        what: 'a parameter that nobody knows',
        uri: () => `${server.url()}?password=wrong-s3cret`,
        code: 'address-invalid',
      },
    ];
    for (const { what, uri, code } of addresses) {
      it(`${what} is ${code}, and the message tells no secret`, async () => {
        const error = await thrownBy(fetched(uri()));
        assert.equal(error.code, code);
        assert.equal(error.cause, undefined);
        assert.doesNotMatch(error.message, /s3cret|pa55/);
        assert.deepEqual(await snapshots.files(), []);
      });
    }

    it('says whether it lets somebody in, without asking for rows', async () => {
      const signal = new AbortController().signal;
      const ask = async (secret: string) =>
        askServer(server.url('${env:SECRET}'), accessWith({ SECRET: secret }), signal);
      await ask(password);
      await assert.rejects(ask('wrong'), { code: 'database-login', kind: 'authentication' });
      await assert.rejects(ask(''), { code: 'secret-missing' });
    });

    it('takes the password from the environment by its name, and keeps it out of what is told and written', async () => {
      const uri = server.url('${env:DATABASE_PASSWORD}');
      const { record } = await fetched(uri, accessWith({ DATABASE_PASSWORD: password }));
      assert.equal(record.origin, server.url().replace(/:[^:@]+@/, '@'));
      assert.deepEqual(await readSnapshot(snapshots.target()), record);
      const query = `SELECT ${password.replaceAll(/\W/g, '_')}.x AS a FROM "${password}"`;
      const failed = snapshots.fetch({ uri, rows: { query } }, accessWith({ DATABASE_PASSWORD: password }));
      assert.doesNotMatch((await thrownBy(failed)).message, /pa55 wörd/);
    });

    it('gives no password of the environment to a server that a config names', async () => {
      process.env['PGPASSWORD'] = password;
      process.env['MYSQL_PWD'] = password;
      try {
        assert.equal((await thrownBy(fetched(server.url('')))).code, 'database-login');
      } finally {
        delete process.env['PGPASSWORD'];
        delete process.env['MYSQL_PWD'];
      }
    });

    const inner = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1', '169.254.169.254', '[fe80::1]'];
    for (const host of [...inner, '127.1', '', '%2Ftmp']) {
      it(`reaches ${host === '' ? 'no host' : host} only where that is allowed`, async () => {
        const uri = `${scheme}://${user}:${encodeURIComponent(password)}@${host}:${server.port}/x`.replace(
          '@:',
          '@localhost:',
        );
        const access = accessWith({}, false);
        const { code, message } = await thrownBy(fetched(uri, access));
        assert.equal(code, 'address-not-allowed');
        assert.match(message, /allowPrivateAddresses/);
        await assert.rejects(async () => askServer(uri, access, new AbortController().signal), {
          code: 'address-not-allowed',
        });
      });
    }

    it('finds a name that is looked up, where that is allowed', async () => {
      assert.equal((await fetched(server.url().replace('127.0.0.1', '127.1'))).record.rows, 1);
    });

    it('reads through a socket of this machine', async () => {
      const uri = server.url().replace(/@.*(?=\/)/, `@${encodeURIComponent(server.socket)}:${server.port}`);
      assert.equal((await fetched(uri)).record.rows, 1);
    });

    describe('with encryption', () => {
      let folder: string;
      let certificate: Certificate;
      let secure: TestServer;
      before(async () => {
        folder = await mkdtemp(join(tmpdir(), 'mldata-tls-'));
        certificate = await certificateOfLocalhost(folder);
        secure = await testServers[name](certificate);
      });
      after(async () => {
        await secure.end();
        await rm(folder, { recursive: true, force: true });
      });

      const [parameter, disabled, preferred, required, authorities, host] =
        name === 'PostgreSQL'
          ? ['sslmode', 'disable', 'prefer', 'require', 'verify-ca', 'verify-full']
          : ['ssl-mode', 'disabled', 'preferred', 'required', 'verify_ca', 'verify_identity'];
      /** Whether a server lets us in that has encryption, and one that has none. */
      const modes: readonly { mode?: string; secure: boolean; open: boolean; encrypted?: boolean }[] = [
        { secure: true, open: true, encrypted: true },
        { mode: disabled, secure: true, open: true, encrypted: false },
        { mode: preferred, secure: true, open: true, encrypted: true },
        { mode: required, secure: true, open: false, encrypted: true },
        { mode: authorities, secure: false, open: false },
        { mode: host, secure: false, open: false },
      ];
      for (const { mode, encrypted, ...expected } of modes) {
        it(`${mode ?? 'without a mode'} ${encrypted === undefined ? 'refuses a certificate that nobody vouches for' : encrypted ? 'encrypts' : 'does not encrypt'}`, async () => {
          for (const [which, lets] of Object.entries(expected)) {
            const uri = `${(which === 'secure' ? secure : server).url()}${mode === undefined ? '' : `?${parameter}=${mode}`}`;
            const query =
              name === 'PostgreSQL'
                ? 'SELECT ssl AS a FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
                : "SELECT variable_value <> '' AS a FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher'";
            const work = snapshots.fetch({ uri, rows: { query } });
            // MariaDB's names of hosts are compared with names only, and this is an address.
            const refusal = mode === 'verify_identity' ? 'address-invalid' : 'database-unreachable';
            if (!lets) assert.equal((await thrownBy(work)).code, refusal);
            else {
              const [row] = await snapshots.texts((await work).record);
              assert.equal(/^(1|true)$/.test(String(row?.['a'])), which === 'secure' && encrypted);
            }
          }
        });
      }

      it('trusts authorities that NODE_EXTRA_CA_CERTS names, and asks for the name of the host where that is wanted', async () => {
        const at = (place: string, mode = '') =>
          `${secure.url('${env:SECRET}').replace('127.0.0.1', place)}?${parameter}=${mode}`;
        const sources = {
          named: at('localhost', host),
          unnamed: at('127.0.0.1', host),
          vouched: at('127.0.0.1', authorities),
        };
        const lines = Object.entries(sources).map(
          ([key, uri]) => `  ${key}: { source: { uri: "${uri}", query: "${ONE}" } }\n`,
        );
        const space = await workspace({ '.mldata.yaml': `version: 1\ndatasets:\n${lines.join('')}` });
        const env = { ...process.env, SECRET: password, NODE_EXTRA_CA_CERTS: certificate.certificate };
        const { stdout } = await space.cli(['doctor', '--json', '--allow-private-addresses'], { env });
        const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string; message: string }[] };
        const states = checks.filter((check) => check.name in sources).map((check) => [check.name, check.state]);
        assert.deepEqual(Object.fromEntries(states), { named: 'ok', unnamed: 'failed', vouched: 'ok' }, stdout);
      });

      it('refuses a mode that is none', async () => {
        const { code, message } = await thrownBy(fetched(`${secure.url()}?${parameter}=verify`));
        assert.equal(code, 'address-invalid');
        assert.match(message, new RegExp(`${disabled}.*${host}`));
      });
    });
  });
}
