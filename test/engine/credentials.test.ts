/** Secrets at work: their states, the real keyring, and that they are in nothing that is written or told. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { credentialsSchema, type CredentialStatus } from '../../src/protocol';
import { buildRequest, credentialsNotification, credentialStatusRequest, doctorRequest } from '../../src/protocol/rpc';
import { password, startPostgres } from '../host/databaseServers';
import { startGuarded, type GuardedServer } from '../host/guardedServer';
import { exitOf } from '../host/processes';
import { startSecretService, type SecretService } from '../host/secretService';
import { CLI, startCli } from './commandLine';
import { workspaces, type Workspace } from './support';

const SECRET = 'v3ry/s3cret word';
const withToken = (uri: string, reference: string): string =>
  `{ uri: "${uri}", headers: { authorization: "Bearer ${reference}" } }`;
const jwt = (exp: number): string =>
  ['{"alg":"none"}', JSON.stringify({ exp }), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

describe('credentials at work', () => {
  const workspace = workspaces();
  let server: GuardedServer;
  before(async () => (server = await startGuarded(SECRET)));
  after(() => server.stop());

  const withSources = (sources: Readonly<Record<string, string>>): Promise<Workspace> => {
    const lines = Object.entries(sources).map(([name, source]) => `  ${name}: { source: ${source} }`);
    return workspace({ '.mldata.yaml': `version: 1\ndatasets:\n${lines.join('\n')}\n` });
  };

  /** Nothing of whoever runs this, and no keyring. */
  const bare = (space: Workspace): Record<string, string> => ({
    HOME: space.folder,
    HF_ENDPOINT: server.origin,
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none',
  });

  async function status(space: Workspace, args: readonly string[], env: Record<string, string>) {
    const { code, stdout, stderr } = await space.cli(
      ['auth', 'status', ...args, '--json', '--allow-private-addresses'],
      {
        env: { ...bare(space), ...env },
      },
    );
    assert.equal(stderr, '');
    return { code, states: credentialsSchema.parse(JSON.parse(stdout)).credentials };
  }

  const brief = ({ name, state, from, usedBy }: CredentialStatus): unknown[] => [name, state, from, usedBy];

  describe('status', () => {
    it('tells valid, invalid, expired, missing and unchecked apart', async () => {
      const space = await withSources({
        good: withToken(`${server.origin}/x`, '${env:GOOD}'),
        bad: withToken(`${server.origin}/x`, '${credential:bad-one}'),
        old: withToken(`${server.origin}/x`, '${env:OLD}'),
        unset: withToken(`${server.origin}/x`, '${env:UNSET}'),
        away: withToken('http://127.0.0.1:1/x', '${env:GOOD_AWAY}'),
        hub: 'hf://datasets/owner/name',
        store: 's3://some-bucket/key',
      });
      await space.write(
        '.aws/credentials',
        `[default]\naws_access_key_id=a\naws_secret_access_key=${SECRET}\naws_expiration=2020-01-01T00:00:00Z\n`,
      );
      const { code, states } = await status(space, [], {
        GOOD: SECRET,
        MLDATA_CREDENTIAL_BAD_ONE: 'wrong',
        OLD: jwt(1_600_000_000),
        GOOD_AWAY: SECRET,
        HF_TOKEN: SECRET,
      });
      assert.deepEqual(states.map(brief), [
        ['${env:GOOD}', 'valid', 'environment', ['good']],
        ['${credential:bad-one}', 'invalid', 'environment', ['bad']],
        ['${env:OLD}', 'expired', 'environment', ['old']],
        ['${env:UNSET}', 'missing', undefined, ['unset']],
        ['${env:GOOD_AWAY}', 'unchecked', 'environment', ['away']],
        ['huggingface', 'valid', 'HF_TOKEN', ['hub']],
        ['aws', 'expired', 'the profile default', ['store']],
      ]);
      assert.equal(code, 4);
    });

    it('tells of a dataset, of a credential, and of a token that is refused', async () => {
      const space = await withSources({
        a: withToken(`${server.origin}/x`, '${env:GOOD}'),
        b: 'hf://datasets/owner/name',
      });
      assert.equal((await status(space, ['a'], { GOOD: SECRET })).code, 0);
      const hub = await status(space, ['b'], { HF_TOKEN: 'wrong' });
      assert.deepEqual(hub.states.map(brief), [['huggingface', 'invalid', 'HF_TOKEN', ['b']]]);
      const named = await status(space, ['other.one'], {});
      assert.deepEqual(named.states.map(brief), [['${credential:other.one}', 'missing', undefined, []]]);
      assert.match(named.states[0]?.message ?? '', /keyring of this machine cannot be used.*environment variables/);
    });

    it('refuses what can be no credential', async () => {
      const space = await withSources({ a: 'x.csv' });
      const { code, stdout } = await space.cli(['auth', 'status', 'no such', '--json']);
      assert.equal(code, 64);
      assert.match(stdout, /credential-unknown/);
    });
  });

  describe('login and logout', () => {
    it('say where there is no keyring, and what to do', async () => {
      const space = await withSources({ a: withToken(`${server.origin}/x`, '${credential:api}') });
      const { code, stderr } = await login(space, 'a', `${SECRET}\n`, bare(space));
      assert.equal(code, 4);
      assert.match(
        stderr,
        /keyring of this machine cannot be used: .*`\$\{credential:name\}` reads MLDATA_CREDENTIAL_NAME/,
      );
    });

    for (const [what, input] of [
      ['nothing', ''],
      ['an empty line', '\n'],
    ] as const) {
      it(`refuse ${what}`, async () => {
        const space = await withSources({ a: withToken(`${server.origin}/x`, '${credential:api}') });
        assert.equal((await login(space, 'a', input, bare(space))).code, 64);
      });
    }

    it('end with 130 where somebody presses Ctrl+C at a terminal', async () => {
      const space = await withSources({ a: withToken(`${server.origin}/x`, '${credential:api}') });
      const { code, stdout } = await atTerminal(space, ['auth', 'login', 'a'], 'api: ', '\x03');
      assert.deepEqual([code, stdout.includes(SECRET)], [130, false], stdout);
    });

    it('name what a dataset lacks', async () => {
      const space = await withSources({ a: withToken(`${server.origin}/x`, '${env:GOOD}') });
      const { code, stderr } = await login(space, 'a', 'x\n', bare(space));
      assert.equal(code, 64);
      assert.match(stderr, /a names no credential that can be kept here/);
    });

    if (process.platform === 'linux') {
      describe('with the keyring of a desktop', function () {
        this.timeout(180_000);
        let keyring: SecretService;
        before(async () => (keyring = await startSecretService()));
        after(() => keyring.stop());

        it('keep a secret for commands that come later, and forget it', async () => {
          const space = await withSources({ a: withToken(`${server.origin}/x`, '${credential:api}') });
          const env = { ...bare(space), ...keyring.env };
          const kept = await login(space, 'a', `${SECRET}\n`, env);
          assert.equal(kept.code, 0, kept.stderr);
          const { code, states } = await status(space, ['a'], keyring.env);
          assert.deepEqual(states.map(brief), [['${credential:api}', 'valid', 'keyring', ['a']]]);
          assert.equal(code, 0);
          assert.match((await space.cli(['auth', 'logout', 'a'], { env })).stderr, /Removed api from the keyring/);
          assert.match((await space.cli(['auth', 'logout', 'a'], { env })).stderr, /The keyring has no api/);
          assert.equal((await status(space, ['a'], keyring.env)).states[0]?.state, 'missing');
          assert.deepEqual(await leaks(space, kept.stdout + kept.stderr + kept.seen), []);
        });
      });
    }
  });

  it('are in no file, output, argument or environment, whatever is done with them', async () => {
    const space = await withSources({
      good: withToken(`${server.origin}/x`, '${env:SECRET_VALUE}'),
      bad: withToken(`${server.origin}/gone`, '${env:SECRET_VALUE}'),
      rows: '{ uri: "postgres://me:${env:SECRET_VALUE}@127.0.0.1:1/db", table: t }',
      files: 'x.csv',
    });
    await space.write('x.csv', 'x\n1\n');
    // As somebody types it who knows no better.
    const literal = `version: 1\ndatasets:\n  a: { source: "postgres://me:${encodeURIComponent(SECRET)}@127.0.0.1:1/db", split: { seed: "https://u:${encodeURIComponent(SECRET)}@h" } }\n`;
    await space.write('literal/.mldata.yaml', literal);
    let told = '';
    for (const args of [
      ['doctor', '--allow-private-addresses'],
      ['doctor', '--allow-private-addresses', '--json'],
      ['auth', 'status', '--allow-private-addresses', '--verbose'],
      ['build', '--verbose', '--json'],
      ['build', 'files', '--json'],
      ['build', '--config', 'literal/.mldata.yaml', '--json'],
      ['validate', 'a', '--config', 'literal/.mldata.yaml', '--report', 'report.html'],
      ['doctor', '--config', 'literal/.mldata.yaml'],
      ['config', 'get', 'datasets.good.source'],
    ]) {
      const env = { ...bare(space), SECRET_VALUE: SECRET };
      const { stdout, stderr } = await space.cli(args, { env });
      assert.ok(stdout + stderr !== '', args.join(' '));
      told += stdout + stderr;
    }
    assert.ok(server.asked.some((line) => line.includes(SECRET)));
    const all = await leaks(space, told);
    assert.deepEqual(
      all.filter((file) => file !== 'literal/.mldata.yaml'),
      [],
    );
  });

  it('come from the editor in a message, and stay in the memory of the engine', async () => {
    const space = await withSources({ a: withToken(`${server.origin}/x`, '${credential:api}') });
    const engine = startEngine(space, bare(space));
    const { connection } = engine;
    await connection.sendNotification(credentialsNotification, { api: SECRET });
    const request = { configPath: space.path('.mldata.yaml'), allowPrivateAddresses: true };
    const state = async () => (await connection.sendRequest(credentialStatusRequest, request)).credentials.map(brief);
    assert.deepEqual(await state(), [['${credential:api}', 'valid', 'editor', ['a']]]);
    const report = await connection.sendRequest(doctorRequest, request);
    assert.equal(report.checks.find(({ name }) => name === 'a')?.state, 'ok');
    const seen = await seenOf(engine.pid);
    await connection.sendNotification(credentialsNotification, {});
    assert.deepEqual(await state(), [['${credential:api}', 'missing', undefined, ['a']]]);
    const said = await engine.stop();
    assert.deepEqual(await leaks(space, JSON.stringify(report) + said + seen), []);
  });

  it('reach the process that asks a database, in a message too', async function () {
    this.timeout(180_000);
    const database = await startPostgres();
    try {
      const uri = database.url('${credential:pg}');
      const space = await workspace({
        '.mldata.yaml': `version: 1\ndatasets:\n  rows: { source: { uri: "${uri}", query: SELECT 1 AS a FROM pg_sleep(0.5) } }\n`,
      });
      const engine = startEngine(space, bare(space));
      await engine.connection.sendNotification(credentialsNotification, { pg: password });
      const over = new AbortController();
      const request = {
        configPath: space.path('.mldata.yaml'),
        threads: 2,
        trusted: true,
        id: 'build',
        allowPrivateAddresses: true,
      };
      const building = engine.connection.sendRequest(buildRequest, request).finally(() => over.abort());
      let seen = '';
      while (!over.signal.aborted) {
        // Postgres itself was given the password when it was set up.
        for (const pid of await processesBelow(engine.pid)) seen += await seenOf(pid);
        await new Promise((next) => setTimeout(next, 20));
      }
      const report = await building;
      assert.equal(report.datasets[0]?.status, 'built', report.datasets[0]?.error?.message);
      assert.match(seen, /job\.js/);
      const said = await engine.stop();
      assert.deepEqual(await leaks(space, JSON.stringify(report) + said + seen, password), []);
    } finally {
      await database.stop();
    }
  });
});

