/** Alerts go where the config says, once, and what is in their way is said. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFile, rm, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { alertOf, deliver, failedDelivery, trialAlert } from '../../src/engine/alerts';
import {
  alertDeliverySchema,
  alertListSchema,
  driftAlertSchema,
  type AlertDelivery,
  type DriftAlert,
  type DriftAlerts,
} from '../../src/protocol';
import { exitOf } from '../host/processes';
import { until } from './commandLine';
import { codes, config, here, workspaces, type Workspace } from './support';
import { leftovers } from './whole';

const node = process.execPath;
const never = new AbortController().signal;
const engine = new LocalEngine(resolve('dist/job.js'));

/** Writes what it is given, and how it was called, to a file. */
const RECORD = `const fs = require('node:fs');
fs.writeFileSync('told.json', JSON.stringify({ args: process.argv.slice(2), alert: JSON.parse(fs.readFileSync(0, 'utf8')) }));`;
/** Starts another that never ends either, and says who they are. */
const HANG = `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
require('node:fs').writeFileSync('pids', process.pid + ' ' + child.pid);
setInterval(() => {}, 1000);`;
const FAIL = `console.error('first line'); console.error('token 123 is no good'); process.exitCode = 3;`;

const alert: DriftAlert = alertOf(
  { dataset: 'd', build: 'b'.repeat(16), baseline: 'a'.repeat(16) },
  [{ name: 'x; touch owned', status: 'high', by: 'psi', value: 0.5, threshold: 0.25, why: 'new' }],
  '2026-11-22T00:00:00.000Z',
);
const trial = trialAlert(alert, alert.at);

