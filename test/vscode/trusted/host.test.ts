import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';

describe('the extension in a trusted folder', () => {
  it('is there, under the name it is published by', () => {
    assert.ok(vscode.extensions.getExtension('mldata.mldata'));
  });

  it('activates', async () => {
    const extension = vscode.extensions.getExtension('mldata.mldata');
    await extension?.activate();
    assert.equal(extension?.isActive, true);
  });

  it('sees the folder, trusted, and finds files in it', async () => {
    assert.equal(vscode.workspace.isTrusted, true);
    const files = await vscode.workspace.findFiles('**/*.csv');
    assert.deepEqual(
      files.map((file) => path.basename(file.fsPath)),
      ['people.csv'],
    );
  });
});
