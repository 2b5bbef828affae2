import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expandRow } from '../host/pointer';
import { openWorkbench, type Workbench } from '../host/workbench';
import { repository } from '../host/workspace';

describe('building from the palette', function () {
  this.timeout(180_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ workspace: path.join(repository, 'test', 'vscode', 'workspace') });
  });
  after(async () => workbench.close());

  const row = (label: string): Locator =>
    workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: label }).first();
  const expand = async (label: string): Promise<void> => expandRow(row(label));

  it('shows a dataset that was never built, with its declared columns', async () => {
    await workbench.page.locator('.activitybar').getByRole('tab', { name: 'ML Data' }).click();
    await row('people').waitFor();
    assert.match((await row('people').getAttribute('aria-label')) ?? '', /never built/i);
    await expand('people');
    await expand('Columns');
    assert.match(await row('age').innerText(), /integer/);
  });

  it('builds, says what came of it, and shows the artifacts', async () => {
    await workbench.command('ML Data: Build All Datasets');
    await workbench.page.locator('.notification-toast').filter({ hasText: 'Built people: 12 rows, 3 files' }).waitFor();
    await row('people').filter({ hasText: '12 rows · just now' }).waitFor();
    await expand('Splits');
    await expand('Artifacts');
    await row('data/train.parquet').waitFor();
    await row('data/validation.parquet').waitFor();
    await row('data/test.parquet').waitFor();
    await workbench.screenshot('built');
  });

  it('opens the report from the notification', async () => {
    await workbench.page.locator('.notification-toast').getByRole('button', { name: 'Show Report' }).click();
    const page = await workbench.webview();
    await page.getByRole('heading', { name: 'people' }).waitFor();
    await page.getByText('12 rows in 3 files, no warnings.').waitFor();
    await page.locator('.chart svg').waitFor();
    await workbench.screenshot('report');
  });

  it('draws its buttons by the toolkit', async () => {
    const page = await workbench.webview();
    // An expression of the page, whose types this program doesn't know.
    const drawn = await page.evaluate(`[...document.querySelector('.actions').children].map((control) => ({
      tag: control.localName,
      defined: control.matches(':defined'),
      role: control.shadowRoot?.querySelector('button')?.localName,
      name: control.textContent,
    }))`);
    const upgraded = { tag: 'vscode-button', defined: true, role: 'button' };
    assert.deepEqual(drawn, [
      { ...upgraded, name: 'Build Again' },
      { ...upgraded, name: 'Open Manifest' },
      { ...upgraded, name: 'Open YAML' },
    ]);
  });

  it('says of a build that it is up to date, rebuilds it, and shows its folder from the notification', async () => {
    await workbench.command('ML Data: Build Dataset');
    const skipped = workbench.page.locator('.notification-toast').filter({ hasText: 'people is up to date' });
    await skipped.getByRole('button', { name: 'Rebuild' }).click();
    const toast = workbench.page.locator('.notification-toast').filter({ hasText: 'Built people' });
    await toast.getByRole('button', { name: 'Open Folder' }).click();
    const file = workbench.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: 'manifest.yaml' });
    await file.waitFor();
    assert.match((await file.getAttribute('class')) ?? '', /focused|selected/);
    await workbench.page.locator('.tab').filter({ hasText: 'people: Build Report' }).click();
  });

  it('shows the report again after the window was loaded anew', async () => {
    await workbench.reload();
    await workbench.page.locator('.tab.active').filter({ hasText: 'people: Build Report' }).waitFor();
    const page = await workbench.webview();
    await page.getByText('12 rows in 3 files, no warnings.').waitFor();
    await page.getByRole('button', { name: 'Open Manifest' }).click();
    await workbench.page.locator('.tab.active').filter({ hasText: 'manifest.yaml' }).waitFor();
  });

  it('says what a file says without making links of it', async () => {
    const config = path.join(workbench.folder!, '.mldata.yaml');
    const column = '[Repair](command:workbench.action.files.newUntitledFile)';
    const text = await readFile(config, 'utf8');
    await writeFile(
      config,
      text.replace('age: { type: integer, minimum: 0 }', `'${column}': { type: integer, required: true }`),
    );
    await workbench.command('ML Data: Build All Datasets');
    const toast = workbench.page.locator('.notification-toast').filter({ hasText: 'people was not built' });
    await toast.waitFor();
    assert.match(await toast.innerText(), /\[Repair\] \(command:workbench/);
    assert.equal(await toast.locator('.notification-list-item-message a').count(), 0);
    await workbench.screenshot('no-link');
    await toast.getByRole('button', { name: 'Show Output' }).waitFor();
    await writeFile(config, text);
  });

  it('leads to the error of a configuration that is in no editor', async () => {
    await workbench.command('View: Close All Editors');
    const config = path.join(workbench.folder!, '.mldata.yaml');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace('type: string', 'type: strin'));
    await workbench.command('ML Data: Build All Datasets');
    const toast = workbench.page.locator('.notification-toast').filter({ hasText: 'has an error. Nothing was built.' });
    await toast.getByRole('button', { name: 'Open Configuration' }).click();
    await workbench.page.locator('.tab.active').filter({ hasText: '.mldata.yaml' }).waitFor();
    await workbench.page.locator('.statusbar').getByText('Ln 9, Col').waitFor();
  });
});
