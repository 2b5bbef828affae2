/** Which dataset a command takes, and what it finds there. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { revealCommand } from '../../../src/extension/commands/open';
import type { ExtensionApi } from '../../../src/extension/main';
import { buildsDuring, eventually, extension, folder, write } from '../support/extension';

const config = `version: 1
defaults: { output: { formats: [csv] } }
datasets:
  one: { source: a.csv }
  two: { source: a.csv }
`;

describe('commands find their dataset', () => {
  let api: ExtensionApi;
  let home: vscode.Uri;
  const first = vscode.Uri.joinPath(folder(), '.mldata.yaml');
  const uri = (name: string): vscode.Uri => vscode.Uri.joinPath(home, name);
  const run = (command: string, ...args: readonly unknown[]) => vscode.commands.executeCommand(command, ...args);
  const show = (file: vscode.Uri, line = 0) =>
    vscode.window.showTextDocument(file, { selection: new vscode.Range(line, 0, line, 0) });

  before(async () => {
    api = await extension();
    home = vscode.Uri.joinPath(folder(), 'targets');
    await write(uri('a.csv'), 'name\nOslo\n');
    await write(uri('.mldata.yaml'), config);
    await run('mldata.refresh');
    await run('mldata.buildDataset', { config: first, name: 'people' });
  });
  after(async () => {
    await run('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(home, { recursive: true });
    await eventually('the config to go', () =>
      api.store.find(uri('.mldata.yaml'), 'one') === undefined ? true : undefined,
    );
  });

  it('where the cursor stands in the editor, not where the file on disk has another one', async () => {
    const editor = await show(uri('.mldata.yaml'), 3);
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), '  zero: { source: a.csv }\n'));
    assert.equal(editor.document.lineAt(editor.selection.active.line).text, '  one: { source: a.csv }');
    const builds = await buildsDuring(api, async () => run('mldata.buildDataset'));
    assert.deepEqual(
      builds.map(({ names }) => names),
      [['one']],
    );
    assert.equal(editor.document.isDirty, false);
  });

  it('in another config when the one in the editor has none for them', async () => {
    await write(uri('empty/.mldata.yaml'), 'version: 1\ndatasets: { later: { source: a.csv } }\n');
    await write(uri('.mldata.yaml'), config.replace('one', 'uno'));
    await vscode.workspace.fs.delete(uri('datasets'), { recursive: true });
    await run('mldata.refresh');
    await show(uri('empty/.mldata.yaml'));
    await run('mldata.openManifest');
    assert.match(vscode.window.activeTextEditor?.document.uri.path ?? '', /datasets\/people\/manifest\.yaml$/);
    await write(uri('.mldata.yaml'), config);
    await vscode.workspace.fs.delete(uri('empty'), { recursive: true });
    await run('mldata.refresh');
  });

  it('nowhere, when they are called on a config or a dataset that nothing is known of', async () => {
    await write(uri('node_modules/.mldata.yaml'), config);
    const builds = await buildsDuring(api, async () => {
      for (const command of ['mldata.buildAll', 'mldata.buildDataset']) {
        await run(command, uri('node_modules/.mldata.yaml'));
      }
      await run('mldata.buildDataset', { config: first, name: 'gone' });
    });
    assert.deepEqual(builds, []);
  });

  it('busy, when it is being built already: the second command is refused', async () => {
    const ref = { config: first, name: 'people' };
    const builds = await buildsDuring(api, async () =>
      Promise.all([run('mldata.rebuildDataset', ref), run('mldata.rebuildDataset', ref)]),
    );
    assert.equal(builds.length, 1);
    assert.equal(api.store.find(first, 'people')?.status, 'built');
  });

  it('busy from the start, also in configs whose turn comes later', async () => {
    const builds = await buildsDuring(api, async () => run('mldata.buildAll'));
    assert.deepEqual(
      builds.map(({ names, building }) => ({ names, building })),
      [
        { names: ['people'], building: ['people', 'one', 'two'] },
        { names: ['one', 'two'], building: ['one', 'two'] },
      ],
    );
    assert.deepEqual(
      api.store.datasets.map(({ status }) => status),
      ['built', 'built', 'built'],
    );
  });

  it('on its line of the config, from its menu in the tree as by a click', async () => {
    const dataset = api.store.find(uri('.mldata.yaml'), 'two');
    await run('mldata.openConfig', { kind: 'dataset', dataset });
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.getText(editor.selection), 'two');
  });

  it('with a menu for what it has', () => {
    const dataset = api.store.find(first, 'people');
    assert.ok(dataset);
    assert.equal(
      api.tree.getTreeItem({ kind: 'dataset', dataset }).contextValue,
      'dataset built hasManifest hasReport',
    );
    const [own] = api.store.configs;
    assert.ok(own);
    assert.equal(api.tree.getTreeItem({ kind: 'config', uri: own.uri, config: own }).contextValue, 'config');
  });

  const { Desktop, Web } = vscode.UIKind;
  const places: readonly (readonly [where: Parameters<typeof revealCommand>, command: string | undefined])[] = [
    [[true, Web, 'server'], 'revealInExplorer'],
    [[true, Desktop, undefined], 'revealInExplorer'],
    [[false, Desktop, undefined], 'revealFileInOS'],
    [[false, Desktop, 'ssh-remote'], undefined],
    [[false, Web, 'server'], undefined],
  ];
  for (const [where, command] of places) {
    it(`shows a file that is ${where[0] ? 'inside' : 'outside'} (${where.slice(1).join(', ')}) by ${command}`, () => {
      assert.equal(revealCommand(...where), command);
    });
  }
});
