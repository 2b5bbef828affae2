/** Trying transforms: rows and columns before and after, one step or all, while the configuration changes. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { axeViolations } from '../host/axe';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, temporaryFolder } from '../host/workspace';
import { policyViolations } from './reportPage';
import { inName, showIn, themes } from './themes';

const script = '<script>alert(1)</script>';
const rows = Array.from(
  { length: 20 },
  (_, row) => `${row},${row % 5 === 0 ? '' : 20 + row},${row % 2 === 0 ? ' Oslo ' : 'Rome'},<b>x</b>`,
);
const config = (steps: string): string => `version: 1\ndatasets:\n  people:\n    source: people.csv\n${steps}`;
const steps = `    transforms:
      - drop_missing: { columns: [age] }
      - trim: { columns: [city] }
      - derive: { column: twice, expression: age * 2 }
      - union: { file: more.csv }
`;

/** A folder with the dataset `people`; whoever makes it removes what is above it. */
async function workspace(temporary: string): Promise<string> {
  const folder = path.join(temporary, 'people');
  await mkdir(folder);
  await writeFile(path.join(folder, '.mldata.yaml'), config(steps));
  await writeFile(path.join(folder, 'people.csv'), `id,age,city,${script}\n${rows.join('\n')}\n`);
  await writeFile(path.join(folder, 'more.csv'), `id,age,city,${script},twice\n90,36,Bergen,y,72\n`);
  return folder;
}

describe('the preview of transforms', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let temporary: string;
  let page: Frame;
  let violations: readonly string[];

  before(async () => {
    temporary = await temporaryFolder();
    workbench = await openWorkbench({ workspace: await workspace(temporary), theme: 'Default Dark Modern' });
    violations = policyViolations(workbench);
    await workbench.command('ML Data: Preview Transforms');
    page = await workbench.webview();
    await page.getByRole('heading', { name: 'Rows before and after' }).waitFor();
  });
  after(async () => {
    await workbench.close();
    await remove(temporary);
  });

  it('says what becomes of rows and columns, and what each step did', async () => {
    assert.equal(
      await page.locator('.verdict').innerText(),
      '4 steps: 20 rows become 17 (8 changed, 4 removed, 1 added), 4 columns become 5.',
    );
    assert.deepEqual(await page.locator('.step .did').allInnerTexts(), [
      '20 → 16 rows',
      '16 rows; 8 rows changed; changes city',
      '16 rows; adds twice',
      '16 → 17 rows',
    ]);
    await page.getByText('All 20 rows of the dataset. Nothing is written.').waitFor();
  });

  it('marks what changed, went and came by a sign and a word', async () => {
    const lines = page.locator('.rows tbody tr');
    assert.deepEqual(
      (await lines.locator('th').allInnerTexts()).slice(0, 4).map((text) => text.replace(/\s+/g, ' ').trim()),
      ['−removed', 'same', '~changed', 'same'],
    );
    assert.deepEqual(
      [await lines.nth(2).locator('del').textContent(), await lines.nth(2).locator('ins').textContent()],
      [' Oslo ', 'Oslo'],
    );
    assert.equal(await lines.last().getAttribute('class'), 'added');
    assert.equal((await page.locator('.rows thead th').last().innerText()).replace(/\s+/g, ' '), 'twice +added');
  });

  it('shows names and values of files as text', async () => {
    assert.equal(await page.locator('.rows thead').getByText(script, { exact: true }).count(), 1);
    assert.equal(await page.locator('b').count(), 0);
  });

  for (const theme of themes) {
    it(`has nothing that axe objects to in ${theme}, and keeps to the strict policy`, async () => {
      await showIn(theme, workbench, page);
      assert.deepEqual(await axeViolations(page), []);
      assert.deepEqual(violations, []);
      await workbench.screenshot(`preview-${inName(theme)}`);
    });
  }
});

