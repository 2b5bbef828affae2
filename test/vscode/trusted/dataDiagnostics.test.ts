import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, extension, folder, makeFolder, problems, write } from '../support/extension';

describe('problems between a config and its data, while typing', () => {
  const home = vscode.Uri.joinPath(folder(), 'looked');
  const config = vscode.Uri.joinPath(home, '.mldata.yaml');
  const data = vscode.Uri.joinPath(home, 'raw', 'towns.csv');
  const towns = 'name,country,people\nOslo,NO,700000\nBergen,NO,290000\nRome,IT,2800000\n';
  const sound = [
    'version: 1',
    'datasets:',
    '  towns:',
    '    source: raw/towns.csv',
    '    schema:',
    '      columns:',
    '        name: { type: string }',
    '        country: { type: string, enum: [NO, IT] }',
    '        people: { type: integer }',
    '    split: { train: 1, stratify: country }',
    '',
  ].join('\n');
  let document: vscode.TextDocument;

  const type = async (text: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    await vscode.workspace.applyEdit(edit);
  };
  const shown = async (...expected: string[]): Promise<void> => {
    const now = () => problems(config).sort().join('; ');
    const wanted = expected.sort().join('; ');
    await eventually(wanted || 'nothing', () => (now() === wanted ? true : undefined)).catch(() =>
      assert.equal(now(), wanted),
    );
  };

  before(async () => {
    await extension();
    await makeFolder(home);
    await makeFolder(vscode.Uri.joinPath(home, 'raw'));
    await write(data, towns);
    await write(config, sound);
    document = await vscode.workspace.openTextDocument(config);
    await vscode.window.showTextDocument(document);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(home, { recursive: true });
  });

  const cases: [name: string, from: string, to: string, ...problems: string[]][] = [
    [
      'a type that cells contradict, on the column',
      'name: { type: string }',
      'name: { type: integer }',
      '7:9-7:13 cast-failed',
    ],
    ['a declared column that the file lacks, and one that it has', 'people: {', 'pepole: {', '9:9-9:15 column-missing'],
    [
      'values that an enum lacks, on the key, and one that nobody has, on the value',
      '[NO, IT]',
      '[NO, SE]',
      '8:34-8:38 constraint-enum',
      '8:45-8:47 enum-unseen',
    ],
    ['a source that matches nothing, on its path', 'raw/towns.csv', 'raw/*.tsv', '4:13-4:22 source-not-found'],
    ['a split by what is no column', 'stratify: country', 'stratify: region', '10:34-10:40 split-column-missing'],
    [
      'what is wrong in the text beside it',
      'name: { type: string }',
      'name: { type: date, tittle: x }',
      '7:29-7:35 unknown-key',
    ],
  ];
  for (const [name, from, to, ...expected] of cases) {
    it(`shows ${name}, unsaved, and takes it back`, async () => {
      await type(sound.replace(from, to));
      assert.equal(document.isDirty, true);
      await shown(...expected);
      await type(sound);
      await shown();
    });
  }

  it('names the first cell that does not fit, and what to do', async () => {
    await type(sound.replace('name: { type: string }', 'name: { type: integer }'));
    await shown('7:9-7:13 cast-failed');
    const [found] = vscode.languages.getDiagnostics(config);
    assert.match(found?.message ?? '', /^3 values of name cannot be read as whole numbers, such as `Oslo`\. Declare/);
    assert.deepEqual([found?.source, found?.severity], ['mldata', vscode.DiagnosticSeverity.Error]);
    await type(sound);
    await shown();
  });

  it('moves with the lines', async () => {
    await type(sound.replace('[NO, IT]', '[NO]'));
    await shown('8:34-8:38 constraint-enum');
    await type(`# towns\n${sound.replace('[NO, IT]', '[NO]')}`);
    await shown('9:34-9:38 constraint-enum');
    await type(sound);
  });

  it('looks again when a file changes', async () => {
    await write(data, `${towns}Paris,FR,2100000\n`);
    await shown('8:34-8:38 constraint-enum');
    await write(data, towns);
    await shown();
  });

  it('does not say twice what a build says', async () => {
    await type(sound.replace('[NO, IT]', '[NO]'));
    await document.save();
    const { store } = await extension();
    await eventually('the config', () =>
      JSON.stringify(store.find(config, 'towns')?.spec?.schema.columns['country']?.enum) === '["NO"]'
        ? true
        : undefined,
    );
    await shown('8:34-8:38 constraint-enum');
    await vscode.commands.executeCommand('mldata.buildDataset', store.find(config, 'towns'));
    await eventually('the failed build', () => store.find(config, 'towns')?.build?.status === 'failed' || undefined);
    await shown('8:34-8:38 constraint-enum');
    const [found] = vscode.languages.getDiagnostics(config);
    assert.ok((found?.relatedInformation ?? []).length > 0, 'it is the one of the build, which knows the row');
  });

  it('forgets them when the file is closed', async () => {
    await type(sound.replace('source: raw/towns.csv', 'source: raw/none.csv'));
    await shown('4:13-4:25 source-not-found', '8:34-8:38 constraint-enum');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await shown('8:34-8:38 constraint-enum');
  });
});
