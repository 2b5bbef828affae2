/** The validation as people see it: in each kind of theme, with the keyboard, and after a reload. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { axeViolations } from '../host/axe';
import { Database, literal } from '../../src/engine/duckdb';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, temporaryFolder } from '../host/workspace';
import { exportReport, policyViolations } from './reportPage';
import { inName, showIn, themes } from './themes';

const hostile = '<img src=x onerror=alert(1)>';

const config = [
  'version: 1',
  'datasets:',
  '  people:',
  '    source: raw/people.csv',
  '    schema:',
  '      columns:',
  '        id: { type: integer, required: true }',
  '        age: { type: integer, minimum: 0, maximum: 120 }',
  '        town: { type: string }',
  '        group: { type: string, role: target }',
  '    checks:',
  '      missing: { warn: 1%, error: 30% }',
  '      duplicates: { error: 0 }',
  '    gates: { maxErrors: 0, coverage: 50% }',
  '',
];

/** A folder with one dataset: a value out of bounds, and two rows there twice. */
async function workspaceWithData(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'raw'), { recursive: true });
  const rows = Array.from({ length: 400 }, (_, at) => {
    const town = at % 5 === 0 ? '' : (['Oslo', 'Bergen', hostile][at % 3] ?? '');
    return [at + 1, at === 8 ? -5 : (at * 37) % 90, town, 'abcd'[at % 4]].join(',');
  });
  await writeFile(
    path.join(folder, 'raw', 'people.csv'),
    ['id,age,town,group', ...rows, rows[0], rows[1], ''].join('\n'),
  );
  await writeFile(path.join(folder, '.mldata.yaml'), config.join('\n'));
  const database = await Database.open({ threads: 1, memoryLimit: '1GB', spillFolder: path.join(folder, 'spill') });
  const file = literal(path.join(folder, 'raw', 'twice.parquet'));
  await database.run(`COPY (SELECT i % 300 AS a FROM range(301) AS t(i)) TO ${file} (FORMAT parquet)`);
  database.close();
  return folder;
}

