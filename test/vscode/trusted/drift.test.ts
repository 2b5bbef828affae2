/** Comparing in a real VS Code: what the commands open, and thresholds that are written into the config. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { saveThresholds } from '../../../src/extension/commands/saveThresholds';
import type { DriftRequest } from '../../../src/protocol';
import { eventually, extension, folder, makeFolder, problems, write } from '../support/extension';

const config = `version: 1 # the only one
datasets:
  orders:
    source: now.csv
    drift:
      baseline: before.csv # last year
      thresholds: { psi: [0.1, 0.2, 0.3] } # as agreed
`;

const rows = (price: number): string =>
  ['id,price', ...Array.from({ length: 40 }, (_, at) => `${at},${price + (at % 7)}`), ''].join('\n');

describe('drift', () => {
  let shop: vscode.Uri;
  const at = (name: string) => vscode.Uri.joinPath(shop, name);
  const tab = (label: string) =>
    eventually(
      `the tab ${label}`,
      () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find((each) => each.label === label),
      30_000,
    );
  before(async () => {
    const { store } = await extension();
    shop = vscode.Uri.joinPath(folder(), 'drift-shop');
    await makeFolder(shop);
    await write(at('before.csv'), rows(1));
    await write(at('now.csv'), rows(90));
    await write(at('.mldata.yaml'), config);
    await store.refresh();
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(shop, { recursive: true });
  });

  /** What the engine is asked to compare while something is done, once it has answered. */
  async function comparedDuring(work: () => Promise<unknown>): Promise<DriftRequest> {
    const { engine } = await extension();
    const drift = engine.drift.bind(engine);
    try {
      return await new Promise<DriftRequest>((resolve, reject) => {
        engine.drift = async (request, ...rest) => {
          const made = drift(request, ...rest);
          made.then(() => resolve(request), reject);
          return made;
        };
        work().catch(reject);
      });
    } finally {
      engine.drift = drift;
    }
  }

  it('is shown of a dataset, held against what its config says', async () => {
    const argument = { config: at('.mldata.yaml'), name: 'orders', baseline: '' };
    const { current, baseline } = await comparedDuring(async () =>
      vscode.commands.executeCommand('mldata.showDrift', argument),
    );
    assert.deepEqual([current, baseline], ['orders', undefined]);
    await tab('orders: Drift');
  });

  it('is a problem on its line until the config names another baseline', async () => {
    const told = () => problems(at('.mldata.yaml')).filter((each) => each.endsWith('drift-column'));
    await eventually('the problem', () => told()[0]);
    await write(at('.mldata.yaml'), config.replace('before.csv', 'now.csv'));
    await eventually('no problem', () => (told().length === 0 ? true : undefined));
    await write(at('.mldata.yaml'), config);
    await eventually('the problem of before', () => told()[0]);
  });

  it('is shown of two files: the one that was chosen first is the baseline', async () => {
    const files = [at('now.csv'), at('before.csv')];
    const { current, baseline } = await comparedDuring(async () =>
      vscode.commands.executeCommand('mldata.compareForDrift', files[1], files),
    );
    assert.match(current, /drift-shop.before\.csv$/);
    assert.equal(baseline, at('now.csv').fsPath);
    await tab('before.csv against now.csv: Drift');
  });

  it('keeps comments when thresholds are saved, and the edit can be undone', async () => {
    const document = await vscode.workspace.openTextDocument(at('.mldata.yaml'));
    await vscode.window.showTextDocument(document);
    await saveThresholds(at('.mldata.yaml'), 'orders', {
      measures: { psi: [0.2, 0.4, 0.6] },
      columns: { price: { method: 'ks', thresholds: [0.05, 0.01, 0.001] } },
      share: 0.25,
    });
    assert.equal(document.isDirty, false);
    const text = document.getText();
    for (const kept of ['# the only one', 'baseline: before.csv # last year', '# as agreed'])
      assert.ok(text.includes(kept));
    assert.match(text, /psi: \[0\.2, 0\.4, 0\.6\]/);
    assert.match(text, /price:\s+method: ks\s+thresholds: \[0\.05, 0\.01, 0\.001\]/);
    assert.match(text, /share: 0\.25/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), config);
  });

  it('leaves an edit of thresholds to be saved with what else was changed', async () => {
    const document = await vscode.workspace.openTextDocument(at('.mldata.yaml'));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# mine\n'));
    await saveThresholds(at('.mldata.yaml'), 'orders', { measures: {}, columns: {}, share: 0.1 });
    assert.equal(document.isDirty, true);
    assert.match(document.getText(), /^# mine\n[^]*share: 0\.1/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('refuses thresholds that the config would not take, and leaves it as it is', async () => {
    const document = await vscode.workspace.openTextDocument(at('.mldata.yaml'));
    const before = document.getText();
    await assert.rejects(
      saveThresholds(at('.mldata.yaml'), 'orders', { measures: { psi: [0.5, 0.2, 0.1] }, columns: {} }),
      /do not rise/,
    );
    assert.equal(document.getText(), before);
  });
});
