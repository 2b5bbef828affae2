import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeOf, eventually, extension, folder, makeFolder, write } from '../support/extension';

const config = `version: 1
datasets:
  album:
    source: photos.csv
    schema: { columns: { photo: image } }
    checks: { files: {} }
`;

describe('files that are not whole', () => {
  let home: vscode.Uri;
  const at = (...names: string[]) => vscode.Uri.joinPath(home, ...names);
  const exists = (uri: vscode.Uri) =>
    vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
  before(async () => {
    const { store } = await extension();
    home = vscode.Uri.joinPath(folder(), 'album');
    await makeFolder(home);
    await write(at('photos.csv'), 'photo\na.png\n');
    await write(at('a.png'), '<html>Not found</html>');
    await write(at('.mldata.yaml'), config);
    await store.refresh();
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(home, { recursive: true });
  });

  it('lead to what is written about them, and are moved aside and back by a quick fix', async () => {
    const document = await vscode.workspace.openTextDocument(at('.mldata.yaml'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('mldata.validateDataset', { config: at('.mldata.yaml'), name: 'album' });
    const problem = await eventually(
      'the problem',
      () => vscode.languages.getDiagnostics(document.uri).find((each) => codeOf(each) === 'file-not-media'),
      30_000,
    );
    assert.equal(problem.range.start.line, 5);
    assert.ok(typeof problem.code === 'object' && problem.code.target.scheme === 'command');
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse('mldata-finding:/file-not-media.md'));
    assert.match(page.getText(), /^# file-not-media\n\n.+\n/);

    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
    );
    const move = actions.find(({ command }) => command?.command === 'mldata.quarantineFiles');
    assert.equal(move?.title, 'Move the files of album aside that are not whole…');
    // What somebody would press: first to move them, then to have them back.
    const { showWarningMessage, showInformationMessage } = vscode.window;
    const said: string[] = [];
    const press =
      (item: string) =>
      (message: string, ...items: unknown[]) => {
        said.push(message);
        return Promise.resolve(items.find((each) => each === item));
      };
    Object.assign(vscode.window, {
      showWarningMessage: press('Move Files'),
      showInformationMessage: (message: string, ...items: unknown[]) =>
        exists(at('a.png')).then((there) => {
          assert.equal(there, false);
          return press('Put Back')(message, ...items);
        }),
    });
    try {
      const given: readonly unknown[] = move.command?.arguments ?? [];
      await vscode.commands.executeCommand('mldata.quarantineFiles', ...given);
      await eventually('the file where it was', async () => ((await exists(at('a.png'))) ? true : undefined), 30_000);
    } finally {
      Object.assign(vscode.window, { showWarningMessage, showInformationMessage });
    }
    assert.match(said.join(' '), /^Move the files of album aside that are not whole\? 1 file was moved to .*album/);
    // With the last file its list and folder go.
    await eventually('no list', async () => !(await exists(at('quarantine', 'album'))) || undefined, 30_000);
  });

  it('are put back later by a command, which overwrites nothing', async () => {
    const { engine } = await extension();
    const aside = at('aside').fsPath;
    await engine.validate(
      {
        configPath: at('.mldata.yaml').fsPath,
        target: 'album',
        folder: home.fsPath,
        checks: ['files'],
        quarantine: aside,
      },
      () => undefined,
      new AbortController().signal,
    );
    assert.equal(await exists(at('a.png')), false);
    await write(at('a.png'), 'somebody put this here meanwhile');
    const { showQuickPick, showInformationMessage, showWarningMessage } = vscode.window;
    const offered: vscode.QuickPickItem[] = [];
    const said: string[] = [];
    const hear = (message: string) => {
      said.push(message);
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, {
      showQuickPick: (items: readonly vscode.QuickPickItem[]) => {
        offered.push(...items);
        return Promise.resolve(items.find(({ label }) => label.endsWith('album/aside')));
      },
      showInformationMessage: hear,
      showWarningMessage: hear,
    });
    try {
      await vscode.commands.executeCommand('mldata.putBackFiles');
      assert.match(
        said.pop() ?? '',
        /^0 files were put back\. 1 was not: Another file stands at .*a\.png now: move it away, and put back again\.$/,
      );
      await vscode.workspace.fs.delete(at('a.png'));
      await vscode.commands.executeCommand('mldata.putBackFiles');
      assert.equal(said.pop(), '1 file was put back.');
      await vscode.commands.executeCommand('mldata.putBackFiles');
      assert.equal(said.pop(), 'No file is in quarantine.');
    } finally {
      Object.assign(vscode.window, { showQuickPick, showInformationMessage, showWarningMessage });
    }
    assert.deepEqual([...new Set(offered.map(({ description }) => description))], ['1 file']);
    assert.match((await vscode.workspace.openTextDocument(at('a.png'))).getText(), /Not found/);
  });
});
