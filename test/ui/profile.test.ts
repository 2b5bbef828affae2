/** The profile as people see it: in a workbench of each kind of theme, with the keyboard, after a reload, and as one file. */
import assert from 'node:assert/strict';
import { copyFile, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { Database, literal } from '../../src/engine/duckdb';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, repository, temporaryFolder } from '../host/workspace';
import { exportReport, policyViolations } from './reportPage';
import { inName, showIn, themes } from './themes';

const axe = path.join(repository, 'node_modules', 'axe-core', 'axe.min.js');

const hostile = '<img src=x onerror=alert(1)>';
const bidi = 'safe\u202Etxt.exe';

/** A folder with one file: names and values that mean harm, and something to find. */
async function workspaceWithData(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'raw'), { recursive: true });
  const colours = ['red', 'green', 'blue', '</script><script>alert(2)</script>'];
  const header = ['id', 'height', 'weight', 'colour', `"${hostile}"`, `"${bidi}"`, 'constant'].join(',');
  const rows = Array.from({ length: 400 }, (_, at) => {
    const height = 150 + ((at * 37) % 50) + (at % 7) / 10;
    const weight = at % 5 === 0 ? '' : (height * 0.6 - 30 + (at % 11)).toFixed(2);
    return [at + 1, height.toFixed(2), weight, colours[at % 4], at % 13, `\u001b[31m${at % 3}`, 'same'].join(',');
  });
  await writeFile(path.join(folder, 'raw', 'people.csv'), [header, ...rows].join('\n'));
  return folder;
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What the accessibility checker finds that keeps people from using the page. */
async function barriers(page: Frame): Promise<string[]> {
  await page.evaluate(await readFile(axe, 'utf8'));
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, { resultTypes: ['violations'] })`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`);
}

describe('the profile', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let page: Frame;
  let folder: string;
  let violations: readonly string[];
  const shot = (name: string) => workbench.screenshot(`profile-${name}`);

  before(async () => {
    folder = await workspaceWithData();
    workbench = await openWorkbench({ workspace: folder, theme: 'Default Dark Modern' });
    violations = policyViolations(workbench);
    await workbench.openFile('people.csv');
    await workbench.command('ML Data: Show Profile');
    page = await workbench.webview();
    await page.getByText('All figures').or(page.locator('.column-row')).first().waitFor();
    await page.locator('.notice.working').waitFor({ state: 'detached' });
  });
  after(async () => {
    await workbench.close();
    await remove(folder);
  });

  it('gives the verdict, the figures and the alerts, worst first', async () => {
    await page.getByRole('heading', { name: 'people.csv' }).waitFor();
    assert.match(await page.locator('.verdict').innerText(), /of 7 columns need a look/);
    const facts = await page.locator('.facts > div').allInnerTexts();
    assert.match(facts.join('\n'), /rows\s*400[^]*columns\s*7/);
    const severities = await page.locator('#alerts .severity').allInnerTexts();
    assert.ok(severities.length > 0);
    await page.locator('#alerts').getByText('constant', { exact: false }).first().waitFor();
    await shot('top');
  });

  it('draws the column under the strict policy, says the finding, and gives it as a table', async () => {
    await page.locator('.column-row').filter({ hasText: 'weight' }).click();
    const chart = page.locator('.detail figure').first();
    await chart.locator('svg [aria-roledescription=bar]').first().waitFor();
    assert.match(await chart.locator('.finding').innerText(), /^Half of the values lie between/);
    await chart.getByText('Show as table').click();
    assert.match(await chart.locator('tbody tr').first().innerText(), /missing\s+80/);
    await chart.scrollIntoViewIfNeeded();
    await shot('column');
    await chart.getByText('Show as table').click();
    assert.deepEqual(violations, []);
  });

  it('compares two columns that go together', async () => {
    await page.locator('#correlations').scrollIntoViewIfNeeded();
    await page.locator('#correlations .pairs button').first().click();
    await page.locator('#correlations .pair svg').waitFor();
    await shot('pair');
  });

  for (const theme of themes) {
    it(`has no serious barrier for people with a screen reader or a keyboard in ${theme}`, async () => {
      await showIn(theme, workbench, page);
      assert.deepEqual(await barriers(page), []);
      assert.deepEqual(violations, []);
      await shot(inName(theme));
    });
  }

  it('lists every column, whatever its name holds, as text', async () => {
    const names = await page.locator('.column-row .name').allInnerTexts();
    assert.deepEqual(names, ['id', 'height', 'weight', 'colour', hostile, 'safe⟨202E⟩txt.exe', 'constant']);
    assert.equal(await page.locator('img').count(), 0);
  });

  it('answers only for the two columns that were picked last', async () => {
    const names = (text: string) => text.split(/\s*×\s*/);
    await page.locator('#correlations').scrollIntoViewIfNeeded();
    const last = names(await page.locator('#correlations .pairs button').nth(1).innerText());
    await page.evaluate(
      `document.querySelectorAll('#correlations .pairs button').forEach((each, at) => at < 2 && each.click())`,
    );
    await page.locator('#correlations .pair svg').waitFor();
    assert.deepEqual(names(await page.locator('#correlations .pair h3').innerText()), last);
  });

  it('finds columns with the keyboard alone', async () => {
    await page.locator('.column-list').focus();
    await page.locator('.column-list').press('/');
    await page.locator('.search').pressSequentially('eigh');
    await page.getByText('2 of 7 columns', { exact: true }).waitFor();
    await page.locator('.search').press('Enter');
    await page.locator('.column-list').press('Home');
    await page.locator('.column-list').press('ArrowDown');
    await page.locator('.detail h3').filter({ hasText: 'weight' }).waitFor();
    await page.locator('.column-list').press('Enter');
    assert.equal(await page.evaluate(`document.activeElement.className`), 'detail');
    await page.locator('.detail').press('Escape');
    assert.equal(await page.evaluate(`document.activeElement.getAttribute('role')`), 'listbox');
    await page.locator('.column-list').press('/');
    await page.locator('.search').press('Escape');
    // A list that grows is drawn to its end a moment later.
    await page.locator('.column-row').nth(6).waitFor();
    assert.equal(await page.locator('.column-row').count(), 7);
  });
});

