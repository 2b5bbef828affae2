import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { userConfigPath } from '../../../src/config';
import { eventually, extension, folder, problems, write } from '../support/extension';

describe('problems of the config while typing', () => {
  let document: vscode.TextDocument;
  let original: string;
  const config = vscode.Uri.joinPath(folder(), 'typing', '.mldata.yaml');

  const type = async (text: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    edit.replace(document.uri, whole, text);
    await vscode.workspace.applyEdit(edit);
  };
  const shown = async (...expected: string[]): Promise<void> => {
    await eventually(`${expected.join(', ')}, not ${problems(document.uri).join(', ')}`, () =>
      problems(document.uri).join() === expected.join() ? true : undefined,
    );
  };

  before(async () => {
    await extension();
    const sound = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder(), '.mldata.yaml'));
    const raw = vscode.Uri.joinPath(config, '..', 'raw');
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(folder(), 'raw'), raw);
    await vscode.workspace.fs.writeFile(config, sound);
    document = await vscode.workspace.openTextDocument(config);
    await vscode.window.showTextDocument(document);
    original = document.getText();
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(config, '..'), { recursive: true });
  });

  it('has none in a sound config', async () => {
    await shown();
  });

  const cases: [name: string, from: string, to: string, ...problems: string[]][] = [
    ['an unknown key, on the key', '    source: raw', '    sorce: raw', '5:5-5:10 unknown-key'],
    ['a dataset made from itself', 'raw/people.csv', 'dataset://people', '5:13-5:29 dataset-cycle'],
    ['a wrong value, on the value', 'type: string }', 'type: strin }', '9:23-9:28 invalid-value'],
    ['a quote that is never closed, where it opens', 'Twelve people', '"Twelve people', '4:18-4:19 yaml-syntax'],
    [
      'a bracket that is not closed, where that is known',
      ...(['minimum: 0 }', 'minimum: 0'] as const),
      ...['11:7-11:8 yaml-syntax', '11:19-11:20 yaml-syntax', '11:19-12:10 yaml-syntax'],
    ],
  ];
  for (const [name, from, to, ...expected] of cases) {
    it(`shows ${name}, unsaved, and takes it back`, async () => {
      await type(original.replace(from, to));
      assert.equal(document.isDirty, true);
      await shown(...expected);
      const [first] = vscode.languages.getDiagnostics(document.uri);
      assert.equal(first?.source, 'mldata');
      assert.equal(first.severity, vscode.DiagnosticSeverity.Error);
      await type(original);
      await shown();
    });
  }

  it('forgets them when the file is closed', async () => {
    await type(original.replace('version: 1', 'version: 2'));
    await eventually('a problem', () => problems(document.uri)[0]);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await shown();
  });

  it("shows those of one's own config on its lines", async () => {
    const own = vscode.Uri.file(userConfigPath(process.env, process.platform, ''));
    await write(own, 'version: 1\ndefaults:\n  output: { compresion: zstd }\n');
    try {
      const opened = await vscode.workspace.openTextDocument(own);
      await vscode.window.showTextDocument(opened);
      const shownOf = () => (problems(own).join() === '3:13-3:23 unknown-key' ? true : undefined);
      await eventually(`an unknown key, not ${problems(own).join(', ')}`, shownOf);
    } finally {
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await vscode.workspace.fs.delete(own);
    }
  });
});
