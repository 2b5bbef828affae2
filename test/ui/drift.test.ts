/** The drift report as people see it: in each kind of theme, with the keyboard, and after a reload. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { axeViolations } from '../host/axe';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, temporaryFolder } from '../host/workspace';
import { driftOfBuilds } from './driftOfBuilds';
import { exportReport, policyViolations } from './reportPage';
import { inName, showIn, themes } from './themes';

const hostile = '<img src=x onerror=alert(1)>';

const config = [
  'version: 1',
  'datasets:',
  '  people:',
  '    source: now.csv',
  '    drift:',
  '      baseline: before.csv # last year',
  '      window: { column: seen, by: month }',
  '',
];

/** Ages move, towns exchange their places, more of the ages are missing; fares stay as they are. */
function rows(count: number, older: number, towns: readonly string[]): string {
  const lines = Array.from({ length: count }, (_, at) => {
    const age = at % (older > 0 ? 6 : 40) === 0 ? '' : 20 + ((at * 37) % 30) + older;
    const note = `the ship ${['sank', 'sailed'][at % 2]} in ${['fog', 'a storm', 'calm water'][at % 3]}`;
    const seen = `2024-0${1 + Math.floor((at * 4) / count)}-${String(1 + (at % 28)).padStart(2, '0')}`;
    return [at, age, towns[at % towns.length], (at * 7919) % 100, note, seen].join(',');
  });
  return ['id,age,town,fare,note,seen', ...lines, ''].join('\n');
}

async function workspaceWithData(): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'before.csv'), rows(2400, 0, ['Oslo', 'Oslo', 'Bergen', hostile]));
  await writeFile(
    path.join(folder, 'now.csv'),
    rows(2000, 12, ['Bergen', 'Bergen', 'Oslo', hostile])
      .replaceAll(/^id,(.*)$/gm, 'id,$1,deck')
      .replaceAll(/(\d)$/gm, '$1,A'),
  );
  await writeFile(path.join(folder, '.mldata.yaml'), config.join('\n'));
  return folder;
}

