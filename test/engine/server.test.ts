import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  CancellationTokenSource,
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { buildPlanSchema, buildReportSchema, type MldataErrorData, type Progress } from '../../src/protocol';
import {
  buildRequest,
  gridPageRequest,
  initRequest,
  MLDATA_ERROR,
  openGridRequest,
  pairRequest,
  planRequest,
  progressNotification,
} from '../../src/protocol/rpc';
import { ownTree } from '../host/processes';
import { until, Watched } from './commandLine';
import { config, workspaces } from './support';
import { leftovers, table, wholeBuild } from './whole';

const big = table(250_000);
const slow = config('data.csv', 'output: { format: csv, compression: gzip:9 }');

/** The engine process, and the editor's end of the line to it. */
class Server {
  readonly process: Watched;
  readonly connection: MessageConnection;
  readonly progress: { readonly id: string; readonly progress: Progress }[] = [];

  constructor() {
    // Standard output carries the messages: nothing else may read it.
    const child = spawn(process.execPath, [resolve('dist/engine.js')], ownTree) as ChildProcessWithoutNullStreams;
    this.connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.connection.onNotification(progressNotification, (seen) => {
      this.progress.push(seen);
    });
    this.connection.onError(() => undefined);
    this.connection.listen();
    this.process = new Watched(child);
  }

  async reached(id: string, step: Progress['step']): Promise<void> {
    await until(() => this.progress.some((seen) => seen.id === id && seen.progress.step === step));
  }

  /** As when the window is closed. */
  hangUp(): void {
    this.process.child.stdin?.end();
  }
}

