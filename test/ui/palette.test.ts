import assert from 'node:assert/strict';
import path from 'node:path';
import { openWorkbench, type Workbench } from '../host/workbench';
import { repository } from '../host/workspace';

describe('the workbench', function () {
  this.timeout(120_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ workspace: path.join(repository, 'test', 'vscode', 'workspace'), panels: false });
  });
  after(async () => workbench.close());

  it('opens the folder with the extension, and runs a command from the palette', async () => {
    await workbench.command('View: Show Extensions');
    const view = workbench.page.locator('.sidebar .composite.title').first();
    await view.filter({ hasText: 'Extensions' }).waitFor();
    await workbench.command('View: Show Explorer');
    const file = workbench.page.locator('.explorer-folders-view').getByText('.mldata.yaml');
    await file.waitFor();
    assert.equal(await file.isVisible(), true);
    await workbench.screenshot('workbench');
  });
});