describe('the drift report', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let page: Frame;
  let folder: string;
  let violations: readonly string[];
  const shot = (name: string) => workbench.screenshot(`drift-${name}`);
  const row = (name: string) => page.locator('.column-row').filter({ has: page.getByText(name, { exact: true }) });
  const open = async (name: string): Promise<void> => {
    await row(name).click();
    await page.getByRole('heading', { name, level: 3, exact: true }).waitFor();
  };
  const toPanel = async (): Promise<void> => {
    await workbench.page.locator('.tab').filter({ hasText: 'people: Drift' }).click();
    page = await workbench.webview();
    await page.locator('.column-row').first().waitFor({ timeout: 60_000 });
  };

  before(async () => {
    folder = await workspaceWithData();
    workbench = await openWorkbench({ workspace: folder, theme: 'Default Dark Modern' });
    violations = policyViolations(workbench);
    await workbench.command('ML Data: Show Drift Report…');
    const picker = workbench.page.locator('.quick-input-list');
    await picker.getByText('before.csv').first().waitFor();
    await workbench.page.keyboard.press('Enter');
    page = await workbench.webview();
    await page.locator('.column-row').first().waitFor({ timeout: 60_000 });
    await page.locator('.notice.working').waitFor({ state: 'detached' });
  });
  after(async () => {
    await workbench.close();
    await remove(folder);
  });

  it('gives the verdict, what it is of, and the columns, the most different first', async () => {
    await page.getByRole('heading', { name: 'people', level: 1 }).waitFor();
    assert.match(await page.locator('.outcome').innerText(), /drifted/i);
    assert.match(await page.locator('header').innerText(), /people against before\.csv/);
    assert.deepEqual((await page.locator('.column-row .name').allInnerTexts()).slice(0, 2).sort(), ['age', 'town']);
    assert.match(await row('fare').innerText(), /Stable/);
    assert.match(await row('deck').innerText(), /Added/);
    await shot('top');
  });

  it('shows both sides of a column over each other, with every measure', async () => {
    await open('age');
    await page.locator('.detail .drawing svg').first().waitFor();
    assert.match(await page.locator('.detail .finding').first().innerText(), /The median went from/);
    const measures = page.getByRole('table', { name: 'Measures' });
    assert.match(await measures.innerText(), /Wasserstein/);
    assert.equal(await measures.locator('.decides').count(), 1);
    await page.locator('#columns').scrollIntoViewIfNeeded();
    await shot('numbers');
    await open('town');
    await page.locator('.detail .drawing svg').first().waitFor();
    await page.getByText('Show as table').first().click();
    await page.locator('.detail figure table').getByText(hostile).waitFor();
    await shot('categories');
    await open('note');
    await shot('text');
    await page.locator('#schema').scrollIntoViewIfNeeded();
    await page.locator('#windows svg').first().waitFor();
    await shot('below');
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

  it('is read with the keyboard alone', async () => {
    await page.locator('body').press('/');
    await page.locator('.search').pressSequentially('fare');
    await page.getByText('1 of 7 columns').waitFor();
    await page.locator('.search').press('Escape');
    await page.locator('.search').press('Escape');
    await page.locator('.column-list').press('Home');
    await page.locator('.column-list').press('ArrowDown');
    const second = await page.locator('.column-row[aria-selected=true] .name').innerText();
    await page.getByRole('heading', { name: second, level: 3, exact: true }).waitFor();
    await page.locator('.column-list').press('Enter');
    assert.equal(await page.evaluate(`document.activeElement.className`), 'detail');
    await page.locator('.detail').press('Escape');
    assert.equal(await page.evaluate(`document.activeElement.className`), 'column-list');
  });

  it('shows only the statuses that are asked for', async () => {
    await page.locator('.chip').filter({ hasText: 'Added' }).click();
    assert.deepEqual(await page.locator('.column-row .name').allInnerTexts(), ['deck']);
    await page.locator('.chip').filter({ hasText: 'Added' }).click();
  });

  it('tries thresholds out at once, and writes them into the configuration when asked', async () => {
    await open('age');
    const high = page.locator('.detail').getByRole('spinbutton', { name: 'High: from' });
    const low = page.locator('.detail').getByRole('spinbutton', { name: 'Low: from' });
    await low.fill('98');
    await low.press('Enter');
    assert.equal(await high.inputValue(), '98');
    await page.getByText(/^With these thresholds/).waitFor();
    assert.doesNotMatch(await row('age').innerText(), /High.*PSI/s);
    await shot('tried');
    await page.getByRole('button', { name: 'Save to YAML' }).click();
    await page.getByText(/^With these thresholds/).waitFor({ state: 'detached', timeout: 60_000 });
    const text = await readFile(path.join(workbench.folder!, '.mldata.yaml'), 'utf8');
    assert.match(text, /baseline: before\.csv # last year/);
    assert.match(text, /age:\s+method: psi\s+thresholds: \[98, 98, 98\]/);
  });

  it('leads to the line of the configuration', async () => {
    await page.getByRole('button', { name: 'Open in YAML' }).click();
    await workbench.page.locator('.tab.active').filter({ hasText: '.mldata.yaml' }).waitFor();
    await toPanel();
  });

  it('comes back after a reload with what it showed, without reading the data again', async () => {
    const made = await page.locator('header .dim').first().innerText();
    await open('town');
    await page.locator('.search').fill('o');
    await page.getByText(/^\d of 7 columns$/).waitFor();
    await workbench.page.waitForTimeout(1000);
    await workbench.reload();
    page = await workbench.webview();
    await page.locator('.column-row').first().waitFor({ timeout: 60_000 });
    assert.equal(await page.locator('header .dim').first().innerText(), made);
    assert.equal(await page.locator('.search').inputValue(), 'o');
    await page.getByRole('heading', { name: 'town', level: 3, exact: true }).waitFor();
    await page.locator('.search').fill('');
  });

  it('is written as a web page where the user says', async () => {
    const file = await exportReport(workbench, page, { offered: /-drift\.html$/, name: 'people.html' });
    assert.match(await readFile(file, 'utf8'), /id="drift-messages">[^]*before\.csv/);
  });

  it('says that the data changed, and is true again when asked', async () => {
    const file = path.join(workbench.folder!, 'now.csv');
    await writeFile(file, await readFile(path.join(workbench.folder!, 'before.csv'), 'utf8'));
    await page.getByText('now.csv changed since it was compared.').waitFor();
    await shot('stale');
    await page.getByRole('button', { name: 'Compare Now' }).click();
    await page
      .locator('.verdict')
      .getByText(/^Nothing drifted/)
      .waitFor({ timeout: 60_000 });
    await shot('nothing-drifted');
  });

  it('says why it cannot be made, and is tried again when asked', async () => {
    const file = path.join(workbench.folder!, 'before.csv');
    const text = await readFile(file, 'utf8');
    await writeFile(file, '');
    await page.getByRole('button', { name: 'Compare Again' }).click();
    await page.getByRole('alert').getByText('before.csv').waitFor();
    await shot('failed');
    await writeFile(file, text);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('is stopped when asked, and begun again', async () => {
    const file = path.join(workbench.folder!, 'now.csv');
    await page.locator('.notice.working').waitFor({ state: 'detached' });
    await writeFile(file, rows(150_000, 12, ['Bergen']));
    await page.getByRole('button', { name: 'Compare Again' }).click();
    await page.locator('.notice.working').getByRole('button', { name: 'Cancel' }).click();
    await page.getByText(/^Cancelled\. What is below is from before\.$/).waitFor();
    await writeFile(file, rows(2000, 12, ['Bergen', 'Bergen', 'Oslo']));
    await page.getByRole('button', { name: 'Compare Now' }).first().click();
    await page.getByText(/^Cancelled\./).waitFor({ state: 'detached' });
    await row('town').getByText('High').waitFor({ timeout: 60_000 });
  });

  driftOfBuilds(() => ({ workbench, rows: (older) => rows(2000, older, ['Bergen', 'Bergen', 'Oslo']) }));
});
