import assert from 'node:assert/strict';
import { truncate, utimes } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension/main';
import type { Dataset } from '../../../src/extension/datasets/model';
import { describeDataset, statusSentence } from '../../../src/extension/views/words';
import { eventually, extension, folder, makeFolder } from '../support/extension';

const config = `version: 1
datasets:
  towns:
    source: raw/*.csv
    output: { formats: [csv], path: built }
`;
const rows = 'name\nOslo\n';
const later = (): Date => new Date(Date.now() + 60_000);

describe('whether a build is out of date', () => {
  let api: ExtensionApi;
  let home: vscode.Uri;
  const uri = (name: string): vscode.Uri => vscode.Uri.joinPath(home, name);
  const write = (name: string, text: string): Thenable<void> =>
    vscode.workspace.fs.writeFile(uri(name), new TextEncoder().encode(text));
  const towns = (): Dataset | undefined => api.store.find(uri('.mldata.yaml'), 'towns');
  const reasons = async (): Promise<readonly string[]> => {
    await vscode.commands.executeCommand('mldata.refresh');
    return towns()?.staleBecause ?? ['not found'];
  };

  before(async () => {
    api = await extension();
    home = vscode.Uri.joinPath(folder(), 'stale');
    await makeFolder(home);
    await makeFolder(uri('raw'));
    await write('raw/a.csv', rows);
    await write('.mldata.yaml', config);
    await vscode.commands.executeCommand('mldata.refresh');
    await vscode.commands.executeCommand('mldata.buildDataset', { config: uri('.mldata.yaml'), name: 'towns' });
    assert.equal(towns()?.status, 'built');
  });
  after(async () => {
    await vscode.workspace.fs.delete(home, { recursive: true });
    await eventually('the dataset to go', () => (towns() === undefined ? true : undefined));
  });
  afterEach(async () => {
    await write('raw/a.csv', rows);
    assert.deepEqual(await reasons(), []);
  });

  it('does not follow from dates, which a fresh clone sets anew', async () => {
    await utimes(uri('raw/a.csv').fsPath, later(), later());
    assert.deepEqual(await reasons(), []);
    assert.deepEqual([towns()?.status, towns()?.unchecked], ['built', []]);
  });

  it('follows from an edit that keeps the size', async () => {
    await write('raw/a.csv', rows.replace('Oslo', 'Rome'));
    assert.deepEqual(await reasons(), ['raw/a.csv changed.']);
    assert.equal(towns()?.status, 'stale');
  });

  it('is seen by itself when a file appears that the source takes, and when it goes again', async () => {
    await write('raw/b.csv', rows);
    await eventually('staleness', () => (towns()?.status === 'stale' ? true : undefined));
    assert.deepEqual(towns()?.staleBecause, ['raw/b.csv is new.']);
    await vscode.workspace.fs.delete(uri('raw/b.csv'));
    await eventually('an up-to-date build', () => (towns()?.status === 'built' ? true : undefined));
  });

  it('has nothing to do with a file that the source does not take', async () => {
    await write('raw/notes.txt', rows);
    assert.deepEqual(await reasons(), []);
  });

  it('names the first differences and counts the rest', async () => {
    const names = ['c', 'd', 'e', 'f', 'g'].map((name) => `raw/${name}.csv`);
    for (const name of names) await write(name, rows);
    assert.deepEqual(await reasons(), [
      'raw/c.csv is new.',
      'raw/d.csv is new.',
      'raw/e.csv is new.',
      '2 more differ.',
    ]);
    for (const name of names) await vscode.workspace.fs.delete(uri(name));
  });

  it('is not known where comparing would take long: that is said, and nothing is claimed', async () => {
    const large = 65 * 2 ** 20;
    const manifest = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri('built/manifest.yaml')));
    await write('built/manifest.yaml', manifest.replace(`bytes: ${rows.length}\n`, `bytes: ${large}\n`));
    await truncate(uri('raw/a.csv').fsPath, large);
    await utimes(uri('raw/a.csv').fsPath, later(), later());
    assert.deepEqual(await reasons(), []);
    const dataset = towns();
    assert.deepEqual(dataset?.unchecked, ['raw/a.csv']);
    assert.match(describeDataset(dataset, new Date()), /^1 row · .* · not compared$/);
    assert.match(statusSentence(dataset), /raw\/a\.csv has the size of before and a later date/);
    await write('built/manifest.yaml', manifest);
  });
});
