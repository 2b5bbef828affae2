/** What happens elsewhere: data and builds outside the opened folder, and builds that somebody else runs. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension/main';
import { runOptions } from '../../../src/extension/settings';
import { buildsDuring, eventually, extension, folder, write } from '../support/extension';

const rows = 'name,size\nOslo,1\n';

describe('outside the opened folder', () => {
  let api: ExtensionApi;
  let home: vscode.Uri;
  let elsewhere: vscode.Uri;
  let config: vscode.Uri;
  let input: vscode.Uri;
  const towns = () => api.store.find(config, 'towns');
  const status = (wanted: string) =>
    eventually(`${wanted}, not ${towns()?.status}`, () => (towns()?.status === wanted ? true : undefined), 20_000);
  const build = () => vscode.commands.executeCommand('mldata.buildDataset', { config, name: 'towns' });
  const set = (name: string, value: unknown) =>
    vscode.workspace.getConfiguration('mldata').update(name, value, vscode.ConfigurationTarget.Workspace);

  before(async () => {
    api = await extension();
    home = vscode.Uri.joinPath(folder(), 'outside');
    elsewhere = vscode.Uri.joinPath(folder(), '..', 'elsewhere');
    config = vscode.Uri.joinPath(home, '.mldata.yaml');
    input = vscode.Uri.joinPath(elsewhere, 'raw', '[a].csv');
    await write(input, rows);
    await write(
      config,
      `version: 1
datasets:
  towns:
    source: ../../elsewhere/raw/[a].csv
    schema: { columns: { name: {}, size: { type: integer } } }
    output: { formats: [csv], path: ${JSON.stringify(vscode.Uri.joinPath(elsewhere, 'built').fsPath)} }
`,
    );
    await vscode.commands.executeCommand('mldata.refresh');
  });
  after(async () => {
    await set('allowOutsidePaths', undefined);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), '.vscode'), { recursive: true });
    await vscode.workspace.fs.delete(home, { recursive: true });
    await vscode.workspace.fs.delete(elsewhere, { recursive: true });
    await eventually('the dataset to go', () => (towns() === undefined ? true : undefined));
  });

  it('nothing is read, unless the setting says so', async () => {
    await build();
    assert.deepEqual([towns()?.status, towns()?.build?.error?.code], ['failing', 'path-outside']);
    await set('allowOutsidePaths', true);
    await build();
    assert.deepEqual([towns()?.status, towns()?.manifest?.rows], ['built', 1]);
  });

  it('a change of the data is seen by itself', async () => {
    await write(input, `${rows}Rome,2\n`);
    await status('stale');
    await write(input, rows);
    await status('built');
  });

  it('a build is seen by itself when it goes and comes', async () => {
    const manifest = vscode.Uri.joinPath(elsewhere, 'built', 'manifest.yaml');
    const text = await vscode.workspace.fs.readFile(manifest);
    await vscode.workspace.fs.delete(manifest);
    await status('never');
    await vscode.workspace.fs.writeFile(manifest, text);
    await status('built');
  });

  it('of the editor, a later build counts more than one that failed here', async () => {
    await write(input, 'name,size\nOslo,many\n');
    await build();
    assert.equal(towns()?.status, 'failing');
    await write(input, rows);
    await api.engine.build(
      { configPath: config.fsPath, allowOutsidePaths: true, force: true },
      () => undefined,
      new AbortController().signal,
    );
    await status('built');
    assert.equal(towns()?.build?.status, 'built');
  });

  it('of the code, settings say how much of the machine a build takes', async () => {
    assert.deepEqual(runOptions(config), { allowOutsidePaths: true });
    await set('engine.threads', 1);
    await set('engine.memoryLimit', ' 600MB ');
    const [request] = await buildsDuring(api, async () => build());
    assert.deepEqual([request?.threads, request?.memoryLimit, request?.allowOutsidePaths], [1, '600MB', true]);
    assert.equal(towns()?.status, 'built');
    await set('engine.threads', undefined);
    await set('engine.memoryLimit', undefined);
  });
});
