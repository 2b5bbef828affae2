/** Exporting by commands: every kind of export, ways out of the questions, and what goes wrong. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { type Answers, answering, cancelling } from '../support/answers';
import { ExportHome } from '../support/exporting';
import { codeOf, eventually, extension, write } from '../support/extension';

const CONFIG = `version: 1
datasets:
  towns:
    source: towns.csv
    description: Towns by the sea.
    license: CC0-1.0
    schema: { columns: { coast: { type: integer, role: target } } }
    split: { train: 0.5, test: 0.5, seed: 1 }
  gaps:
    source: towns.csv
    transforms:
      - derive: { column: gap, expression: to_days(1) }
`;

describe('choices of exporting', () => {
  let home: ExportHome;
  const { showOpenDialog } = vscode.window;
  const run = (name: string, command = 'export'): Thenable<unknown> =>
    vscode.commands.executeCommand(`mldata.${command}`, home.dataset(name));
  const filesIn = async (...names: string[]): Promise<string[]> =>
    (await readdir(home.at(...names), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(home.at(...names), path.join(entry.parentPath, entry.name)))
      .map((file) => file.split(path.sep).join('/'))
      .sort();

  before(async () => {
    home = await ExportHome.make('choices', CONFIG);
    await vscode.commands.executeCommand('mldata.buildAll', home.config);
  });
  afterEach(() => Object.assign(vscode.window, { showOpenDialog }));
  after(() => home.remove());

  for (const [asked, answers] of [
    ['What to make?', ['PyTorch Package']],
    ['Which formats?', []],
    ['Which splits?', []],
    ['How is the data kept?', ['PyTorch Package']],
    ['Where to?', []],
  ] as const)
    it(`is left at "${asked}" without a word, and writes nothing`, async () => {
      const kind: Answers = answers.length > 0 ? { 'What to make?': answers } : {};
      const said = await answering({ ...kind, [asked]: 'leave' }, [], async () => run('towns'));
      assert.equal(said.at(-1), `${asked} leave`);
      assert.equal(existsSync(home.at('exports')), false);
    });

  it('goes back to the question before, with what was answered there', async () => {
    const answers: Answers = { 'Which formats?': ['Arrow', 'Dataset card'], 'Where to?': 'back' };
    const said = await answering(answers, [], async () => run('towns'));
    assert.deepEqual(
      said.map((each) => each.replace(/^(Exported towns).*/, '$1')),
      [
        'What to make? Files',
        'Which formats? Arrow, Dataset card',
        'Which splits? train, test',
        'Where to? back',
        'Which splits? train, test',
        `Where to? ${path.join('choices', 'exports', 'towns')}`,
        'Exported towns',
      ],
    );
    assert.deepEqual(await filesIn('exports', 'towns'), [
      'README.md',
      'data/test.arrow',
      'data/train.arrow',
      'export.json',
    ]);
  });

  it('makes every format with every description, in the folder that is picked', async () => {
    await mkdir(home.at('else where'));
    const folder = [home.file('else where')];
    Object.assign(vscode.window, { showOpenDialog: () => Promise.resolve(folder) });
    const all = ['Parquet', 'CSV', 'JSON Lines', 'Arrow', 'JSON', 'Dataset card', 'Croissant', 'Data Package'];
    const answers: Answers = { 'Which formats?': all, 'Where to?': ['In Another Folder…'] };
    const said = await answering(answers, ['Copy Snippet'], async (soFar) => {
      await run('towns');
      await eventually('the word of the copy', () => soFar.find((each) => each.startsWith('The snippet')));
    });
    assert.match(said.join('\n'), /\nExported towns to choices.else where.towns: 40 rows, 13 files, .*warnings?\.\n/);
    const split = (name: string, ending: string): string[] =>
      ['test', 'train'].map((each) => `${name}/${each}${ending}`);
    assert.deepEqual(await filesIn('else where', 'towns'), [
      ...['README.md', ...split('arrow', '.arrow'), 'croissant.json', ...split('csv', '.csv')],
      ...[...split('data', '.parquet'), 'datapackage.json', 'export.json'],
      ...[...split('json', '.json'), ...split('jsonl', '.jsonl')],
    ]);
    assert.match(await readFile(home.at('else where', 'towns', 'croissant.json'), 'utf8'), /"Towns by the sea\."/);
    const copied = await vscode.env.clipboard.readText();
    assert.match(copied, /pyarrow\.dataset  # no pandas needed\n[^]*"data\/train\.parquet"/);
    // What Croissant asks for and the config does not say: at the dataset, with no other place to go to.
    const missing = vscode.languages.getDiagnostics(home.config).filter((each) => codeOf(each) === 'metadata-missing');
    assert.deepEqual([...new Set(missing.map(({ range }) => range.start.line))], [2]);
    assert.deepEqual(
      missing.flatMap(({ relatedInformation = [] }) => relatedInformation),
      [],
    );
  });

  it('wants a format, and not descriptions alone', async () => {
    const said = await answering({ 'Which formats?': ['Croissant'] }, [], async () => run('towns'));
    assert.deepEqual(said.slice(1), ['Which formats? Croissant', 'Choose at least one format.']);
    const none = await answering({ 'Which splits?': [] }, [], async () => run('towns'));
    assert.deepEqual(none.slice(2), ['Which splits? ', 'Choose at least one.']);
  });

  it('makes a dataset for Hugging Face, and the line that loads it', async () => {
    const answers: Answers = { 'What to make?': ['Hugging Face Dataset'] };
    const said = await answering(answers, ['Copy Snippet'], async (soFar) => {
      await run('towns');
      await eventually('the word of the copy', () => soFar.find((each) => each.startsWith('The snippet')));
    });
    assert.deepEqual(said.slice(0, 3), [
      'What to make? Hugging Face Dataset',
      'Which splits? train, test',
      `Where to? ${path.join('choices', 'exports', 'towns-huggingface')}`,
    ]);
    const files = await filesIn('exports', 'towns-huggingface');
    for (const file of ['README.md', 'croissant.json', 'datapackage.json', 'export.json'])
      assert.ok(files.includes(file), files.join());
    assert.match(
      await readFile(home.at('exports', 'towns-huggingface', 'README.md'), 'utf8'),
      /^---\n[^]*license: cc0/,
    );
    const copied = await vscode.env.clipboard.readText();
    assert.ok(copied.endsWith(`load_dataset(str(Path(${JSON.stringify(home.at('exports', 'towns-huggingface'))})))\n`));
  });

  it('does not ask for the column to predict where the config names it', async () => {
    const said = await answering({}, [], async () => run('towns', 'exportPytorch'));
    assert.deepEqual(
      said.slice(0, -1).map((each) => each.split('?')[0]),
      ['Which splits', 'How is the data kept', 'Where to'],
    );
    const schema = await readFile(home.at('exports', 'towns-pytorch', 'metadata', 'schema.json'), 'utf8');
    assert.match(schema, /"target": ?"coast"/);
  });

  it('says which format failed and why, and makes the others', async () => {
    const answers: Answers = { 'Which formats?': ['Parquet', 'Arrow'] };
    const said = await answering(answers, [], async () => run('gaps'));
    assert.match(
      said.at(-1) ?? '',
      /^Exported gaps to .*: 40 rows, 1 file, .* Arrow was not written: gap holds intervals/,
    );
    assert.deepEqual(await filesIn('exports', 'gaps'), ['data/data.parquet', 'export.json']);
  });

  it('says why where nothing could be made, and leaves nothing', async () => {
    const answers: Answers = { 'Which formats?': ['Arrow'], 'Where to?': ['In Another Folder…'] };
    Object.assign(vscode.window, { showOpenDialog: () => Promise.resolve([home.file('nothing here')]) });
    const said = await answering(answers, [], async () => run('gaps'));
    assert.match(said.at(-1) ?? '', /^gap holds intervals, which Arrow output cannot keep\./);
    assert.equal(existsSync(home.at('nothing here')), false);
  });

  it('leaves nothing of a first export that is cancelled', async () => {
    Object.assign(vscode.window, { showOpenDialog: () => Promise.resolve([home.file('cancelled')]) });
    const said = await cancelling(() =>
      answering({ 'Where to?': ['In Another Folder…'] }, [], async () => run('towns')),
    );
    assert.equal(said.at(-1), 'Where to? In Another Folder…');
    assert.equal(existsSync(home.at('cancelled')), false);
  });

  it("replaces an export when it may, and leaves others' files in its folder", async () => {
    await write(home.file('exports', 'towns', 'own.txt'), 'mine');
    const said = await answering({}, ['Replace'], async () => run('towns'));
    assert.match(said.join('\n'), /exists already\.\nExported towns/);
    assert.deepEqual(await filesIn('exports', 'towns'), [
      'data/test.parquet',
      'data/train.parquet',
      'export.json',
      'own.txt',
    ]);
  });

  it('asks whether to build again what has changed, and exports what was built where that is wanted', async () => {
    const { store } = await extension();
    await write(home.file('towns.csv'), 'name,people,id,coast\na town,1,1,1\n');
    await eventually('the dataset to be stale', async () => {
      await store.refresh();
      return (store.find(home.config, 'towns')?.staleBecause.length ?? 0) > 0 ? true : undefined;
    });
    const left = await answering({}, [], async () => run('towns'));
    assert.deepEqual(left, ['towns has changed since it was built.']);
    const said = await answering({}, ['Export As It Is', 'Replace'], async () => run('towns'));
    assert.match(said.at(-1) ?? '', /^Exported towns to .*: 40 rows/);
  });

  describe('without a Python', () => {
    const { PATH } = process.env;
    afterEach(() => {
      process.env['PATH'] = PATH;
    });

    it('says what is missing when the example is to run', async () => {
      const answers: Answers = { 'What to make?': ['PyTorch Package'] };
      const pressed = ['Export As It Is', 'Replace', 'Run Example in Terminal'];
      const said = await answering(answers, pressed, async (soFar) => {
        // The engine runs already, and needs none.
        process.env['PATH'] = home.at();
        await run('towns');
        await eventually('the word', () => soFar.find((each) => each.startsWith('No Python was found.')));
      });
      assert.match(
        said.at(-1) ?? '',
        /PyTorch and pyarrow.*"Python: Select Interpreter"; then run examples\/train\.py\.$/,
      );
      assert.deepEqual(vscode.tasks.taskExecutions, []);
    });
  });
});
