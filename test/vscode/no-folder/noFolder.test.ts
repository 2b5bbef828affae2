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
});