/** The engine process, as the editor starts it. */
function startEngine(space: Workspace, env: Record<string, string>) {
  const child = spawn(process.execPath, [resolve('dist/engine.js')], {
    cwd: space.folder,
    env: { ...process.env, ...env },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const stop = async (): Promise<string> => {
    child.stdin.end();
    await exitOf(child);
    connection.dispose();
    return stderr;
  };
  return { connection, pid: child.pid ?? 0, stop };
}

/** The process and those that it started. */
async function processesBelow(pid: number): Promise<number[]> {
  const own = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(
    own
      .split(' ')
      .filter(Boolean)
      .map((child) => processesBelow(Number(child))),
  );
  return [pid, ...below.flat()];
}

/** Gives a secret on standard input, and looks at the process meanwhile. */
async function login(space: Workspace, source: string, input: string, env: Record<string, string>) {
  const cli = startCli(space, ['auth', 'login', source, '--allow-private-addresses'], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const seen = await seenOf(cli.pid);
  cli.child.stdin?.end(input);
  const code = await cli.ended();
  return { code, stdout: cli.stdout, stderr: cli.stderr, seen };
}

/** Runs the command line at a terminal of Python's making, and types something once it has asked. */
async function atTerminal(space: Workspace, args: readonly string[], asked: string, typed: string) {
  const script = `import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
said = b''
try:
    while True:
        said += os.read(terminal, 1024)
        if ${JSON.stringify(asked)}.encode() in said and said.count(b'\\n') == 0: os.write(terminal, ${JSON.stringify(typed)}.encode())
except OSError: pass
sys.stdout.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;
  const python = spawn('python3', ['-c', script, process.execPath, CLI, ...args], { cwd: space.folder });
  let stdout = '';
  python.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  return { code: await exitOf(python), stdout };
}

/** What others see of a process: its arguments and its environment. */
async function seenOf(pid: number): Promise<string> {
  const files = ['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''));
  return (await Promise.all(files)).join('\0');
}

/** The files of a workspace that hold the secret in whichever form, and `output` where that does. */
async function leaks(space: Workspace, output: string, secret = SECRET): Promise<string[]> {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  const holds = (text: string): boolean => forms.some((form) => text.includes(form));
  const found = holds(output) ? ['output'] : [];
  for (const file of await readdir(space.folder, { recursive: true })) {
    const bytes = await readFile(space.path(file)).catch(() => undefined);
    if (bytes && holds(bytes.toString())) found.push(file);
  }
  return found;
}
