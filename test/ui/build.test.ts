import assert from 'node:assert/strict';
import path from 'node:path';
import type { Locator } from 'playwright-core';
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
  const expand = async (label: string): Promise<void> => {
    await row(label).waitFor();
    if ((await row(label).getAttribute('aria-expanded')) === 'false')
      await row(label).locator('.monaco-tl-twistie').click();
  };

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
    assert.match(await row('people').innerText(), /12 rows · just now/);
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

  it('shows the report again after the window was loaded anew', async () => {
    await workbench.reload();
    await workbench.page.locator('.tab.active').filter({ hasText: 'people: Build Report' }).waitFor();
    const page = await workbench.webview();
    await page.getByText('12 rows in 3 files, no warnings.').waitFor();
    await page.getByRole('button', { name: 'Open Manifest' }).click();
    await workbench.page.locator('.tab.active').filter({ hasText: 'manifest.yaml' }).waitFor();
  });
});
