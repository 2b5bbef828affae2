/** "Export to PyTorch" as people do it: from the menu of a dataset to an example that trains, with the real PyTorch. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { hoverUntil } from '../host/pointer';
import { trainingPython } from '../host/trainingPython';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, repository, temporaryFolder } from '../host/workspace';

const CONFIG = `version: 1
datasets:
  penguins:
    source: { path: raw/penguins-raw.csv, options: { nullValues: [NA] } }
    split: { train: 0.8, test: 0.2, seed: 1 }
    output: { formats: [parquet] }
`;

describe('exporting', function () {
  this.timeout(300_000);
  let workbench: Workbench;
  let folder: string;
  const searched = process.env['PATH'];
  const shot = (name: string) => workbench.screenshot(`export-${name}`);
  const row = (label: string): Locator =>
    workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: label }).first();
  const toast = (text: string): Locator => workbench.page.locator('.notification-toast').filter({ hasText: text });
  const question = (placeholder: string): Locator =>
    workbench.page.locator('.quick-input-widget').getByPlaceholder(placeholder);
  const rows = (label: string): Locator =>
    workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label });
  /** Questions reuse one input, so that each is waited for by its own words. */
  const take = async (placeholder: string, name?: string): Promise<void> => {
    await question(placeholder).waitFor({ timeout: 60_000 });
    if (name !== undefined) await shot(name);
    await question(placeholder).press('Enter');
  };

  before(async () => {
    folder = await temporaryFolder();
    const workspace = path.join(folder, 'work space');
    await cp(path.join(repository, 'examples', 'penguins', 'raw'), path.join(workspace, 'raw'), { recursive: true });
    await writeFile(path.join(workspace, '.mldata.yaml'), CONFIG);
    const programs = path.join(folder, 'programs');
    await mkdir(programs);
    await symlink(await trainingPython(), path.join(programs, 'python3'));
    process.env['PATH'] = `${programs}${path.delimiter}${searched ?? ''}`;
    // Then the PATH stays as it is, instead of becoming that of a login shell.
    process.env['VSCODE_CLI'] = '1';
    workbench = await openWorkbench({
      workspace,
      // So that what a terminal shows can be read.
      settings: { 'terminal.integrated.gpuAcceleration': 'off' },
      dialogs: true,
      panels: false,
    });
    await workbench.page.locator('.activitybar').getByRole('tab', { name: 'ML Data' }).click();
    await row('penguins').waitFor({ timeout: 60_000 });
  });
  after(async () => {
    await workbench.close();
    process.env['PATH'] = searched;
    delete process.env['VSCODE_CLI'];
    await remove(folder);
  });

  it('starts from the menu of a dataset, and builds it first', async () => {
    await row('penguins').click({ button: 'right' });
    const item = workbench.page.locator('.monaco-menu .action-item').filter({ hasText: 'Export to PyTorch' });
    await item.waitFor();
    await shot('menu');
    await item.click();
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText('penguins has not been built yet.').waitFor({ timeout: 60_000 });
    await shot('build');
    await dialog.getByRole('button', { name: 'Build and Export' }).click();
  });

  it('asks little, and Enter takes what most want', async () => {
    await take('Which splits?', 'splits');
    const target = 'Which column is to be predicted?';
    await question(target).waitFor();
    await question(target).fill('Species');
    await rows('Species').waitFor();
    await take(target, 'target');
    await take('How is the data kept?', 'compression');
    await take('Where to?', 'folder');
    await toast('Exported penguins to ').waitFor({ timeout: 120_000 });
    const buttons = await toast('Exported penguins to ').locator('.monaco-button').allTextContents();
    assert.deepEqual(buttons, ['Open Folder', 'Copy Snippet', 'Run Example in Terminal']);
    await shot('done');
    const made = path.join(workbench.folder!, 'exports', 'penguins-pytorch', 'export.json');
    assert.match(await readFile(made, 'utf8'), /"framework": ?"pytorch"/);
  });

  it('copies the lines that load it, and then runs the example', async () => {
    await toast('Exported penguins to ').getByRole('button', { name: 'Copy Snippet' }).click();
    await toast('The snippet is in the clipboard.').waitFor();
    await shot('copied');
    await toast('The snippet is in the clipboard.').getByRole('button', { name: 'Run Example in Terminal' }).click();
    const terminal = workbench.page.locator('.terminal-wrapper.active .xterm-rows');
    await terminal
      .getByText(/epoch \d+: loss [\d.]+/)
      .first()
      .waitFor({ timeout: 120_000 });
    await terminal
      .getByText(/accuracy/)
      .first()
      .waitFor({ timeout: 60_000 });
    await shot('trained');
  });

  it('asks before it replaces the package', async () => {
    await workbench.command('Notifications: Clear All Notifications');
    await workbench.command('ML Data: Export to PyTorch');
    for (const placeholder of [
      'Which splits?',
      'Which column is to be predicted?',
      'How is the data kept?',
      'Where to?',
    ])
      await take(placeholder);
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText('exports/penguins-pytorch exists already.').waitFor({ timeout: 60_000 });
    await shot('replace');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('offers both where the config is read', async () => {
    await workbench.command('Notifications: Clear All Notifications');
    await workbench.openFile('.mldata.yaml');
    const name = workbench.page.locator('.view-lines').getByText('penguins', { exact: true }).first();
    const hover = workbench.page.locator('.monaco-hover:visible');
    await hoverUntil(name, hover.getByText('Export to PyTorch'));
    await shot('hover');
    await hover.getByText('Copy Loader Snippet').click();
    await toast('The lines that load penguins are in the clipboard.').waitFor();
    await workbench.command('Notifications: Clear All Notifications');
  });

  it('puts the lines that load it into Python files and notebooks', async () => {
    const notebook = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    for (const [file, text] of [
      ['train.py', ''],
      ['look.ipynb', JSON.stringify(notebook)],
    ] as const) {
      await writeFile(path.join(workbench.folder!, file), text);
      await workbench.openFile(file);
      await workbench.command('ML Data: Insert Loader Snippet');
      const lines = workbench.page.locator('.view-lines:visible').filter({ hasText: 'penguins' });
      await lines.getByText('loader').first().waitFor({ timeout: 60_000 });
      await shot(`snippet-${path.extname(file).slice(1)}`);
      await workbench.command('File: Save');
    }
  });

  it("writes files in formats of one's choice", async () => {
    await workbench.command('ML Data: Export…');
    await take('What to make?', 'kind');
    await question('Which formats?').waitFor();
    await rows('CSV').click();
    await shot('formats');
    await take('Which formats?');
    await take('Which splits?');
    await take('Where to?');
    await toast('Exported penguins to ').waitFor({ timeout: 120_000 });
    await shot('files');
    const { formats } = JSON.parse(
      await readFile(path.join(workbench.folder!, 'exports', 'penguins', 'export.json'), 'utf8'),
    ) as { formats: readonly { readonly format: string }[] };
    assert.deepEqual(
      formats.map(({ format }) => format),
      ['parquet', 'csv'],
    );
  });
});
