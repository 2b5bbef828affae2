import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { drawTree, eventually, extension, folder, problems } from '../support/extension';

describe('Restricted Mode', () => {
  it('shows datasets from their configs', async () => {
    assert.match(drawTree(await extension()).join('\n'), /people \| never built\n.*Columns \| 3/);
  });

  it('checks the config while typing', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), '.mldata.yaml'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'surprise: 1\n');
    await vscode.workspace.applyEdit(edit);
    await eventually('the problem', () => problems(document.uri).find((each) => each === '1:1-1:9 unknown-key'));
  });

  for (const command of ['mldata.buildAll', 'mldata.buildDataset', 'mldata.createConfig']) {
    it(`starts no engine for ${command}, even when it is called`, async () => {
      const { engine } = await extension();
      const file = vscode.Uri.joinPath(folder(), 'raw', 'people.csv');
      await vscode.commands.executeCommand(command, ...(command === 'mldata.createConfig' ? [file, [file]] : []));
      assert.equal(engine.pid, undefined);
    });
  }
});
