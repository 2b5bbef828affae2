import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../host/workbench';
import { remove, repository, temporaryFolder } from '../host/workspace';

const sample = path.join(repository, 'test', 'vscode', 'workspace');

describe('the Datasets view says what to do', function () {
  this.timeout(120_000);
  let workbench: Workbench;
  let temporary: string;

  before(async () => {
    temporary = await temporaryFolder();
    await mkdir(path.join(temporary, 'empty'));
  });
  after(async () => remove(temporary));
  afterEach(async () => workbench.close());

  const open = async (options: WorkbenchOptions) => {
    workbench = await openWorkbench({ ...options, panels: false });
    await workbench.page.locator('.activitybar').getByRole('tab', { name: 'ML Data' }).click();
    return workbench.page.locator('.sidebar');
  };

  it('without a folder', async () => {
    const sidebar = await open({});
    await sidebar.getByText('Datasets are built from files in a folder.').waitFor();
    await sidebar.getByRole('button', { name: 'Open Folder' }).waitFor();
  });

  it('in a folder without a config', async () => {
    const sidebar = await open({ workspace: path.join(temporary, 'empty') });
    await sidebar.getByRole('button', { name: 'Create .mldata.yaml' }).waitFor();
    await workbench.screenshot('welcome');
  });

  it('in Restricted Mode without a config', async () => {
    const sidebar = await open({ workspace: path.join(temporary, 'empty'), trusted: false });
    await sidebar.getByText('This folder is in Restricted Mode.').waitFor();
    await sidebar.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await workbench.screenshot('welcome-restricted');
  });

  it('in Restricted Mode with datasets, above which it says why nothing is built', async () => {
    const sidebar = await open({ workspace: sample, trusted: false });
    await sidebar.getByText('Restricted Mode: datasets are shown from their manifests.').waitFor();
    await sidebar.locator('.monaco-list-row').filter({ hasText: 'people' }).waitFor();
    assert.equal(await sidebar.getByRole('button', { name: 'Build All Datasets' }).count(), 0);
    await workbench.screenshot('restricted');
    await workbench.command('Workspaces: Manage Workspace Trust');
    await workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await sidebar.getByText('Restricted Mode').waitFor({ state: 'detached' });
    // Trusted, the view is one of two, whose buttons are there while the pointer is.
    await sidebar.locator('.pane-header').filter({ hasText: 'Datasets' }).hover();
    await sidebar.getByRole('button', { name: 'Build All Datasets' }).waitFor();
  });
});
