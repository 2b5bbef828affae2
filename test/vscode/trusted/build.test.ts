import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension/main';
import type { MldataErrorData } from '../../../src/protocol';
import { drawTree, eventually, extension, folder, problems } from '../support/extension';

describe('building', () => {
  let api: ExtensionApi;
  let config: vscode.Uri;
  const people = () => api.store.find(config, 'people');
  const build = (onProgress: () => void, signal = new AbortController().signal) =>
    api.engine.build({ configPath: config.fsPath, force: true }, onProgress, signal);
  const write = (uri: vscode.Uri, text: string) => vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const failure = (promise: Promise<unknown>): Promise<MldataErrorData> =>
    promise.then(
      () => assert.fail('it went through'),
      (error: unknown) => error as MldataErrorData,
    );

  before(async () => {
    api = await extension();
    config = vscode.Uri.joinPath(folder(), '.mldata.yaml');
  });

  it('starts the engine with the first build only, and shows what was built', async () => {
    assert.equal(api.engine.pid, undefined);
    assert.equal(people()?.status, 'never');
    await vscode.commands.executeCommand('mldata.buildAll');
    assert.ok(api.engine.pid);
    assert.equal(people()?.status, 'built');
    assert.match(drawTree(api).join('\n'), /people \| 12 rows · just now\n.*Columns \| 3/);
    assert.match(drawTree(api).join('\n'), /data\/train\.parquet/);
    assert.equal(people()?.build?.rows, 12);
  });

  it('sees that an input changed, and builds it directly when called on the dataset', async () => {
    const input = vscode.Uri.joinPath(folder(), 'raw', 'people.csv');
    const before = await vscode.workspace.fs.readFile(input);
    await write(input, `${new TextDecoder().decode(before).trimEnd()}\n99,Zoe,30\n`);
    await eventually('staleness', () => (people()?.status === 'stale' ? true : undefined));
    assert.deepEqual(people()?.staleBecause, ['raw/people.csv changed its size.']);
    await vscode.commands.executeCommand('mldata.buildDataset', { config, name: 'people' });
    assert.deepEqual([people()?.status, people()?.manifest?.rows], ['built', 13]);
    await vscode.workspace.fs.writeFile(input, before);
  });

  it('leaves alone what is up to date, until a rebuild is asked for', async () => {
    const built = () => people()?.manifest?.createdAt;
    await vscode.commands.executeCommand('mldata.buildDataset', { config, name: 'people' });
    const before = built();
    await vscode.commands.executeCommand('mldata.buildDataset', { config, name: 'people' });
    assert.deepEqual([people()?.status, built()], ['built', before]);
    await vscode.commands.executeCommand('mldata.rebuildDataset', { config, name: 'people' });
    assert.equal(people()?.status, 'built');
    assert.notEqual(built(), before);
  });

  it('opens the manifest of the dataset it is called on', async () => {
    await vscode.commands.executeCommand('mldata.openManifest', { config, name: 'people' });
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /datasets\/people\/manifest\.yaml$/);
  });

  it('puts what is wrong with the data on the line of the config, and keeps the artifacts of before', async () => {
    const input = vscode.Uri.joinPath(folder(), 'raw', 'people.csv');
    const before = await vscode.workspace.fs.readFile(input);
    await write(input, `${new TextDecoder().decode(before).trimEnd()}\n98,Yan,old\n`);
    await vscode.commands.executeCommand('mldata.buildDataset', { config, name: 'people' });
    assert.deepEqual([people()?.status, people()?.manifest?.rows], ['failing', 12]);
    assert.deepEqual(problems(config), ['10:9-10:12 cast-failed']);
    const [problem] = vscode.languages.getDiagnostics(config);
    assert.equal(problem?.relatedInformation?.[0]?.location.range.start.line, 13);
    await vscode.workspace.fs.writeFile(input, before);
    await vscode.commands.executeCommand('mldata.buildDataset', { config, name: 'people' });
    assert.deepEqual(problems(config), []);
  });

  it('stops when cancelled, and changes nothing', async () => {
    const manifest = vscode.Uri.joinPath(folder(), 'datasets', 'people', 'manifest.yaml');
    const before = await vscode.workspace.fs.readFile(manifest);
    const controller = new AbortController();
    const error = await failure(build(() => controller.abort(), controller.signal));
    assert.equal(error.kind, 'cancelled');
    assert.deepEqual(await vscode.workspace.fs.readFile(manifest), before);
  });

  it('survives a crash of the engine: what ran is refused with one message, and the next build works', async () => {
    const told: string[] = [];
    const listener = api.engine.onDidStop((message) => told.push(message));
    const crashed = api.engine.pid;
    assert.ok(crashed);
    let killed = false;
    const error = await failure(
      build(() => {
        if (!killed) process.kill(crashed, 'SIGKILL');
        killed = true;
      }),
    );
    assert.equal(error.code, 'engine-stopped');
    assert.match(error.message, /killed.*while building all datasets/);
    assert.deepEqual(told, [error.message]);
    assert.equal(api.engine.pid, undefined);
    const report = await build(() => undefined);
    assert.equal(report.datasets[0]?.status, 'built');
    assert.notEqual(api.engine.pid, crashed);
    listener.dispose();
  });

  it('creates a config from a file that the explorer was asked on', async () => {
    const home = vscode.Uri.joinPath(folder(), '.mldata.yaml');
    const before = await vscode.workspace.fs.readFile(home);
    await vscode.workspace.fs.delete(home);
    const file = vscode.Uri.joinPath(folder(), 'raw', 'people.csv');
    await vscode.commands.executeCommand('mldata.createConfig', file, [file]);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.path, home.path);
    assert.match(document.getText(), /people:[\s\S]*source: raw\/people\.csv/);
    await vscode.workspace.fs.writeFile(home, before);
    await eventually('the config of before', () => (document.getText().includes('Twelve people') ? true : undefined));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
