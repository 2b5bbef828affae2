/** A report that is open while the world around it changes. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { openWorkbench, type Workbench } from '../host/workbench';
import { repository } from '../host/workspace';

describe('an open build report', function () {
  this.timeout(120_000);
  let workbench: Workbench;
  let page: Frame;
  let config: string;

  before(async () => {
    workbench = await openWorkbench({
      workspace: path.join(repository, 'test', 'vscode', 'workspace'),
      theme: 'Default Dark Modern',
    });
    config = path.join(workbench.folder!, '.mldata.yaml');
    await workbench.command('ML Data: Build All Datasets');
    await workbench.page.locator('.notification-toast').getByRole('button', { name: 'Show Report' }).click();
    page = await workbench.webview();
    await page.getByText('12 rows in 3 files, no warnings.').waitFor();
  });
  after(async () => workbench.close());

  it('keeps the keyboard where it is and the table open, when it is built again', async () => {
    await page.getByText('Show as table').click();
    await page.locator('details[open]').waitFor();
    const again = page.getByRole('button', { name: 'Build Again' });
    await again.focus();
    await page.evaluate(
      `window.header = document.querySelector('header'); window.chart = document.querySelector('.chart svg')`,
    );
    await again.press('Enter');
    await workbench.page.locator('.notification-toast').filter({ hasText: 'Built people' }).waitFor();
    await page.getByText('12 rows in 3 files, no warnings.').waitFor();
    const kept = await page.evaluate(`({
      drawnAgain: window.header !== document.querySelector('header'),
      focused: document.activeElement.textContent,
      open: document.querySelector('details').open,
      chart: window.chart === document.querySelector('.chart svg'),
    })`);
    assert.deepEqual(kept, { drawnAgain: true, focused: 'Build Again', open: true, chart: true });
  });

  it('says when the data changed, and why it thinks so', async () => {
    const data = path.join(workbench.folder!, 'raw', 'people.csv');
    const text = await readFile(data, 'utf8');
    await writeFile(data, text.replace('Ada,36', 'Ada,old').replace('2,Alan', 'two,Alan'));
    await page.getByText('This build is out of date. raw/people.csv changed its size.').waitFor();
    assert.equal(await page.locator('.outcome').innerText(), 'Stale');
    await workbench.screenshot('report-stale');
  });

  it('says in a sentence that a build failed, what is still there, and lists every problem once', async () => {
    await page.getByRole('button', { name: 'Build Again' }).click();
    await page.getByText('The files of the build before (just now) are still in place.').waitFor();
    assert.equal(await page.locator('.verdict').innerText(), '2 rows do not fit the schema.');
    const findings = await page.locator('.findings .body > p:first-child').allInnerTexts();
    assert.match(findings.join('\n'), /^1 value of age.*\n1 value of id/);
    await workbench.screenshot('report-failed');
  });

  it('says when its dataset is gone, and leads to the configuration', async () => {
    await writeFile(config, (await readFile(config, 'utf8')).replace('  people:', '  persons:'));
    await page.getByText('This dataset is no longer in the configuration.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Build' }).count(), 0);
    await workbench.screenshot('report-gone');
    await page.getByRole('button', { name: 'Open YAML' }).click();
    await workbench.page.locator('.tab.active').filter({ hasText: '.mldata.yaml' }).waitFor();
  });
});
