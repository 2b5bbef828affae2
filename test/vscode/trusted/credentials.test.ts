import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Doctor } from '../../../src/protocol';
import { codeOf, eventually, extension, folder, makeFolder, write } from '../support/extension';

const SECRET = 'hunter2-of-tests';
const config = `version: 1
datasets:
  sales:
    source: postgres://me:${SECRET}@127.0.0.1:1/db
  people:
    source: people.csv
  gone:
    source: gone.csv
`;

describe('credentials and the doctor', () => {
  let home: vscode.Uri;
  const at = (...names: string[]) => vscode.Uri.joinPath(home, ...names);
  before(async () => {
    const { store } = await extension();
    home = vscode.Uri.joinPath(folder(), 'credentials');
    await makeFolder(home);
    await write(at('people.csv'), 'name\nAda\n');
    await write(at('.mldata.yaml'), config);
    await store.refresh();
  });
  after(async () => {
    const { store } = await extension();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(home, { recursive: true });
    await store.refresh();
  });

  it('a secret in a config is a problem, and its quick fix moves it', async () => {
    const document = await vscode.workspace.openTextDocument(at('.mldata.yaml'));
    await vscode.window.showTextDocument(document);
    const problem = await eventually('the problem', () =>
      vscode.languages.getDiagnostics(document.uri).find((each) => codeOf(each) === 'literal-secret'),
    );
    assert.equal(problem.range.start.line, 3);
    assert.ok(!problem.message.includes(SECRET));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
    );
    const move = actions.find(({ command }) => command?.command === 'mldata.moveSecret');
    assert.ok(move?.command);
    assert.ok(!JSON.stringify(move.command).includes(SECRET));
    await vscode.commands.executeCommand(move.command.command, ...((move.command.arguments ?? []) as unknown[]));
    assert.match(document.getText(), /postgres:\/\/me:\$\{credential:sales-password\}@127\.0\.0\.1:1\/db/);
    assert.ok(!document.getText().includes(SECRET));
    await document.save();
  });

  it('the doctor says how sources and tools stand', async () => {
    const reports = await vscode.commands.executeCommand<readonly Doctor[]>('mldata.runDoctor');
    const report = reports.find((each) => each.config === at('.mldata.yaml').fsPath);
    const states = report?.checks.map(({ group, name, state }) => `${group} ${name} ${state}`) ?? [];
    assert.ok(states.includes('source people ok'), states.join('\n'));
    assert.ok(states.includes('source gone failed'), states.join('\n'));
    assert.ok(states.some((line) => line.startsWith('tool git ')));
    assert.ok(!JSON.stringify(reports).includes(SECRET));
  });
});
