import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in Restricted Mode', () => {
  it('sees a folder that is not trusted', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('activates', async () => {
    const extension = vscode.extensions.getExtension('mldata.mldata');
    await extension?.activate();
    assert.equal(extension?.isActive, true);
  });
});
