import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ConfigTexts } from '../../../src/extension/language/configTexts';
import { roleRanges } from '../../../src/extension/language/roleDecorations';
import { eventually, extension, folder, problems, write } from '../support/extension';

const home = vscode.Uri.joinPath(folder(), 'language');
const config = vscode.Uri.joinPath(home, '.mldata.yaml');

const text = `version: 1
datasets:
  # who was there
  people:
    source: raw/people.csv
    schema:
      columns:
        id: { type: integer, role: id }
        sex: { type: string, role: target, enum: [f, m] } # as written
        age: { type: number, maximum: 70 }
      primaryKey: id
    transforms:
      - filter: { expression: age > 3 }
      - drop: { columns: [age] }
    split: { train: 0.5, test: 0.5, stratify: sex, seed: 1 }
    output: { path: out/people }
  copies:
    source: dataset://people/train
    output: { path: out/copies }
`;

const people = `id,sex,age\n${['m', 'm', 'f', 'm', 'f', 'x', 'm', 'f'].map((sex, index) => `${index},${sex},${10 * (index + 1)}`).join('\n')}\n`;

describe('writing a config', () => {
  let document: vscode.TextDocument;
  const placeOf = (needle: string, within = 0): vscode.Position => {
    const at = document.getText().indexOf(needle);
    assert.ok(at >= 0, needle);
    return document.positionAt(at + within);
  };
  const type = async (changed: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), changed);
    await vscode.workspace.applyEdit(edit);
  };
  const execute = <T>(command: string, ...args: unknown[]): Thenable<T> =>
    vscode.commands.executeCommand<T>(`vscode.${command}`, document.uri, ...args);
  const offered = async (at: vscode.Position): Promise<string[]> => {
    const { items } = await execute<vscode.CompletionList>('executeCompletionItemProvider', at);
    return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  };
  const hovered = async (at: vscode.Position): Promise<string> => {
    const hovers = await execute<vscode.Hover[]>('executeHoverProvider', at);
    return hovers
      .flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value))
      .join('\n')
      .replaceAll('&nbsp;', ' ');
  };
  const fixes = async (at: vscode.Position, kind = vscode.CodeActionKind.QuickFix): Promise<vscode.CodeAction[]> =>
    execute<vscode.CodeAction[]>('executeCodeActionProvider', new vscode.Range(at, at), kind.value);

  before(async () => {
    const { store } = await extension();
    await write(vscode.Uri.joinPath(home, 'raw', 'people.csv'), people);
    await write(vscode.Uri.joinPath(home, 'raw', 'more.csv'), people);
    await write(config, text);
    document = await vscode.workspace.openTextDocument(config);
    await vscode.window.showTextDocument(document);
    await eventually('the dataset', () => store.find(config, 'people'));
  });
  afterEach(() => type(text));
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(home, { recursive: true });
  });

  it('offers keys, columns of the data, values and files', async () => {
    assert.ok((await offered(placeOf('    split:'))).length > 0);
    const cases: [from: string, to: string, at: string, expected: string][] = [
      ['output: { path: out/people }', 'pro', 'pro', 'profile'],
      ['columns: [age]', 'columns: [age, ]', ', ]', 'sex'],
      ['expression: age > 3', 'expression: age > ', 'age > ', 'id'],
      ['source: raw/people.csv', 'source: raw/', 'raw/', 'raw/more.csv'],
    ];
    for (const [from, to, at, expected] of cases) {
      await type(text.replace(from, to));
      const labels = await offered(placeOf(at, at === ', ]' ? 2 : at.length));
      assert.ok(labels.includes(expected), `${expected} is not among ${labels.join(', ')}`);
      await type(text);
    }
    // What the data holds is known a moment after the file is opened.
    await type(text.replace('[f, m]', '[f, m, ]'));
    await eventually('the value of the data', async () =>
      (await offered(placeOf('[f, m, ]', '[f, m, '.length))).includes('x') ? true : undefined,
    );
  });

  it('explains keys, and shows what a column holds, with ways to its profile and its rows', async () => {
    assert.match(await hovered(placeOf('stratify')), /Keep the shares/);
    const column = await eventually('what the data holds', async () => {
      const shown = await hovered(placeOf('sex: {'));
      return shown.includes('rows of the source') ? shown : undefined;
    });
    assert.match(column, /Distinct \| 3/);
    assert.match(column, /`[▁-█]+`/u);
    const [, argument = ''] = /command:mldata\.showProfile\?([^)]+)\)/.exec(column) ?? [];
    const [ref] = JSON.parse(decodeURIComponent(argument)) as [{ name: string; config: { path: string } }];
    assert.deepEqual([ref.name, ref.config.path], ['people', config.path]);
  });

  it('shows the figures of a profile that was made', async () => {
    await vscode.commands.executeCommand('mldata.showProfile', { config, name: 'people' });
    await eventually('the profile', async () =>
      (await hovered(placeOf('age: {'))).includes('From the profile of') ? true : undefined,
    );
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.window.showTextDocument(document);
  });

  it('has an outline and folds', async () => {
    const symbols = await execute<vscode.DocumentSymbol[]>('executeDocumentSymbolProvider');
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['version', 'people', 'copies'],
    );
    const schema = symbols[1]?.children.find(({ name }) => name === 'schema');
    assert.deepEqual(
      schema?.children.map(({ name, detail }) => `${name} ${detail}`),
      ['id integer · id', 'sex string · target', 'age number'],
    );
    const folds = await execute<vscode.FoldingRange[]>('executeFoldingRangeProvider');
    assert.ok(
      folds.some(({ start, end }) => start === 3 && end === 15),
      JSON.stringify(folds),
    );
  });

  it('goes from a path to its file, from a dataset and a column to where they are declared', async () => {
    const target = async (needle: string, within = 0): Promise<string[]> => {
      const links = await execute<(vscode.LocationLink | vscode.Location)[]>(
        'executeDefinitionProvider',
        placeOf(needle, within),
      );
      return links
        .map((link) =>
          'targetUri' in link ? `${link.targetUri.path.split('/').at(-1)}:${link.targetRange.start.line + 1}` : '',
        )
        .sort();
    };
    assert.deepEqual(await target('raw/people'), ['people.csv:1']);
    assert.deepEqual(await target('dataset://people', 3), ['.mldata.yaml:4']);
    assert.deepEqual(await target('[age]', 1), ['.mldata.yaml:10']);
    await type(text.replace('raw/people.csv', 'raw/*.csv'));
    assert.deepEqual(await target('raw/*'), ['more.csv:1', 'people.csv:1']);
  });

  it('finds and renames a column everywhere, and keeps the rest as it is', async () => {
    const references = await execute<vscode.Location[]>('executeReferenceProvider', placeOf('age: {'));
    assert.deepEqual(
      references.map(({ range }) => range.start.line + 1),
      [10, 13, 14],
    );
    const edit = await execute<vscode.WorkspaceEdit>(
      'executeDocumentRenameProvider',
      placeOf('stratify: sex', 10),
      'gender',
    );
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), text.replace('sex: {', 'gender: {').replace('stratify: sex', 'stratify: gender'));
    await type(text);
    await assert.rejects(
      async () => execute('executeDocumentRenameProvider', placeOf('[age]', 1), 'sex'),
      /There already is a column sex/,
    );
  });

  it('mends a typing error, and all that is beyond doubt', async () => {
    await type(text.replace('split:', 'spilt:'));
    await eventually('the problem', () => problems(config).find((each) => each.endsWith('unknown-key')));
    const [fix] = await fixes(placeOf('spilt'));
    assert.equal(fix?.title, 'Change spilt to split');
    assert.equal(fix.isPreferred, true);
    assert.ok(fix.edit);
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.getText(), text);
    await type(text.replace('primaryKey', 'primary_key').replace('version: 1', 'version: "1"'));
    const [all] = await fixes(new vscode.Position(0, 0), vscode.CodeActionKind.SourceFixAll);
    assert.ok(all?.edit);
    await vscode.workspace.applyEdit(all.edit);
    assert.equal(document.getText(), text);
  });

  it('mends what the data contradicts', async () => {
    const [allow] = await eventually('the fix', async () => {
      const found = await fixes(placeOf('enum:'));
      return found.length > 0 ? found : undefined;
    });
    assert.equal(allow?.title, 'Add x to enum');
    assert.ok(allow.edit);
    await vscode.workspace.applyEdit(allow.edit);
    assert.equal(document.getText(), text.replace('[f, m]', '[f, m, x]'));
    const [widen] = await fixes(placeOf('maximum'));
    assert.equal(widen?.title, 'Set maximum to 80, as far as the data goes');
  });

  it('offers above each dataset what can be done with it, and above a step its preview', async () => {
    const lenses = await execute<vscode.CodeLens[]>('executeCodeLensProvider', 100);
    const drawn = lenses.map(({ range, command }) => `${range.start.line + 1} ${command?.title}`);
    assert.deepEqual(
      drawn.filter((each) => each.startsWith('4 ')),
      ['4 Build', '4 Validate', '4 Profile', '4 never built'],
    );
    assert.deepEqual(
      drawn.filter((each) => each.includes('Preview')),
      ['13 Preview', '14 Preview'],
    );
    const known = await vscode.commands.getCommands(true);
    assert.deepEqual(
      lenses.flatMap(({ command }) => (command?.command ? [command.command] : [])).filter((id) => !known.includes(id)),
      [],
    );
  });

  it('marks targets and identifiers wherever they are named', () => {
    const ranges = roleRanges(document, new ConfigTexts());
    const drawn = (marked: readonly vscode.Range[]): string[] =>
      marked.map((range) => `${range.start.line + 1} ${document.getText(range)}`);
    assert.deepEqual(drawn(ranges.target), ['9 sex', '15 sex']);
    assert.deepEqual(drawn(ranges.id), ['8 id', '11 id']);
  });
});
