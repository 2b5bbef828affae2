import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension, folder, write } from '../support/extension';

describe('writing a config in Restricted Mode', () => {
  const config = vscode.Uri.joinPath(folder(), 'writing', '.mldata.yaml');
  let document: vscode.TextDocument;

  before(async () => {
    await extension();
    await write(
      config,
      'version: 1\ndatasets:\n  a:\n    source: ../raw/people.csv\n    schema: { columns: { id: integer } }\n    spl\n',
    );
    document = await vscode.workspace.openTextDocument(config);
    await vscode.window.showTextDocument(document);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(config, '..'), { recursive: true });
  });

  it('offers and explains keys', async () => {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      config,
      new vscode.Position(5, 7),
    );
    assert.ok(items.some(({ label }) => label === 'split'));
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      config,
      new vscode.Position(3, 6),
    );
    assert.match((hover?.contents[0] as vscode.MarkdownString).value, /Where the data is/);
  });

  it('shows of a column what is declared, without ways to run anything', async () => {
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      config,
      new vscode.Position(4, 26),
    );
    const shown = (hover?.contents[0] as vscode.MarkdownString).value;
    assert.match(shown, /integer/);
    assert.doesNotMatch(shown, /command:/);
  });

  it('offers nothing that would read data', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      config,
      100,
    );
    assert.deepEqual(
      lenses.map(({ command }) => command?.title).filter((title) => title !== 'errors in the configuration'),
      [],
    );
    const { engine } = await extension();
    assert.equal(engine.pid, undefined);
  });
});
