import assert from 'node:assert/strict';
import path from 'node:path';
import { openWorkbench, type Workbench } from '../host/workbench';
import { repository } from '../host/workspace';
import { policyViolations } from './reportPage';
import { inName, showIn, themes } from './themes';

const examples = path.join(repository, 'examples');

describe('the build report', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let violations: readonly string[];

  before(async () => {
    workbench = await openWorkbench({ workspace: examples, theme: 'Default Dark Modern' });
    violations = policyViolations(workbench);
    await workbench.command('ML Data: Build Dataset');
    await workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'penguins' }).click();
    await workbench.page.locator('.notification-toast').getByRole('button', { name: 'Show Report' }).click();
  });
  after(async () => workbench.close());

  it('gives the verdict, the facts and the findings, worst first', async () => {
    const page = await workbench.webview();
    await page.getByRole('heading', { name: 'penguins' }).waitFor();
    await page.getByText('330 rows in 3 files, 14 rows set aside, 6 warnings.').waitFor();
    assert.deepEqual(await page.locator('.facts dt').allInnerTexts(), [
      'rows read',
      'rows set aside',
      'files written',
      'on disk',
      'time',
      'peak memory',
    ]);
    // A figure's label comes first for those who hear it, and stands below it for those who see it.
    assert.deepEqual(await page.locator('.facts > div').first().locator('*').allInnerTexts(), ['rows read', '344']);
    const severities = await page.locator('.severity').allInnerTexts();
    assert.deepEqual([...new Set(severities)], ['Warning', 'Note']);
  });

  it('draws class shares per split without breaking the strict policy, and gives them as a table', async () => {
    const page = await workbench.webview();
    await page.locator('.chart svg .mark-rect path').first().waitFor();
    await page.getByText('Show as table').click();
    assert.equal(await page.locator('details tbody tr').count(), 9);
    assert.deepEqual(violations, []);
  });

  for (const theme of themes) {
    it(`is drawn in ${theme}`, async () => {
      await showIn(theme, workbench, await workbench.webview());
      assert.deepEqual(violations, []);
      await workbench.screenshot(`report-${inName(theme)}`);
    });
  }

  it('is worked with the keyboard: a place in the data opens there', async () => {
    const page = await workbench.webview();
    const place = page.getByRole('button', { name: 'penguins/raw/penguins-raw.csv:273' }).first();
    await place.focus();
    await place.press('Enter');
    await workbench.page.locator('.tab.active').filter({ hasText: 'penguins-raw.csv' }).waitFor();
    await workbench.page.locator('.statusbar').getByText('Ln 273').waitFor();
  });
});
