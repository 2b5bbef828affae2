import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { drawTree, extension } from '../support/extension';

describe('without a folder', () => {
  it('shows no datasets, so that the view can say what to do', async () => {
    assert.deepEqual(drawTree(await extension()), []);
  });

  it('refuses to build with a word, and starts no engine', async () => {
    const { engine } = await extension();
    await vscode.commands.executeCommand('mldata.buildAll');
    await vscode.commands.executeCommand('mldata.refresh');
    assert.equal(engine.pid, undefined);
  });

  it('asks for a file to export, in words of an export', async () => {
    const { showOpenDialog } = vscode.window;
    const asked: (vscode.OpenDialogOptions | undefined)[] = [];
    const dialog: typeof showOpenDialog = (options) => {
      asked.push(options);
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showOpenDialog: dialog });
    try {
      await vscode.commands.executeCommand('mldata.export');
    } finally {
      Object.assign(vscode.window, { showOpenDialog });
    }
    assert.deepEqual(
      asked.map((options) => [options?.title, options?.openLabel]),
      [['What to export?', 'Select']],
    );
  });
});