describe('the validation', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let page: Frame;
  let folder: string;
  let violations: readonly string[];
  const shot = (name: string) => workbench.screenshot(`validation-${name}`);
  const tab = (name: string) => workbench.page.locator('.tab').filter({ hasText: name });
  const toPanel = async (): Promise<Frame> => {
    await tab('people: Validation').click();
    page = await workbench.webview();
    await page.locator('.found tbody tr').first().waitFor();
    return page;
  };

  before(async () => {
    folder = await workspaceWithData();
    workbench = await openWorkbench({ workspace: folder, theme: 'Default Dark Modern' });
    violations = policyViolations(workbench);
    await workbench.command('ML Data: Validate Dataset');
    page = await workbench.webview();
    await page.locator('.found tbody tr').first().waitFor({ timeout: 60_000 });
    await page.locator('.notice.working').waitFor({ state: 'detached' });
  });
  after(async () => {
    await workbench.close();
    await remove(folder);
  });

  it('gives the verdict, each check and gate, and the findings, worst first', async () => {
    await page.getByRole('heading', { name: 'people' }).waitFor();
    assert.match(await page.locator('.outcome').innerText(), /Failed/);
    assert.match(await page.locator('.verdict').innerText(), /checks failed: schema, duplicates\..*maxErrors/);
    const checks = await page.getByRole('table', { name: 'Checks' }).locator('tbody tr').allInnerTexts();
    assert.match(checks.join('\n'), /Failed\s+schema\s+1[^]*Passed\s+missing\s+0\s+1[^]*Skipped\s+files/);
    const gates = await page.getByRole('table', { name: 'Gates' }).locator('tbody tr').allInnerTexts();
    assert.match(gates.join('\n'), /Failed\s+maxErrors\s+at most 0\s+2[^]*Passed\s+coverage\s+at least 50 %/);
    const severities = await page.locator('.found .severity').allInnerTexts();
    assert.deepEqual([...new Set(severities.map((text) => text.trim()))], ['Error', 'Warning', 'Note']);
    await shot('top');
    await page.locator('.findings-section').scrollIntoViewIfNeeded();
    await shot('findings');
  });

  for (const theme of themes) {
    it(`has nothing that axe objects to in ${theme}, and keeps to the strict policy`, async () => {
      await showIn(theme, workbench, page);
      assert.deepEqual(await axeViolations(page), []);
      assert.deepEqual(violations, []);
      await shot(inName(theme));
    });
  }

  it('shows text of the data as text', async () => {
    assert.equal(await page.locator('img').count(), 0);
  });

  it('finds and sorts with the keyboard alone', async () => {
    await page.locator('body').press('/');
    await page.locator('.search').pressSequentially('age');
    await page.getByText(/^\d of \d findings$/).waitFor();
    await page.locator('.search').press('Escape');
    assert.equal(await page.locator('.search').inputValue(), '');
    const sorter = page.getByRole('button', { name: 'Count', exact: true });
    await sorter.focus();
    await sorter.press('Enter');
    assert.equal(await page.locator('th[aria-sort=descending]').innerText(), 'Count');
    assert.equal(await page.evaluate(`document.activeElement.getAttribute('data-key')`), 'sort/count');
    assert.match(await page.locator('.found tbody tr').first().innerText(), /missing/);
    await page.getByRole('button', { name: 'Severity', exact: true }).click();
    await page.getByRole('button', { name: 'Error 2' }).click();
    assert.equal(await page.locator('.found tbody tr').count(), 2);
    await page.getByRole('button', { name: 'Error 2' }).click();
  });

  it('leads to the line of the configuration, and to the row in the data', async () => {
    await page.getByRole('button', { name: 'constraint-minimum' }).click();
    await workbench.page.locator('.tab.active').filter({ hasText: '.mldata.yaml' }).waitFor();
    await workbench.page.locator('.statusbar').getByText('Ln 8').waitFor();
    await toPanel();
    await page.getByRole('button', { name: 'raw/people.csv:10' }).first().click();
    await workbench.page.locator('.tab.active').filter({ hasText: 'people.csv' }).waitFor();
    await workbench.page.locator('.statusbar').getByText('Ln 10').waitFor();
  });

  it('puts its findings among the problems, with ways to the data', async () => {
    await workbench.command('Problems: Focus on Problems View');
    const problems = workbench.page.locator('.markers-panel');
    await problems.getByText('duplicate-rows').first().waitFor();
    assert.equal(await problems.getByText('constraint-minimum').count(), 1);
    await workbench.command('View: Toggle Panel Visibility');
  });

  it('is copied as Markdown', async () => {
    await toPanel();
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await workbench.command('File: New Untitled Text File');
    await workbench.page.locator('.tab.active').filter({ hasText: 'Untitled-1' }).waitFor();
    await workbench.page.keyboard.press('ControlOrMeta+V');
    // The tab of a text without a name is called by its first line.
    await workbench.page.locator('.tab.active').filter({ hasText: 'Validation of `people`' }).waitFor();
    await workbench.page.keyboard.press('ControlOrMeta+A');
    await workbench.page.keyboard.press('Delete');
  });

  it('comes back after a reload with what it showed, without reading the data again', async () => {
    await toPanel();
    const made = await page.locator('header .dim').first().innerText();
    await page.locator('.search').fill('duplicate');
    await page.getByText(/^\d of \d findings$/).waitFor();
    await workbench.page.waitForTimeout(1000);
    await workbench.reload();
    page = await workbench.webview();
    await page.locator('.found tbody tr').first().waitFor({ timeout: 60_000 });
    assert.equal(await page.locator('header .dim').first().innerText(), made);
    assert.equal(await page.locator('.search').inputValue(), 'duplicate');
  });

  it('is written as SARIF where the user says', async () => {
    const file = await exportReport(workbench, page, { offered: /people-validation\.html$/, name: 'people.sarif' });
    assert.match(await readFile(file, 'utf8'), /"uri": "raw\/people\.csv"/);
  });

  it('says that the data changed, and is true again when asked', async () => {
    await page.locator('.search').fill('');
    const file = path.join(workbench.folder!, 'raw', 'people.csv');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, [...lines.slice(0, 9), ...lines.slice(10, -3), ''].join('\n'));
    await page.getByText('raw/people.csv changed since these checks were made.').waitFor();
    await page.locator('.notice.stale').scrollIntoViewIfNeeded();
    await shot('stale');
    await page.getByRole('button', { name: 'Validate Now' }).click();
    await page.locator('.facts').getByText('399').waitFor();
    await page.getByText('changed since these checks were made').waitFor({ state: 'detached' });
    assert.match(await page.locator('.outcome').innerText(), /Passed, with warnings/);
  });

  it('says why it cannot be made, and is tried again when asked', async () => {
    const file = path.join(workbench.folder!, 'raw', 'people.csv');
    const text = await readFile(file, 'utf8');
    await writeFile(file, '');
    await page.getByRole('button', { name: 'Validate Again' }).click();
    await page.getByRole('alert').getByText('raw/people.csv').waitFor();
    await shot('failed');
    await writeFile(file, text.replaceAll(/^(\d+,\d+),,/gm, '$1,Oslo,'));
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.getByText(/^All \d+ checks passed/).waitFor();
  });

  it('says so where there is nothing to find', async () => {
    await writeFile(
      path.join(workbench.folder!, 'raw', 'sound.csv'),
      'name,age\nAda,3\nGrace,3\nMary,4\nAda,5\nGrace,6\nMary,6\nAda,7\n',
    );
    await workbench.openFile('sound.csv');
    await workbench.command('ML Data: Validate Dataset');
    await tab('sound.csv: Validation').waitFor();
    page = await workbench.webview();
    await page.getByText(/^All \d+ checks passed and found nothing\.$/).waitFor();
    await page.getByText('Nothing was found.').waitFor();
    assert.equal(await page.locator('.outcome').innerText(), 'Passed');
    assert.equal(await page.locator('.found tbody tr').count(), 0);
    await shot('nothing');
  });

  it('is stopped when asked, and begun again', async () => {
    const database = await Database.open({ threads: 2, memoryLimit: '1GB', spillFolder: path.join(folder, 'spill') });
    const columns = Array.from({ length: 6 }, (_, at) => `hash(i, ${at})::VARCHAR AS t${at}`).join(', ');
    const file = literal(path.join(workbench.folder!, 'raw', 'many.parquet'));
    await database.run(`COPY (SELECT ${columns} FROM range(1000000) AS t(i)) TO ${file} (FORMAT parquet)`);
    database.close();
    await workbench.openFile('many.parquet');
    await workbench.command('ML Data: Validate Dataset');
    await tab('many.parquet: Validation').waitFor();
    page = await workbench.webview();
    await page.locator('.notice.working').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
    await page.getByRole('heading', { name: 'many.parquet' }).waitFor();
    assert.equal(await page.locator('.found tbody tr').count(), 0);
    await page.getByRole('button', { name: 'Validate Now' }).click();
    await page.locator('.notice.working').waitFor();
    await page.locator('.notice.working').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled.').waitFor();
  });

  it('leads to the row in the grid, of a file that is no text', async () => {
    await workbench.openFile('twice.parquet');
    await workbench.command('ML Data: Validate Dataset');
    await workbench.page.locator('.tab.active').filter({ hasText: 'twice.parquet: Validation' }).waitFor();
    page = await workbench.webview();
    await page.getByRole('button', { name: 'raw/twice.parquet, row 301' }).first().click();
    await workbench.page.locator('.tab.active').filter({ hasText: 'twice.parquet: Data' }).waitFor();
    const grid = await workbench.webview();
    await grid.locator('#cell-300-0.active').waitFor();
    await shot('grid');
  });
});
