/** The doctor: what it says of every source, tool and host, and that it does not take long. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { LocalEngine } from '../../src/engine';
import { doctorSchema, type Doctor, type DoctorCheck, type DoctorRequest } from '../../src/protocol';
import { startGuarded, type GuardedServer } from '../host/guardedServer';
import { startCli, until } from './commandLine';
import { Workspace, workspaces } from './support';

const token = 'tok-en/1';
const withToken = (name: string): string => `{ uri: ORIGIN/x, headers: { Authorization: "Bearer \${env:${name}}" } }`;

describe('the doctor', () => {
  const workspace = workspaces();
  let server: GuardedServer;
  before(async () => {
    server = await startGuarded(token);
    Object.assign(process.env, {
      DOCTOR_TOKEN: token,
      DOCTOR_WRONG: 'wrong',
      HF_ENDPOINT: server.origin,
      HF_TOKEN: token,
    });
  });
  after(() => {
    server.stop();
    for (const name of ['DOCTOR_TOKEN', 'DOCTOR_WRONG', 'HF_ENDPOINT', 'HF_TOKEN'])
      Reflect.deleteProperty(process.env, name);
  });

  async function examine(space: Workspace, options: Partial<DoctorRequest> = {}): Promise<Doctor> {
    const request = { configPath: space.path('.mldata.yaml'), allowPrivateAddresses: true, ...options };
    return doctorSchema.parse(await new LocalEngine().doctor(request, new AbortController().signal));
  }

  function check({ checks }: Doctor, group: DoctorCheck['group'], name: string): DoctorCheck {
    const found = checks.find((each) => each.group === group && each.name === name);
    assert.ok(found, `${name} is not among ${checks.map((each) => each.name).join(', ')}`);
    return found;
  }

  /** Of sources: how they are written, and what is said of them. */
  const sources: Readonly<Record<string, readonly [source: string, state: DoctorCheck['state'], says: RegExp]>> = {
    files: ['"data/*.csv"', 'ok', /^2 files, 8 bytes\.$/],
    noFiles: ['"none/*.csv"', 'failed', /matches no data file/],
    outside: ['/etc/passwd', 'failed', /leaves/],
    other: ['dataset://files', 'ok', /Made from the dataset files/],
    open: ['ORIGIN/open', 'ok', /answers/],
    gone: ['ORIGIN/gone', 'failed', /is not there \(404\)/],
    failing: ['ORIGIN/failing', 'failed', /503/],
    let: [withToken('DOCTOR_TOKEN'), 'ok', /answers/],
    refused: [withToken('DOCTOR_WRONG'), 'failed', /refused access \(401\)/],
    unset: [withToken('DOCTOR_UNSET'), 'failed', /DOCTOR_UNSET, which the config names, is not set/],
    stolen: ['"ORIGIN/steal/${env:DOCTOR_TOKEN}"', 'failed', /The address of a file holds no secrets/],
    stolenToo: ['{ uri: "ORIGIN/steal/${env:DOCTOR_TOKEN}" }', 'failed', /The address of a file holds no secrets/],
    nobody: ['http://127.0.0.1:1/x', 'failed', /cannot be reached/],
    stalling: ['ORIGIN/stalling', 'failed', /no answer within 4\.5 s/],
    hub: ['hf://datasets/owner/name/data.csv', 'ok', /with the token from HF_TOKEN/],
    noHub: ['hf://models/name', 'failed', /it names no dataset of the Hub/],
    converted: ['hf://datasets/owner/name@refs/convert/parquet/a.parquet', 'ok', /with the token from HF_TOKEN/],
    bucket: ['{ uri: "s3://some.bucket/key", endpoint: "ORIGIN/", anonymous: true }', 'failed', /401/],
    noBucket: ['{ uri: "s3://some-bucket/key", endpoint: "http://127.0.0.1:1" }', 'failed', /cannot be reached/],
    repository: ['dvc://./data//a.csv', 'ok', /is there/],
    noRepository: ['dvc://./none//a.csv', 'failed', /is no folder/],
    postgres: ['{ uri: "postgres://me:${env:DOCTOR_TOKEN}@127.0.0.1:1/db", table: t }', 'failed', /cannot be reached/],
    mariadb: ['{ uri: "mysql://me:${env:DOCTOR_TOKEN}@127.0.0.1:1/db", table: t }', 'failed', /cannot be reached/],
    sqlite: ['{ uri: "sqlite:data/none.db", table: t }', 'failed', /data\/none\.db is no file/],
    unknown: ['gopher://me:secret-word@host/x', 'failed', /A password stands in the config/],
  };

  describe('of a config', () => {
    let report: Doctor;
    before(async () => {
      const lines = Object.entries(sources).map(
        ([name, [source]]) => `  ${name}: { source: ${source.replace('ORIGIN', server.origin)} }`,
      );
      const space = await Workspace.create({
        '.mldata.yaml': `version: 1\ndatasets:\n${lines.join('\n')}\n`,
        'data/a.csv': 'x\n1\n',
        'data/b.csv': 'x\n1\n',
      });
      report = await examine(space).finally(() => space.remove());
    });

    for (const [name, [source, state, says]] of Object.entries(sources)) {
      it(`says of ${source} that it is ${state}`, () => {
        const found = check(report, 'source', name);
        assert.equal(found.state, state, found.message);
        assert.match(found.message, says);
      });
    }

    it('takes less than five seconds, although one host never answers', () => {
      assert.ok(report.durationMs < 5000, `${report.durationMs} ms`);
      assert.equal(report.healthy, false);
    });

    it('says of each host whether it answers', () => {
      assert.equal(check(report, 'host', 'http://127.0.0.1:1').state, 'failed');
      assert.equal(
        check(report, 'host', 'http://127.0.0.1:1').message,
        'Did not answer as it should: the connection was refused.',
      );
    });

    it('asks nobody about a source that the config refuses, and sends no secret in an address', () => {
      assert.deepEqual(
        server.asked.filter((line) => /steal|token=/.test(line) || line.split(' ')[0]?.includes(token)),
        [],
      );
    });

    it('asks for what a pull would ask for', () => {
      const asked = server.asked.map((line) => line.split(' ')[0]);
      for (const path of ['/api/datasets/owner/name/revision/refs%2Fconvert%2Fparquet', '/some.bucket/'])
        assert.ok(asked.includes(path), asked.join(' '));
    });

    it('tells no secret', () => {
      assert.doesNotMatch(JSON.stringify(report), new RegExp(`${token}|${encodeURIComponent(token)}|secret-word`));
    });
  });

  it('asks no address of this machine or its network unless that is allowed', async () => {
    const space = await workspace({
      '.mldata.yaml': `version: 1\ndatasets:\n  a: { source: ${server.origin}/open }\n`,
    });
    const { state, message } = check(await examine(space, { allowPrivateAddresses: false }), 'source', 'a');
    assert.equal(state, 'failed');
    assert.match(message, /an address of this machine/);
  });

  it('is content where nothing failed, and exits with 0; else with 2', async () => {
    const space = await workspace({
      '.mldata.yaml': 'version: 1\ndatasets:\n  a: { source: a.csv }\n',
      'a.csv': 'x\n1\n',
    });
    const sound = await space.cli(['doctor', '--json']);
    assert.equal(sound.code, 0, sound.stdout);
    assert.equal(doctorSchema.parse(JSON.parse(sound.stdout)).healthy, true);
    assert.equal(sound.stderr, '');
    await space.write('.mldata.yaml', 'version: 1\ndatasets:\n  a: { source: b.csv }\n');
    const { code, stderr } = await space.cli(['doctor', '--quiet']);
    assert.equal(code, 2);
    assert.match(stderr, /^source {2}a +failed +The source b\.csv matches no data file/);
  });

  it('looks for tools where there is no config', async () => {
    const space = await workspace({ 'a.csv': 'x\n' });
    const { code, stderr } = await space.cli(['doctor']);
    assert.equal(code, 0);
    assert.match(stderr, /\.mldata\.yaml +not configured +There is no config/);
    for (const tool of ['git', 'git-lfs', 'dvc', 'python', 'torch'])
      assert.match(stderr, new RegExp(`^tool +${tool} `, 'm'));
  });

  it('says of what is not installed that it is not configured, and of what the config needs that it failed', async () => {
    const lfs = 'version: 1\ndatasets:\n  a: { source: a.csv, tracking: { gitLfs: {} } }\n';
    const space = await workspace({
      '.mldata.yaml': 'version: 1\ndatasets:\n  a: { source: a.csv }\n',
      'a.csv': 'x\n1\n',
    });
    const env = { PATH: space.folder };
    const states = async (): Promise<Record<string, string>> => {
      const { stdout } = await space.cli(['doctor', '--json'], { env });
      const { checks } = doctorSchema.parse(JSON.parse(stdout));
      return Object.fromEntries(checks.filter(({ group }) => group === 'tool').map(({ name, state }) => [name, state]));
    };
    const none = {
      git: 'notConfigured',
      'git-lfs': 'notConfigured',
      dvc: 'notConfigured',
      python: 'notConfigured',
      torch: 'notConfigured',
    };
    assert.deepEqual(await states(), none);
    await space.write('.mldata.yaml', lfs);
    assert.deepEqual(await states(), { ...none, git: 'failed', 'git-lfs': 'failed' });
  });

  it('is over in time on the command line, whatever hangs, and leaves nothing running', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    const hang = '#!/bin/sh\nexec sleep 61\n';
    const at = `127.0.0.1:${port}`;
    const uris = [
      ...[`http://${at}/x`, `http://${at}/y`, 'hf://datasets/owner/name', 's3://some-bucket/key'],
      ...[`postgres://me@${at}/db`, `mysql://me@${at}/db`].map((uri) => `{ uri: "${uri}", table: t }`),
    ];
    const lines = uris.map((uri, index) => `  d${index}: { source: ${uri} }\n`).join('');
    const alerts = 'drift: { baseline: previous, alerts: { webhooks: "${env:SILENT_HOOK}" } }';
    const tools = ['git', 'git-lfs', 'dvc', 'python3', 'python'];
    const space = await workspace({
      '.mldata.yaml': `version: 1\ndatasets:\n${lines}  told: { source: a.csv, ${alerts} }\n`,
      'a.csv': 'x\n1\n',
      ...Object.fromEntries(tools.map((tool) => [`bin/${tool}`, hang])),
    });
    for (const tool of tools) await chmod(space.path('bin', tool), 0o755);
    const origin = `http://${at}`;
    const env = {
      ...process.env,
      HF_ENDPOINT: origin,
      AWS_ENDPOINT_URL_S3: origin,
      SILENT_HOOK: `${origin}/secret/path`,
    };
    try {
      const cli = startCli(space, ['doctor', '--json', '--allow-private-addresses'], {
        env: { ...env, PATH: `${space.path('bin')}:${process.env['PATH'] ?? ''}` },
      });
      assert.equal(await cli.ended(), 2, cli.stderr);
      const report = doctorSchema.parse(JSON.parse(cli.stdout));
      assert.ok(report.durationMs < 5000, `${report.durationMs} ms`);
      const silentOnes = report.checks.filter(({ message }) => /no answer within 4\.5 s/.test(message));
      assert.deepEqual(
        silentOnes.map(({ name }) => name),
        ['d0', 'd1', 'd2', 'd3', 'd4', 'd5', '${env:SILENT_HOOK}', 'git', 'git-lfs', 'dvc', 'python', 'torch'],
      );
      assert.equal(check(report, 'source', 'told').state, 'ok');
      await until(async () => (await cli.alive()).length === 0);
      const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
      assert.deepEqual(
        left.filter((line) => line.trim() === 'sleep 61'),
        [],
      );
    } finally {
      silent.close();
    }
  });

  it('says of webhooks whether their host answers, and what is wrong with them, and tells them nothing', async () => {
    const webhooks =
      '["${env:DOCTOR_HOOK}", "${env:DOCTOR_NO_HOOK}", "${env:DOCTOR_WRONG}", "https://chat.example.org/x"]';
    const space = await workspace({
      '.mldata.yaml': `version: 1\ndatasets:\n  a: { source: a.csv, drift: { baseline: previous, alerts: { webhooks: ${webhooks} } } }\n`,
      'a.csv': 'x\n1\n',
    });
    process.env['DOCTOR_HOOK'] = `${server.origin}/open/of/a/hook`;
    const report = await examine(space);
    Reflect.deleteProperty(process.env, 'DOCTOR_HOOK');
    const told = report.checks.flatMap(({ group, name, state, message }) =>
      group === 'webhook' ? [{ name, state, message }] : [],
    );
    assert.deepEqual(
      told.map(({ name, state }) => [name, state]),
      [
        ['${env:DOCTOR_HOOK}', 'ok'],
        ['${env:DOCTOR_NO_HOOK}', 'failed'],
        ['${env:DOCTOR_WRONG}', 'failed'],
        ['https://chat.example.org/…', 'failed'],
      ],
    );
    assert.match(told[0]?.message ?? '', /`mldata alerts test a` sends a trial/);
    assert.match(told[1]?.message ?? '', /DOCTOR_NO_HOOK, which the config names, is not set/);
    assert.match(told[2]?.message ?? '', /stands for no address of a webhook/);
    assert.ok(!server.asked.some((line) => line.includes('hook')));
  });

  it('that is cancelled says so', async () => {
    const space = await workspace({ '.mldata.yaml': 'version: 1\ndatasets:\n  a: { source: a.csv }\n' });
    const request = { configPath: space.path('.mldata.yaml') };
    const signal = AbortSignal.abort();
    await assert.rejects(new LocalEngine().doctor(request, signal), { kind: 'cancelled' });
    await assert.rejects(new LocalEngine().credentialStatus(request, signal), { kind: 'cancelled' });
  });

  it('leaves a tool behind that never ends', async () => {
    const space = await workspace({
      '.mldata.yaml': 'version: 1\ndatasets:\n  a: { source: a.csv }\n',
      'a.csv': 'x\n1\n',
      python3: '#!/bin/sh\nexec sleep 60\n',
    });
    await chmod(space.path('python3'), 0o755);
    const report = await examine(space, { python: [space.path('python3')] });
    assert.ok(report.durationMs < 5000, `${report.durationMs} ms`);
    assert.match(check(report, 'tool', 'python').message, /no answer within 4\.5 s/);
  });
});