describe('alerts', () => {
  const workspace = workspaces(here);

  function send(
    space: Workspace,
    alerts: DriftAlerts,
    { sent = alert, trusted = true, limitMs = 20_000, signal = never } = {},
  ): Promise<AlertDelivery['deliveries']> {
    const toWebhook = () => Promise.reject(new Error('No webhook is named here'));
    const root = space.folder;
    const place = { dataset: 'd', alerts, folder: root, root, trusted, signal, limitMs, toWebhook };
    return deliver(sent, place);
  }

  describe('to a command', () => {
    it('arrive as JSON on standard input of a program that no shell starts', async () => {
      const space = await workspace({ 'record.js': RECORD });
      const args = ['$HOME', '`touch owned`', '; touch owned', 'two words'];
      const sent = await send(space, { command: [node, 'record.js', ...args] });
      assert.deepEqual(sent, [{ to: 'command', ok: true, message: `${node} exited with 0` }]);
      const told = JSON.parse(await readFile(space.path('told.json'), 'utf8')) as { args: string[]; alert: unknown };
      assert.deepEqual(told, { args, alert });
      assert.deepEqual(await space.files(), ['record.js', 'told.json']);
    });

    it('do not fail with one that reads nothing, however long they are', async () => {
      const space = await workspace({});
      const long = { ...alert, message: 'x'.repeat(2_000_000) };
      assert.deepEqual(
        (await send(space, { command: [node, '-e', ''] }, { sent: long })).map(({ ok }) => ok),
        [true],
      );
    });

    it('fail with what the program ended with; its words are for whoever tries it', async () => {
      const space = await workspace({ 'fail.js': FAIL });
      const command = [node, 'fail.js'];
      const [failed] = await send(space, { command });
      const [tried] = await send(space, { command }, { sent: trial });
      assert.deepEqual(failed, { to: 'command', ok: false, message: `${node} exited with 3` });
      assert.deepEqual(tried?.message, `${node} exited with 3: token 123 is no good`);
    });

    for (const [what, stop] of [
      ['takes too long', { limitMs: 500 }],
      ['runs while the build is cancelled', {}],
    ] as const)
      it(`end a program that ${what}, and what that started`, async () => {
        const space = await workspace({ 'hang.js': HANG });
        const controller = new AbortController();
        const sending = send(space, { command: [node, 'hang.js'] }, { ...stop, signal: controller.signal });
        const pids = async () => (await readFile(space.path('pids'), 'utf8').catch(() => '')).split(' ').map(Number);
        if (!('limitMs' in stop)) {
          await until(async () => (await pids()).length === 2);
          controller.abort();
        }
        const [delivery] = await sending;
        assert.equal(delivery?.ok, false);
        assert.match(delivery.message, /was stopped/);
        const isGone = (pid: number) => {
          const state = (() => {
            try {
              return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
            } catch {
              return '';
            }
          })();
          return state === '' || state.startsWith('Z');
        };
        for (const pid of await pids()) if (pid > 0) await until(() => isGone(pid));
      });

    for (const [what, command, says] of [
      ['is not there', ['./nobody'], /nobody cannot be started: there is no such program$/],
      ['may not be run', ['./notes.txt'], /notes.txt cannot be started: it may not be run$/],
    ] as const)
      it(`say that one ${what}`, async () => {
        const [delivery] = await send(await workspace({ 'notes.txt': '' }), { command: [...command] });
        assert.equal(delivery?.ok, false);
        assert.match(delivery.message, says);
      });

    it('are not sent from a workspace that nobody trusts', async () => {
      const space = await workspace({ 'record.js': RECORD });
      const sent = await send(space, { command: [node, 'record.js'], log: 'a.jsonl' }, { trusted: false });
      assert.deepEqual(
        sent.map(({ to, ok }) => [to, ok]),
        [
          ['log', true],
          ['command', false],
        ],
      );
      assert.deepEqual(await space.files(), ['a.jsonl', 'record.js']);
    });
  });

  describe('to a log', () => {
    it('are a line of JSON each, after what stands there, in a folder that is made', async () => {
      const space = await workspace({});
      for (const sent of [alert, trial])
        assert.equal((await send(space, { log: 'logs/a.jsonl' }, { sent }))[0]?.ok, true);
      const lines = (await readFile(space.path('logs/a.jsonl'), 'utf8')).trimEnd().split('\n');
      assert.deepEqual(
        lines.map((line) => driftAlertSchema.parse(JSON.parse(line))),
        [alert, trial],
      );
    });

    it('stand on a line of their own after one that somebody could not finish', async () => {
      const space = await workspace({ 'a.jsonl': '{"kind":"mldata/al' });
      await send(space, { log: 'a.jsonl' });
      const [torn, whole, ...more] = (await readFile(space.path('a.jsonl'), 'utf8')).split('\n');
      assert.deepEqual([torn, JSON.parse(whole ?? ''), more], ['{"kind":"mldata/al', alert, ['']]);
    });

    it('are all there, whole, where two processes write at once', async () => {
      const space = await workspace({});
      const script = resolve('test/engine/appendAlerts.ts');
      const writers = ['one', 'two'].map((name) =>
        spawn(node, ['--import', 'tsx', script, space.path('a.jsonl'), name, '100'], { stdio: 'inherit' }),
      );
      assert.deepEqual(await Promise.all(writers.map(exitOf)), [0, 0]);
      const lines = (await readFile(space.path('a.jsonl'), 'utf8')).trimEnd().split('\n');
      const alerts = lines.map((line) => driftAlertSchema.parse(JSON.parse(line)));
      for (const name of ['one', 'two'])
        assert.deepEqual(
          alerts.filter(({ build }) => build === name).map(({ at }) => Number(at)),
          Array.from({ length: 100 }, (_, line) => line),
        );
    });

    for (const [what, log, says] of [
      ['that leaves the workspace', '../a.jsonl', /leaves/],
      ['that a link leads out of the workspace', 'out/a.jsonl', /leaves/],
      ['that is a link', 'link.jsonl', /is a link$/],
      ['that is a pipe', 'pipe', /is no regular file$/],
      ['that is a folder', 'folder', /is no regular file$/],
      ['that holds something else', '.mldata.yaml', /holds something else than JSON lines$/],
      ['below a file', '.mldata.yaml/a.jsonl', /cannot be written/],
    ] as const)
      it(`are not written to one ${what}`, async () => {
        const space = await workspace({ '.mldata.yaml': 'version: 1\n', 'folder/x': '', 'real.jsonl': '{}\n' });
        await symlink('/tmp', space.path('out'));
        await symlink('real.jsonl', space.path('link.jsonl'));
        execFileSync('mkfifo', [space.path('pipe')]);
        const before = await space.files();
        const [delivery] = await send(space, { log });
        assert.equal(delivery?.ok, false);
        assert.match(delivery.message, says);
        assert.deepEqual(await space.files(), before);
        assert.equal(await readFile(space.path('.mldata.yaml'), 'utf8'), 'version: 1\n');
        assert.equal(await readFile(space.path('real.jsonl'), 'utf8'), '{}\n');
      });
  });

  describe('of builds', () => {
    const baseline = (more: string) => config('a.csv', `drift:\n  baseline: base.csv\n  ${more}`);
    const rows = (shift: number, other = 0) =>
      `x,y\n${Array.from({ length: 400 }, (_, row) => `${((row * 37) % 100) + shift},${((row * 53) % 100) + other}\n`).join('')}`;
    const request = (space: Workspace) => ({ configPath: space.path('.mldata.yaml') });
    const lines = async (space: Workspace): Promise<DriftAlert[]> => {
      const text = await readFile(space.path('alerts.jsonl'), 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => (line === '' ? [] : [driftAlertSchema.parse(JSON.parse(line))]));
    };
    const columns = (alerts: readonly DriftAlert[]) =>
      alerts.map(({ columns: told }) => told.map(({ name, why }) => `${name} ${why}`).sort());
    const open = async (space: Workspace) =>
      alertListSchema
        .parse(await engine.alerts(request(space)))
        .alerts.map(({ acknowledgedAt }) => acknowledgedAt === undefined);

    it('are one for all that is new or worse, and none for what was told, until somebody acknowledges them', async () => {
      const log = baseline('alerts: { log: alerts.jsonl }');
      const space = await workspace({ '.mldata.yaml': log, 'base.csv': rows(0), 'a.csv': rows(0) });
      const builds = [];
      for (const data of [rows(0), rows(500), rows(501), rows(502, 500)]) {
        await space.write('a.csv', data);
        builds.push(await space.buildOne());
      }
      assert.deepEqual(columns(await lines(space)), [['x new'], ['y new']]);
      assert.deepEqual(
        builds.map(({ drift }) => drift?.alert?.columns.map(({ name }) => name)),
        [undefined, ['x'], undefined, ['y']],
      );
      // One that is up to date tells nothing again.
      assert.equal((await space.buildOne()).drift?.alert, undefined);
      assert.deepEqual(await open(space), [true, true]);
      const seen = alertListSchema.parse(await engine.acknowledgeAlerts({ ...request(space), dataset: 'd' }));
      assert.deepEqual(
        seen.alerts.map(({ columns: told }) => told.map(({ name }) => name)),
        [['y'], ['x']],
      );
      assert.deepEqual(
        [await open(space), (await engine.acknowledgeAlerts(request(space))).alerts],
        [[false, false], []],
      );
      await space.write('a.csv', rows(503, 501));
      await space.buildOne();
      assert.deepEqual(columns(await lines(space)).at(-1), ['x new', 'y new']);
      assert.deepEqual(await open(space), [true, false, false]);
      assert.deepEqual(await leftovers(space.folder), []);
    });

    it('that reached nobody are told again, and fail no build', async () => {
      const space = await workspace({
        '.mldata.yaml': baseline('alerts: { log: alerts.jsonl }'),
        'base.csv': rows(0),
        'a.csv': rows(500),
        'alerts.jsonl': 'not mine\n',
      });
      const build = await space.buildOne();
      const finding = build.findings.find(({ code }) => code === 'alert-not-delivered');
      assert.deepEqual(
        [build.status, finding?.severity, finding?.configPath],
        ['built', 'warning', ['datasets', 'd', 'drift', 'alerts', 'log']],
      );
      await rm(space.path('alerts.jsonl'));
      await space.write('a.csv', rows(501));
      assert.ok(!codes(await space.buildOne()).includes('alert-not-delivered'));
      assert.deepEqual(columns(await lines(space)), [['x new']]);
    });

    it('run no command unless the workspace is trusted, and say nothing of muted columns', async () => {
      const command = JSON.stringify([node, 'record.js']);
      const files = { 'record.js': RECORD, 'base.csv': rows(0), 'a.csv': rows(500, 500) };
      const space = await workspace({
        ...files,
        '.mldata.yaml': baseline(`alerts: { command: ${command} }\n  columns: { y: { muted: true } }`),
      });
      assert.ok(codes(await space.buildOne()).includes('alert-not-delivered'));
      assert.ok(!(await space.files()).includes('told.json'));
      await space.write('a.csv', rows(501, 501));
      assert.ok(!codes(await space.buildOne({ trusted: true })).includes('alert-not-delivered'));
      const told = JSON.parse(await readFile(space.path('told.json'), 'utf8')) as { alert: unknown };
      assert.deepEqual(columns([driftAlertSchema.parse(told.alert)]), [['x new']]);
    });

    for (const [what, content] of [
      ['is damaged', '{ "kind": "mldata/alert-history", "ver'],
      ['is of another kind', '[1]'],
    ] as const)
      it(`are told where their history ${what}, which is begun anew`, async () => {
        const space = await workspace({
          '.mldata.yaml': baseline('alerts: { log: alerts.jsonl }'),
          'base.csv': rows(0),
          'a.csv': rows(500),
          '.mldata/alerts/d.json': content,
        });
        assert.deepEqual(await open(space), []);
        await space.buildOne();
        assert.deepEqual([columns(await lines(space)), await open(space)], [[['x new']], [true]]);
      });
  });

  describe('on the command line', () => {
    it('are tried, listed and acknowledged', async () => {
      const history = { kind: 'mldata/alert-history', version: 1, alerts: [alert], told: [] };
      const alerts = `{ log: a.jsonl, command: ${JSON.stringify([node, 'fail.js'])} }`;
      const space = await workspace({
        '.mldata.yaml': `${config('a.csv', `drift: { alerts: ${alerts} }`)}  quiet: { source: a.csv }\n`,
        'fail.js': FAIL,
        '.mldata/alerts/d.json': JSON.stringify(history),
      });
      const tried = await space.cli(['alerts', 'test']);
      assert.equal(tried.code, 1);
      assert.match(
        tried.stderr,
        /d: log +ok +Added a line to a\.jsonl\nd: command +failed .* exited with 3: token 123/,
      );
      const [line] = (await readFile(space.path('a.jsonl'), 'utf8')).split('\n');
      assert.equal(driftAlertSchema.parse(JSON.parse(line ?? '')).test, true);
      const listed = await space.cli(['alerts', 'list', 'd']);
      assert.match(listed.stderr, /high +d: a column drifted from a{16}: x; touch owned \(high\)\. +\(open\)/);
      const json = await space.cli(['alerts', 'acknowledge', '--json']);
      assert.deepEqual(alertListSchema.parse(JSON.parse(json.stdout)).alerts.length, 1);
      await assert.rejects(engine.testAlerts({ configPath: space.path('.mldata.yaml'), dataset: 'quiet' }, never), {
        code: 'alerts-none',
        kind: 'config',
      });
      const untrusted = await engine.testAlerts({ configPath: space.path('.mldata.yaml') }, never);
      const deliveries = untrusted.map((one) => alertDeliverySchema.parse(one).deliveries);
      assert.match(deliveries[0]?.[1]?.message ?? '', /was not run, because the workspace is not trusted/);
    });
  });

  it('that do not arrive are warnings on their lines of the config', () => {
    const finding = failedDelivery({ to: 'log', ok: false, message: 'a.jsonl is a link' }, 'd');
    assert.deepEqual(
      [finding.severity, finding.configPath, finding.message],
      ['warning', ['datasets', 'd', 'drift', 'alerts', 'log'], 'An alert did not reach its log: a.jsonl is a link.'],
    );
  });
});
