/** Exporting by commands: what is asked, what is written, and the lines that load it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension/main';
import { answering, cancelling } from '../support/answers';
import { ExportHome } from '../support/exporting';
import { eventually, extension, problems, write } from '../support/extension';

const CONFIG = `version: 1
datasets:
  towns:
    source: towns.csv
    split: { train: 0.5, test: 0.5, seed: 1 }
    output: { formats: [parquet] }
`;

describe('exporting', () => {
  let api: ExtensionApi;
  let home: ExportHome;
  const run = (command: string, argument: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand(`mldata.${command}`, argument);
  const towns = () => home.dataset('towns');

  /** Nothing is said of it. */
  const insertSnippet = async (): Promise<void> => {
    const { showQuickPick } = vscode.window;
    Object.assign(vscode.window, {
      showQuickPick: (items: readonly { readonly label: string }[]) =>
        Promise.resolve(items.find(({ label }) => label === 'towns')),
    });
    try {
      assert.deepEqual(await answering({}, [], async () => run('insertSnippet', undefined)), []);
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
  };

  before(async () => {
    api = await extension();
    home = await ExportHome.make('ex ported', CONFIG);
  });
  after(() => home.remove());

  it('offers to build what has not been built, and does nothing where that is not wanted', async () => {
    const said = await answering({}, [], async () => run('export', towns()));
    assert.deepEqual(said, ['towns has not been built yet.']);
    assert.equal(existsSync(home.at('exports')), false);
  });

  it('builds it first where that is wanted, and takes what Enter takes', async () => {
    const said = await answering({}, ['Build and Export'], async () => run('export', towns()));
    assert.deepEqual(
      said.filter((each) => !each.startsWith('Built towns')),
      [
        'towns has not been built yet.',
        'What to make? Files',
        'Which formats? Parquet',
        'Which splits? train, test',
        `Where to? ${path.join('ex ported', 'exports', 'towns')}`,
        said.at(-1),
      ],
    );
    assert.match(said.at(-1) ?? '', /^Exported towns to ex ported.exports.towns: 40 rows, 2 files, .*B\.$/);
    const { formats, splits, output } = await home.exported('exports', 'towns');
    assert.deepEqual(
      [formats.map(({ format }) => format), splits.map(({ name }) => name), output],
      [['parquet'], ['train', 'test'], '.'],
    );
  });

  it('asks before it replaces an export, and says on its line what a format cannot keep', async () => {
    const answers = { 'Which formats?': ['CSV', 'JSON Lines'], 'Which splits?': ['train'] };
    const kept = await answering(answers, [], async () => run('export', towns()));
    assert.match(kept.join('\n'), /exports.towns exists already\.$/);
    assert.deepEqual(
      (await home.exported('exports', 'towns')).formats.map(({ format }) => format),
      ['parquet'],
    );

    const said = await answering(answers, ['Replace'], async () => run('export', towns()));
    assert.match(said.at(-1) ?? '', /^Exported towns to .*: 20 rows, .*warning/);
    const { formats, splits } = await home.exported('exports', 'towns');
    assert.deepEqual(
      [formats.map(({ format }) => format), splits.map(({ name }) => name)],
      [['csv', 'jsonl'], ['train']],
    );
    assert.ok(
      problems(home.config).some((each) => each.endsWith(' export-lossy')),
      problems(home.config).join('\n'),
    );
  });

  it('is cancelled in its notification: the export from before stays, and no more is said', async () => {
    const files = async (): Promise<string[]> =>
      (await readdir(home.at('exports', 'towns'), { recursive: true })).sort();
    const [before, filesBefore] = [await home.exported('exports', 'towns'), await files()];
    const said = await cancelling(() => answering({}, ['Replace'], async () => run('export', towns())));
    assert.match(said.at(-1) ?? '', /exports.towns exists already\.$/);
    assert.deepEqual([await home.exported('exports', 'towns'), await files()], [before, filesBefore]);
  });

  it('leaves a folder alone that no export wrote', async () => {
    await write(home.file('exports', 'towns-huggingface', 'own.txt'), 'mine');
    const answers = { 'What to make?': ['Hugging Face Dataset'] };
    const said = await answering(answers, ['Replace'], async () => run('export', towns()));
    assert.match(said.at(-1) ?? '', /no export wrote/);
    assert.ok(!said.join().includes('--'), said.join());
    assert.equal(await readFile(home.at('exports', 'towns-huggingface', 'own.txt'), 'utf8'), 'mine');
  });

  it('makes a package for PyTorch, and asks for what is to be predicted where nothing says so', async () => {
    const said = await answering({ 'Which column is to be predicted?': ['coast'] }, ['Copy Snippet'], async () => {
      await run('exportPytorch', towns());
    });
    assert.deepEqual(said.slice(0, 4), [
      'Which splits? train, test',
      'Which column is to be predicted? coast',
      'How is the data kept? Parquet with Zstandard',
      `Where to? ${path.join('ex ported', 'exports', 'towns-pytorch')}`,
    ]);
    const { files } = await home.exported('exports', 'towns-pytorch');
    for (const file of ['examples/train.py', 'pyproject.toml', 'src/towns/__init__.py'])
      assert.ok(
        files.some(({ path: each }) => each === file),
        file,
      );
    const copied = await vscode.env.clipboard.readText();
    assert.match(copied, /from towns import loader/);
    assert.ok(copied.includes(JSON.stringify(home.at('exports', 'towns-pytorch'))), copied);
  });

  it('exports a file of the explorer, with its columns to choose from', async () => {
    const file = home.file('towns.csv');
    const answers = { 'Which column is to be predicted?': ['coast'] };
    const said = await answering(answers, [], async () => run('exportPytorch', file));
    assert.match(said.join('\n'), /predicted\? coast\n[^]*Exported towns to exports.towns-pytorch: 40 rows/);
  });

  it('takes the folder of a build for its dataset', async () => {
    const said = await answering({}, [], async () => run('export', home.file('datasets', 'towns')));
    assert.ok(said.includes('Which splits? train, test'), said.join('\n'));
  });

  it('puts the lines that load a dataset at the cursor of a Python file', async () => {
    const file = home.file('notebooks', 'train.py');
    await write(file, '# mine\n\n');
    const editor = await vscode.window.showTextDocument(file);
    editor.selection = new vscode.Selection(1, 0, 1, 0);
    await api.store.refresh();
    await insertSnippet();
    const text = editor.document.getText();
    assert.match(text, /^# mine\nimport sys\n/);
    assert.ok(text.includes('folder = Path(__file__).resolve().parent / "../exports/towns-pytorch"'), text);
  });

  it('puts them into a new cell of a notebook', async () => {
    const file = home.file('look.ipynb');
    await write(file, JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(file);
    await vscode.window.showNotebookDocument(notebook);
    await eventually('its editor', () => vscode.window.activeNotebookEditor);
    await insertSnippet();
    const cell = await eventually('the cell', () => notebook.getCells()[0]);
    const text = cell.document.getText();
    assert.ok(text.includes('folder = Path("exports/towns-pytorch")'), text);

    await vscode.commands.executeCommand('notebook.cell.edit');
    const editor = await eventually('the editor of the cell', () =>
      vscode.window.activeTextEditor?.document === cell.document ? vscode.window.activeTextEditor : undefined,
    );
    editor.selection = new vscode.Selection(1, 5, 1, 5);
    await insertSnippet();
    assert.equal(notebook.cellCount, 1);
    assert.match(cell.document.getText(), /^import sys\nimport sys\nfrom pathlib import Path\n/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('says where the lines go when neither is open', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const said = await answering({}, [], async () => run('insertSnippet', undefined));
    assert.match(said.join(), /Open a Python file or a notebook first/);
  });

  it('offers both on the dataset in the config', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      home.config,
      new vscode.Position(2, 4),
    );
    const text = hovers.flatMap(({ contents }) => contents).map((each) => (each as vscode.MarkdownString).value);
    assert.match(text.join('\n'), /\[Copy Loader Snippet\]\(command:mldata\.copySnippet\?.*\[Export to PyTorch\]/);
  });
});
