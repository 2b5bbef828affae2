import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension/main';
import { codeOf, drawTree, eventually, extension, folder, makeFolder } from '../support/extension';

const config = `version: 1
datasets:
  cities:
    source: cities.csv
    output: { formats: [csv], path: built }
`;
const hash = { sha256: 'a'.repeat(64), md5: 'b'.repeat(32) };
const manifest = {
  kind: 'mldata/manifest',
  version: 1,
  createdAt: new Date(Date.now() - 3 * 3_600_000).toISOString(),
  tool: { name: 'mldata', version: '0.1.0' },
  engine: { duckdb: 'v1', node: 'v20', platform: 'any' },
  dataset: 'cities',
  rows: 1200,
  config: {
    name: 'cities',
    source: [{ path: 'cities.csv', options: {} }],
    schema: { columns: {}, primaryKey: [], extraColumns: 'error', onError: 'fail' },
    output: { formats: [{ format: 'csv', compression: { codec: 'none' } }], path: 'built' },
  },
  inputs: [{ path: 'cities.csv', bytes: 9, sha256: hash.sha256, format: 'csv', rows: 1200, rejected: 0 }],
  columns: [
    { name: 'name', type: 'string', physicalType: 'VARCHAR' },
    { name: 'population', type: 'integer', physicalType: 'BIGINT', role: 'target' },
  ],
  splits: [
    { name: 'train', rows: 1000 },
    { name: 'test', rows: 200 },
  ],
  artifacts: [
    { path: 'data/train.csv', bytes: 2048, ...hash, kind: 'data', format: 'csv', split: 'train', rows: 1000 },
    { path: 'reports/rejected.parquet', bytes: 300, ...hash, kind: 'report', format: 'parquet', rows: 2 },
  ],
  findings: [
    {
      code: 'cast-failed',
      severity: 'warning',
      message: '2 values of population cannot be read.',
      dataset: 'cities',
      column: 'population',
      locations: [{ file: 'cities.csv', row: 3, line: 4, text: 'many' }],
      configPath: ['datasets', 'cities', 'source'],
    },
  ],
};

describe('the Datasets view', () => {
  let api: ExtensionApi;
  let home: vscode.Uri;
  const write = (name: string, text: string): Thenable<void> =>
    vscode.workspace.fs.writeFile(vscode.Uri.joinPath(home, name), new TextEncoder().encode(text));
  const lines = (): string[] => {
    const all = drawTree(api);
    const start = all.findIndex((line) => line.startsWith('sub/'));
    return start < 0 ? [] : all.slice(start + 1);
  };
  const first = (pattern: RegExp) =>
    eventually(`${pattern.source} in ${lines().join('; ')}`, () => lines().find((line) => pattern.test(line)));

  before(async () => {
    api = await extension();
    home = vscode.Uri.joinPath(folder(), 'sub');
    await makeFolder(home);
  });
  after(async () => {
    await vscode.workspace.fs.delete(home, { recursive: true });
    await eventually('the config to go', () => (lines().length === 0 ? true : undefined));
  });

  it('finds a config that appears, by itself', async () => {
    await write('cities.csv', 'name\nOslo');
    await write('.mldata.yaml', config);
    await first(/cities \| never built/);
  });

  it('finds a config in a folder that is moved here, which is one event', async () => {
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'mldata-'));
    await writeFile(path.join(elsewhere, '.mldata.yaml'), config);
    const here = vscode.Uri.joinPath(folder(), 'moved');
    const isFound = (): boolean => api.store.configs.some(({ uri }) => uri.path.startsWith(`${here.path}/`));
    await rename(elsewhere, here.fsPath);
    await eventually('the config that came', () => isFound() || undefined);
    await rename(here.fsPath, elsewhere);
    await eventually('the config to go', () => !isFound() || undefined);
    await rm(elsewhere, { recursive: true });
  });

  it('shows columns, splits, artifacts and reports of a manifest, and that its config changed', async () => {
    await write('built/manifest.yaml', JSON.stringify(manifest));
    await first(/cities \| 1,200 rows · 3 h ago · stale/);
    assert.deepEqual(lines().slice(1), [
      '    Columns | 2',
      '      name | string',
      '      population | integer · target',
      '    Splits | 2',
      '      train | 1,000 rows · 83.3 %',
      '      test | 200 rows · 16.7 %',
      '    Artifacts | 1',
      '      data/train.csv | 2 KiB',
      '    Reports | 1',
      '      reports/rejected.parquet | 300 B',
    ]);
    assert.deepEqual(api.store.find(vscode.Uri.joinPath(home, '.mldata.yaml'), 'cities')?.staleBecause, [
      'The configuration changed.',
    ]);
  });

  it('lists what the build found in the Problems panel, with the way to the data', () => {
    const [problem] = vscode.languages.getDiagnostics(vscode.Uri.joinPath(home, '.mldata.yaml'));
    assert.deepEqual(
      [problem && codeOf(problem), problem?.severity],
      ['cast-failed', vscode.DiagnosticSeverity.Warning],
    );
    assert.equal(problem?.range.start.line, 3);
    const [place] = problem.relatedInformation ?? [];
    assert.equal(place?.location.uri.path, vscode.Uri.joinPath(home, 'cities.csv').path);
    assert.equal(place.location.range.start.line, 3);
    assert.equal(place.message, 'row 3: many');
  });

  it('opens the line of the config that a column is declared on', async () => {
    const dataset = api.store.find(vscode.Uri.joinPath(folder(), '.mldata.yaml'), 'people');
    assert.ok(dataset);
    const item = api.tree.getTreeItem({ kind: 'column', dataset, column: { name: 'age', type: 'integer' } });
    await vscode.commands.executeCommand(
      item.command?.command ?? '',
      ...((item.command?.arguments ?? []) as unknown[]),
    );
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.getText(editor.selection), 'age');
  });

  it('says so when the manifest cannot be read', async () => {
    await write('built/manifest.yaml', 'kind: something else');
    await first(/cities \| never built/);
    const dataset = api.store.find(vscode.Uri.joinPath(home, '.mldata.yaml'), 'cities');
    assert.match(dataset?.manifestProblem ?? '', /not one this version reads/);
  });

  it('keeps a dataset with errors in sight', async () => {
    await write('.mldata.yaml', config.replace('formats: [csv]', 'formats: [xml]'));
    await first(/cities \| errors in the configuration/);
  });
});