async function errorOf(request: Promise<unknown>): Promise<MldataErrorData> {
  const error: unknown = await request.then(
    () => assert.fail('the request was answered without an error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ResponseError, String(error));
  assert.equal(error.code, MLDATA_ERROR);
  return error.data as MldataErrorData;
}

describe('the engine process', () => {
  const workspace = workspaces();
  let server: Server;
  beforeEach(() => {
    server = new Server();
  });
  afterEach(async () => {
    server.hangUp();
    assert.equal(await server.process.ended(), 0, server.process.stderr);
    assert.deepEqual(await server.process.alive(), []);
    assert.equal(server.process.stderr, '');
  });

  it('builds, and tells the progress of the build that was asked for', async () => {
    const space = await workspace({ '.mldata.yaml': config('data.csv'), 'data.csv': table(50) });
    const configPath = space.path('.mldata.yaml');
    const report = buildReportSchema.parse(await server.connection.sendRequest(buildRequest, { id: 'x', configPath }));
    assert.equal(report.datasets[0]?.rows, 50);
    assert.deepEqual([...new Set(server.progress.map(({ id }) => id))], ['x']);
    assert.equal(server.progress.at(-1)?.progress.fraction, 1);
    await wholeBuild(space.path('datasets/d'));
  });

  it('plans', async () => {
    const space = await workspace({ '.mldata.yaml': config('data.csv'), 'data.csv': table(50) });
    const plan = await server.connection.sendRequest(planRequest, { configPath: space.path('.mldata.yaml') });
    assert.deepEqual(buildPlanSchema.parse(plan).datasets[0]?.outputs, [
      'datasets/d/data/data.parquet',
      'datasets/d/manifest.yaml',
      'datasets/d/reports/build.json',
    ]);
    assert.deepEqual(await space.files(), ['.mldata.yaml', 'data.csv']);
  });

  it('stops planning when its token is cancelled', async () => {
    const space = await workspace({ 'other.yaml': config('data.csv'), 'data.csv': table(50) });
    // A config that is only there to read once somebody writes it.
    const configPath = space.path('.mldata.yaml');
    execFileSync('mkfifo', [configPath]);
    const source = new CancellationTokenSource();
    const plan = errorOf(server.connection.sendRequest(planRequest, { configPath }, source.token));
    source.cancel();
    // Messages are read in order: with this answer, the cancellation has come through.
    await server.connection.sendRequest(planRequest, { configPath: space.path('other.yaml') });
    await writeFile(configPath, config('data.csv'));
    assert.equal((await plan).kind, 'cancelled');
  });

  it('writes a first config', async () => {
    const space = await workspace({ 'data.csv': table(50) });
    const configPath = space.path('.mldata.yaml');
    const request = { files: [space.path('data.csv')], configPath, force: false };
    const { datasets } = await server.connection.sendRequest(initRequest, request);
    assert.deepEqual(datasets, ['data']);
    assert.equal((await errorOf(server.connection.sendRequest(initRequest, request))).code, 'config-exists');
    assert.deepEqual(await leftovers(space.folder), []);
  });

  it('shows rows, and leaves nothing of them when the editor goes', async () => {
    const space = await workspace({ '.mldata.yaml': config('data.csv'), 'data.csv': table(50) });
    const request = { configPath: space.path('.mldata.yaml'), target: 'd', folder: space.folder };
    const { id, rows } = await server.connection.sendRequest(openGridRequest, request);
    const view = { filters: [], sort: [] };
    const page = await server.connection.sendRequest(gridPageRequest, { id, view, offset: 40, limit: 20 });
    assert.deepEqual([rows, page.rows, page.offset], [50, 50, 40]);
    const other = { id: 'other', view, offset: 0, limit: 1 };
    assert.equal((await errorOf(server.connection.sendRequest(gridPageRequest, other))).code, 'grid-closed');
    assert.notDeepEqual(await readdir(space.path('.mldata/tmp')), []);
    server.hangUp();
    await server.process.ended();
    assert.deepEqual(await readdir(space.path('.mldata/tmp')), []);
  });

  it('hands errors over as data, findings included', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv', 'splitt: 1') });
    const request = { id: 'x', configPath: space.path('.mldata.yaml') };
    const { kind, code, findings } = await errorOf(server.connection.sendRequest(buildRequest, request));
    assert.deepEqual([kind, code], ['config', 'config-invalid']);
    assert.deepEqual(
      findings.map((finding) => [finding.code, finding.configPath]),
      [['unknown-key', ['datasets', 'd', 'splitt']]],
    );
  });

  it('stops what its token cancels, and goes on', async () => {
    const space = await workspace({ '.mldata.yaml': slow, 'data.csv': big });
    const configPath = space.path('.mldata.yaml');
    const source = new CancellationTokenSource();
    const build = errorOf(server.connection.sendRequest(buildRequest, { id: 'x', configPath }, source.token));
    await server.reached('x', 'read');
    source.cancel();
    assert.equal((await build).kind, 'cancelled');
    assert.deepEqual(await leftovers(space.folder), []);
    await space.write('data.csv', table(5));
    const { datasets } = await server.connection.sendRequest(buildRequest, { id: 'y', configPath });
    assert.equal(datasets[0]?.status, 'built');
  });

  it('stops comparing two columns once they are no longer wanted, and compares others', async () => {
    const space = await workspace({ 'data.csv': big });
    const [a = '', b = ''] = big.slice(0, big.indexOf('\n')).split(',');
    const data = { target: 'data.csv', folder: space.folder };
    const source = new CancellationTokenSource();
    const first = errorOf(server.connection.sendRequest(pairRequest, { ...data, a, b }, source.token));
    await until(async () => (await server.process.alive()).length > 1);
    source.cancel();
    assert.equal((await first).kind, 'cancelled');
    await until(async () => (await server.process.alive()).length === 1);
    const other = await server.connection.sendRequest(pairRequest, { ...data, a: b, b: a });
    assert.deepEqual([other.a, other.b, other.rows], [b, a, 250_000]);
    assert.deepEqual(await leftovers(space.folder), []);
  });

  it('builds two datasets at once', async () => {
    const space = await workspace({
      '.mldata.yaml': 'version: 1\ndatasets:\n  a: { source: data.csv }\n  b: { source: data.csv }\n',
      'data.csv': table(5000),
    });
    const configPath = space.path('.mldata.yaml');
    const reports = await Promise.all(
      ['a', 'b'].map((name) => server.connection.sendRequest(buildRequest, { id: name, configPath, names: [name] })),
    );
    assert.deepEqual(
      reports.map(({ datasets }) => datasets.map(({ dataset, status }) => [dataset, status])),
      [[['a', 'built']], [['b', 'built']]],
    );
    for (const name of ['a', 'b']) {
      await wholeBuild(space.path('datasets', name));
      assert.ok(server.progress.filter(({ id }) => id === name).every(({ progress }) => progress.dataset === name));
    }
    assert.deepEqual(await leftovers(space.folder), []);
  });

  it('ends with its jobs when the editor hangs up, and leaves nothing behind', async () => {
    const space = await workspace({ '.mldata.yaml': slow, 'data.csv': big });
    void server.connection
      .sendRequest(buildRequest, { id: 'x', configPath: space.path('.mldata.yaml') })
      .catch(() => 0);
    await server.reached('x', 'read');
    server.hangUp();
    assert.equal(await server.process.ended(), 0);
    assert.deepEqual(await server.process.alive(), []);
    assert.deepEqual(await leftovers(space.folder), []);
    assert.deepEqual(await space.files(), ['.mldata.yaml', '.mldata/.gitignore', 'data.csv']);
  });

  it('does so too when the editor dies and nobody reads its answers', async () => {
    const space = await workspace({ '.mldata.yaml': slow, 'data.csv': big });
    void server.connection
      .sendRequest(buildRequest, { id: 'x', configPath: space.path('.mldata.yaml') })
      .catch(() => 0);
    await server.reached('x', 'read');
    server.process.child.stdout?.destroy();
    server.process.child.stderr?.destroy();
    server.hangUp();
    assert.equal(await server.process.ended(), 0);
    assert.deepEqual(await server.process.alive(), []);
    assert.deepEqual(await leftovers(space.folder), []);
  });

  it('waits for a first config to be cleaned up before it ends', async () => {
    const space = await workspace({ 'data.csv': big });
    const request = { files: [space.path('data.csv')], configPath: space.path('.mldata.yaml'), force: false };
    void server.connection.sendRequest(initRequest, request).catch(() => 0);
    await until(async () => (await leftovers(space.folder)).length > 0);
    server.hangUp();
    assert.equal(await server.process.ended(), 0);
    assert.deepEqual(await leftovers(space.folder), []);
  });
});
