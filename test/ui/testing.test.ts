import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expandRow } from '../host/pointer';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, temporaryFolder } from '../host/workspace';

const CONFIG = `version: 1
datasets:
  orders:
    source: orders.csv
    schema:
      columns:
        id: { type: integer }
        price: { type: number }
    checks:
      missing: { error: 10% }
      row_count: { minimum: 2 }
`;

describe('checks as tests', function () {
  this.timeout(180_000);
  let folder: string;
  let workbench: Workbench;
  const row = (name: string) =>
    workbench.page.locator('.test-explorer .monaco-list-row').filter({ hasText: new RegExp(`^${name}`) });

  before(async () => {
    folder = await temporaryFolder();
    await writeFile(path.join(folder, '.mldata.yaml'), CONFIG);
    await writeFile(path.join(folder, 'orders.csv'), 'id,price\n1,2.5\n2,\n3,4\n4,\n');
    workbench = await openWorkbench({ workspace: folder, panels: false });
    await workbench.openFile('.mldata.yaml');
  });
  after(async () => {
    await workbench.close();
    await remove(folder);
  });

  it('stand under their dataset in the Testing view', async () => {
    await workbench.command('Testing: Focus on Test Explorer View');
    await row('orders').waitFor();
    await row('orders').click();
    await workbench.page.keyboard.press('ArrowRight');
    await row('missing').waitFor();
    await row('row_count').waitFor();
  });

  it('are run, and fail on the line of the configuration with what was expected and what is there', async () => {
    const result = (name: string, how: string) =>
      workbench.page.locator(`.test-explorer .monaco-list-row[aria-label*="${name}"][aria-label*="${how}" i]`);
    await workbench.command('Test: Run All Tests');
    await result('missing', 'failed').waitFor();
    await result('row_count', 'passed').waitFor();
    await workbench.page
      .locator('.test-output-peek-tree')
      .getByText(/2\svalues\sof\sprice\sare\smissing/)
      .waitFor();
    await workbench.screenshot('testing-view');
  });

  it('leave their counts beside the dataset and its columns', async () => {
    const row = (name: string) => workbench.page.locator(`.pane-body .monaco-list-row[aria-label^="${name}"]`).first();
    // VS Code draws a badge by a style of this name.
    const badge = '[class*="monaco-decoration-itemBadge"]';
    await workbench.command('ML Data: Focus on Datasets View');
    await row('orders').locator(badge).waitFor();
    await expandRow(row('orders'));
    await expandRow(row('Columns'));
    await row('price').locator(badge).waitFor();
    await workbench.screenshot('dataset-badges');
  });
});
