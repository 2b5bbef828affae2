import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Doctor } from '../../../src/protocol';
import { answering } from '../support/answers';
import { codeOf, eventually, extension, folder, makeFolder, write } from '../support/extension';

const SECRET = 'hunter2-of-tests';
const config = `version: 1
datasets:
  sales:
    source: { uri: 'postgres://me:${SECRET}@127.0.0.1:1/db', table: orders }
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
    assert.ok(reports.every(({ durationMs }) => durationMs < 5000));
    // The password was looked for and found, and then the host is one of this machine.
    const sales = report?.checks.find(({ name }) => name === 'sales');
    assert.equal(sales?.code, 'address-not-allowed');
  });

  it('copies what it found, as the command line prints it or to be pasted', async () => {
    await vscode.commands.executeCommand('mldata.copyDoctorJson');
    const copied = JSON.parse(await vscode.env.clipboard.readText()) as Doctor | Doctor[];
    const reports = [copied].flat();
    assert.deepEqual([...new Set(reports.map(({ kind }) => kind))], ['mldata/doctor']);
    assert.ok(reports.some(({ config }) => config === at('.mldata.yaml').fsPath));
    await vscode.commands.executeCommand('mldata.copyDoctorMarkdown');
    const text = await vscode.env.clipboard.readText();
    assert.match(text, /^\| Sources \| gone \| failed \| .+ \|$/m);
    assert.match(text, /^\| Sources \| people \| ok \| 1 file, 9 bytes\. \| {2}\|$/m);
    assert.ok(!text.includes(SECRET));
  });

  it('sets a credential that is typed, hands it to the engine, and removes it when that is confirmed', async () => {
    const { engine } = await extension();
    const handed: object[] = [];
    const hand = engine.handCredentials.bind(engine);
    engine.handCredentials = (values) => {
      handed.push(values);
      hand(values);
    };
    try {
      const said = await typing('typed-of-tests', () =>
        answering({}, [], () =>
          vscode.commands.executeCommand('mldata.setCredential', { config: at('.mldata.yaml'), name: 'sales' }),
        ),
      );
      assert.match(said.join('\n'), /Set the credential sales-password .* names it as \$\{credential:sales-password\}/);
      assert.ok(!said.join('\n').includes('typed-of-tests'));
      assert.deepEqual(handed.at(-1), { 'sales-password': 'typed-of-tests' });
      const { showQuickPick } = vscode.window;
      Object.assign(vscode.window, { showQuickPick: (names: readonly string[]) => Promise.resolve(names[0]) });
      try {
        await answering({}, [], () => vscode.commands.executeCommand('mldata.removeCredential'));
        assert.deepEqual(handed.at(-1), { 'sales-password': 'typed-of-tests' }, 'it was not confirmed');
        await answering({}, ['Remove'], () => vscode.commands.executeCommand('mldata.removeCredential'));
      } finally {
        Object.assign(vscode.window, { showQuickPick });
      }
      assert.deepEqual(handed.at(-1), {});
    } finally {
      engine.handCredentials = hand;
    }
    const reports = await vscode.commands.executeCommand<readonly Doctor[]>('mldata.runDoctor');
    const sales = reports.flatMap(({ checks }) => checks).find(({ name }) => name === 'sales');
    assert.equal(sales?.code, 'secret-missing');
  });
});

/** Answers the one question that is asked unseen. */
async function typing<T>(text: string, work: () => Thenable<T>): Promise<T> {
  const { createInputBox } = vscode.window;
  const create = (): vscode.InputBox => {
    const box = createInputBox();
    const show = box.show.bind(box);
    box.show = () => {
      assert.equal(box.password, true);
      show();
      box.value = text;
      void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    };
    return box;
  };
  Object.assign(vscode.window, { createInputBox: create });
  try {
    return await work();
  } finally {
    Object.assign(vscode.window, { createInputBox });
  }
}
