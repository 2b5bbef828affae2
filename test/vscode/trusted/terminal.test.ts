import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, extension, folder } from '../support/extension';

describe("VS Code's terminal", () => {
  it('knows `mldata`', async () => {
    await extension();
    const { version } = vscode.extensions.getExtension('mldata.mldata')?.packageJSON as { version: string };
    const output = vscode.Uri.joinPath(folder(), 'terminal.txt');
    const shellPath = process.platform === 'win32' ? 'cmd.exe' : '/bin/sh';
    const terminal = vscode.window.createTerminal({ cwd: folder(), shellPath });
    terminal.sendText('mldata --version > terminal.txt');
    const printed = await eventually('the version', () => read(output), 30_000);
    assert.equal(printed.trim(), version);
    terminal.dispose();
    await vscode.workspace.fs.delete(output);
  });
});

/** Undefined until something stands in it. */
async function read(uri: vscode.Uri): Promise<string | undefined> {
  const text = await vscode.workspace.fs.readFile(uri).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => '',
  );
  return text.includes('\n') ? text : undefined;
}