describe('a preview of transforms that is open', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let temporary: string;
  let page: Frame;
  let file: string;

  before(async () => {
    temporary = await temporaryFolder();
    workbench = await openWorkbench({ workspace: await workspace(temporary), theme: 'Default Dark Modern' });
    file = path.join(workbench.folder!, '.mldata.yaml');
    await workbench.page.locator('.activitybar').getByRole('tab', { name: 'ML Data' }).click();
    await workbench.page.locator('.sidebar .monaco-list-row').filter({ hasText: 'people' }).click({ button: 'right' });
    const item = workbench.page.getByRole('menuitem', { name: 'Preview Transforms' });
    await item.hover();
    // A menu that has only just opened takes no click, so that the one that opened it does not choose from it.
    await workbench.page.waitForTimeout(300);
    await item.click();
    page = await workbench.webview();
    await page.getByRole('heading', { name: 'Rows before and after' }).waitFor();
  });
  after(async () => {
    await workbench.close();
    await remove(temporary);
  });

  it('is worked with the keyboard: a step by itself, and kinds of rows', async () => {
    const all = page.getByRole('radio', { name: 'All steps' });
    await all.focus();
    await all.press('ArrowDown');
    await page.getByText('Step 1, drop_missing: 20 rows become 16 (4 removed), 4 columns become 4.').waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'step/1');
    await page.getByRole('radio', { name: /2 trim/ }).press('Space');
    await page.getByText('Step 2, trim: 16 rows become 16 (8 changed), 4 columns become 4.').waitFor();
    const changed = page.getByRole('button', { name: '8 changed' });
    await changed.focus();
    await changed.press('Enter');
    assert.equal(await changed.getAttribute('aria-pressed'), 'true');
    assert.equal(await page.locator('.rows tbody tr').count(), 8);
    await workbench.screenshot('preview-step');
  });

  it('leads to where a step is written', async () => {
    await page.getByTitle('Step 1, drop_missing').click();
    await workbench.page.locator('.tab.active').filter({ hasText: '.mldata.yaml' }).waitFor();
    await workbench.page.locator('.statusbar').getByText('Ln 6').waitFor();
    await workbench.page.locator('.tab').filter({ hasText: 'people: Transforms' }).click();
    page = await workbench.webview();
  });

  it('tries again when the configuration is saved, and shows the step that was chosen', async () => {
    await page.getByText('Step 2, trim').waitFor();
    await writeFile(file, (await readFile(file, 'utf8')).replace('trim:', 'lowercase:'));
    await page.getByText('Step 2, lowercase: 16 rows become 16 (16 changed), 4 columns become 4.').waitFor();
  });

  it('says what is wrong in the configuration, and leads there; what was shown stays', async () => {
    await writeFile(file, (await readFile(file, 'utf8')).replace('lowercase:', 'lower:'));
    await page.getByText('The configuration of people has errors, so its transforms cannot be tried.').waitFor();
    await page.getByText('What is below is from before.').waitFor();
    assert.ok((await page.locator('.rows tbody tr').count()) > 0);
    assert.deepEqual(await axeViolations(page), []);
    await workbench.screenshot('preview-broken');
    await page.getByRole('button', { name: 'Show in YAML' }).click();
    await workbench.page.locator('.statusbar').getByText('Ln 7').waitFor();
    await workbench.page.locator('.tab').filter({ hasText: 'people: Transforms' }).click();
    page = await workbench.webview();
  });

  it('says which step cannot be done with the data', async () => {
    await writeFile(
      file,
      config('    transforms:\n      - derive: { column: n, expression: CAST(city AS INTEGER) }\n'),
    );
    await page.locator('.notice.bad').getByText(/Oslo/).waitFor();
    await workbench.screenshot('preview-failed');
  });

  it('is stopped when asked', async () => {
    const tables = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const query = `SELECT count(*) AS n FROM ${tables.map((name) => `input AS ${name}`).join(', ')} WHERE ${tables.map((name) => `${name}.id`).join(' + ')} > 1`;
    await writeFile(file, config(`    transforms:\n      - sql: { query: "${query}" }\n`));
    await page.getByText('Trying the steps.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. What is below is from before.').waitFor();
  });

  it('says so when there are no steps', async () => {
    await writeFile(file, config(''));
    await page.getByText('This dataset has no transforms.').waitFor();
    await workbench.screenshot('preview-none');
  });

  it('is there again after the window is loaded anew', async () => {
    await writeFile(file, config(steps));
    await page.getByText('4 steps: 20 rows become 17').waitFor();
    await workbench.reload();
    page = await workbench.webview();
    await page.getByText('4 steps: 20 rows become 17').waitFor();
  });
});