describe('the profile of a file that lives on', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = await workspaceWithData();
    workbench = await openWorkbench({ workspace: folder, theme: 'Default Light Modern' });
    await workbench.openFile('people.csv');
    await workbench.command('ML Data: Show Profile');
    const page = await workbench.webview();
    await page.locator('.column-row').filter({ hasText: 'weight' }).click();
    await page.locator('.notice.working').waitFor({ state: 'detached' });
  });
  after(async () => {
    await workbench.close();
    await remove(folder);
  });

  it('leads from a value to its rows in the grid', async () => {
    const page = await workbench.webview();
    await page.locator('.column-row').filter({ hasText: 'colour' }).click();
    const chart = page.locator('.detail figure').first();
    await chart.locator('summary').click();
    await chart.getByRole('button', { name: 'green' }).click();
    await workbench.page.locator('.tab.active').filter({ hasText: 'people.csv' }).waitFor();
    await workbench.page.waitForFunction(`document.querySelectorAll('.tab').length === 3`);
    await workbench.page.locator('.tab').filter({ hasText: 'Profile' }).click();
    const again = await workbench.webview();
    await again.locator('.column-row').filter({ hasText: 'weight' }).click();
    await again.locator('.detail h3').filter({ hasText: 'weight' }).waitFor();
  });

  it('comes back after a reload with what it showed, without reading the data again', async () => {
    const page = await workbench.webview();
    const made = await page.locator('header .dim').first().innerText();
    await workbench.page.waitForTimeout(1000);
    await workbench.reload();
    const again = await workbench.webview();
    await again.locator('.detail h3').filter({ hasText: 'weight' }).waitFor({ timeout: 60_000 });
    assert.equal(await again.locator('header .dim').first().innerText(), made);
  });

  it('is written as one file where the user says', async () => {
    const page = await workbench.webview();
    const offered = /people\.csv-profile\.html$/;
    const file = await exportReport(workbench, page, { offered, name: 'people report.html' });
    assert.match(await readFile(file, 'utf8'), /<!doctype html>[^]*people\.csv/i);
  });

  it('says that the data changed, and profiles it again when asked', async () => {
    const page = await workbench.webview();
    const file = path.join(workbench.folder!, 'raw', 'people.csv');
    await writeFile(file, `${await readFile(file, 'utf8')}\n401,180,70,red,1,2,same`);
    await page.getByText('changed since this profile was made').waitFor();
    await page.getByRole('button', { name: 'Refresh Now' }).click();
    await page.locator('.facts').getByText('401').waitFor();
    await page.getByText('changed since this profile was made').waitFor({ state: 'detached' });
  });

  it('says why it cannot be made, and is tried again when asked', async () => {
    const file = path.join(workbench.folder!, 'strikes.parquet');
    await writeFile(file, 'PAR1 and nothing more');
    await workbench.openFile('strikes.parquet');
    await workbench.command('ML Data: Show Profile');
    await workbench.page.locator('.tab.active').filter({ hasText: 'strikes.parquet: Profile' }).waitFor();
    const page = await workbench.webview();
    await page.getByRole('alert').getByText('strikes.parquet').waitFor();
    await workbench.screenshot('profile-failed');
    await copyFile(path.join(repository, 'examples/strikes/raw/birdstrikes.parquet'), file);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.locator('.column-row').first().waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});

describe('the profile of a large file', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let folder: string;
  const dialog = () => workbench.page.getByRole('dialog');

  before(async () => {
    folder = await temporaryFolder();
    const database = await Database.open({ threads: 2, memoryLimit: '1GB', spillFolder: path.join(folder, 'spill') });
    const file = path.join(folder, 'large.parquet');
    await database.run(
      `COPY (SELECT i AS id, i % 7 AS day FROM range(20000) AS t(i)) TO ${literal(file)} (FORMAT parquet)`,
    );
    database.close();
    await stretch(file, 2 ** 30);
    workbench = await openWorkbench({ workspace: folder, dialogs: true });
    await workbench.openFile('large.parquet');
  });
  after(async () => {
    await workbench.close();
    await remove(folder);
  });

  it('is asked about first, and not made where it is not wanted', async () => {
    await workbench.command('ML Data: Show Profile');
    await dialog().getByText('large.parquet has 1 GiB.').waitFor();
    await dialog()
      .getByText(/Profiling all of it may take about 1 min \d+ s\. A sample takes a moment\./)
      .waitFor();
    await workbench.screenshot('profile-large');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });
    assert.equal(await workbench.page.locator('.tab').filter({ hasText: 'Profile' }).count(), 0);
  });

  it('is of a sample where that is enough', async () => {
    await workbench.command('ML Data: Show Profile');
    await dialog().getByRole('button', { name: 'Profile a 1 % Sample' }).click();
    const page = await workbench.webview();
    await page
      .getByText(/200 (rows )?of 20,000/)
      .first()
      .waitFor();
  });
});

/** Puts a hole that takes no room between the data of a Parquet file and its footer, which says where the data lies. */
async function stretch(file: string, bytes: number): Promise<void> {
  const content = await readFile(file);
  const footer = content.subarray(content.length - 8 - content.readUInt32LE(content.length - 8));
  const handle = await open(file, 'r+');
  try {
    await handle.write(footer, 0, footer.length, bytes - footer.length);
  } finally {
    await handle.close();
  }
}

describe('the profile of many rows', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let folder: string;
  let page: Frame;

  /** So much that a first look comes before the whole; the sixth of its columns is the one to look at. */
  before(async () => {
    folder = await temporaryFolder();
    const database = await Database.open({ threads: 2, memoryLimit: '1GB', spillFolder: path.join(folder, 'spill') });
    const columns = Array.from({ length: 30 }, (_, at) =>
      at === 5
        ? '1 AS same'
        : at < 14
          ? `CAST(hash(i, ${at}) % 1000000000000 AS DOUBLE) AS n${at}`
          : `i % ${at} AS n${at}`,
    );
    const file = path.join(folder, 'many.parquet');
    await database.run(
      `COPY (SELECT ${columns.join(', ')} FROM range(700000) AS t(i)) TO ${literal(file)} (FORMAT parquet)`,
    );
    database.close();
    workbench = await openWorkbench({ workspace: folder, settings: { 'mldata.engine.threads': 1 } });
    await workbench.openFile('many.parquet');
    await workbench.command('ML Data: Show Profile');
    page = await workbench.webview();
  });
  after(async () => {
    await workbench.close();
    await remove(folder);
  });

  it('shows a first look at some of them, and is stopped when asked', async () => {
    await page.getByText(/A first look at [\d,]+ of 700,000 rows\./).waitFor();
    await page.locator('.column-row .mark').first().waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. What is shown is what was known by then.').waitFor();
    await page.getByRole('heading', { name: 'many.parquet' }).waitFor();
  });

  it('begins at the top of the list where the column to look at is among the first', async () => {
    await page.locator('.detail h3').filter({ hasText: 'same' }).waitFor();
    assert.equal(await page.evaluate(`document.querySelector('.column-list').scrollTop`), 0);
  });

  it('waits after a reload as it was left, cancelled', async () => {
    await workbench.reload();
    page = await workbench.webview();
    await page.getByText('Cancelled before there was anything to show.').waitFor({ timeout: 60_000 });
    assert.equal(await page.locator('.notice.working').count(), 0);
  });

  it('is of all rows when it is let go on', async () => {
    await page.getByRole('button', { name: 'Profile Again' }).click();
    const working = page.locator('.notice.working');
    await working.waitFor();
    // A button that is drawn anew between press and release is not clicked.
    const button = await working.getByRole('button', { name: 'Cancel' }).elementHandle();
    await working.getByText('Describing columns').waitFor();
    assert.equal(await button.isVisible(), true);
    await working.waitFor({ state: 'detached', timeout: 120_000 });
    assert.equal(await page.locator('.mark').filter({ hasText: 'sample' }).count(), 0);
    assert.equal(await page.locator('.notice').count(), 0);
  });
});
