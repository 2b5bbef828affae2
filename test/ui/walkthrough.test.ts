import assert from 'node:assert/strict';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { exists } from '../host/cache';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, repository, temporaryFolder } from '../host/workspace';

describe('the walkthrough', function () {
  this.timeout(120_000);
  let workbench: Workbench;
  let temporary: string;

  before(async () => {
    temporary = await temporaryFolder();
    const folder = path.join(temporary, 'people');
    await mkdir(folder);
    await cp(path.join(repository, 'test', 'vscode', 'workspace', 'raw'), folder, { recursive: true });
    workbench = await openWorkbench({ workspace: folder, panels: false });
  });
  after(async () => {
    await workbench.close();
    await remove(temporary);
  });

  const step = (title: string): Locator =>
    workbench.page.locator('.getting-started-step').filter({ has: workbench.page.getByText(title, { exact: true }) });
  const done = (title: string): Locator => step(title).locator('.codicon.complete');
  const press = async (button: string): Promise<void> =>
    workbench.page.locator('.getting-started-step.expanded').getByRole('button', { name: button }).click();

  it('is opened from the welcome content', async () => {
    await workbench.page.locator('.activitybar').getByRole('tab', { name: 'ML Data' }).click();
    await workbench.page.locator('.sidebar').getByText('Follow the walkthrough').click();
    await workbench.page.getByText('Get Started with ML Data').first().waitFor();
    await workbench.screenshot('walkthrough');
  });

  it('ticks a step once its command has run: a configuration', async () => {
    assert.equal(await done('Create a configuration').count(), 0);
    await press('Create .mldata.yaml');
    await workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'people.csv' }).click();
    await workbench.page.locator('.tab.active').filter({ hasText: '.mldata.yaml' }).waitFor();
    await workbench.page.locator('.tab').filter({ hasText: 'Walkthrough' }).click();
    await done('Create a configuration').waitFor();
  });

  it('ticks a step once its command has run: a build', async () => {
    await step('Build the datasets').click();
    assert.equal(await done('Build the datasets').count(), 0);
    await press('Build All Datasets');
    await workbench.page.locator('.notification-toast').filter({ hasText: 'Built people: 12 rows' }).waitFor();
    await done('Build the datasets').waitFor();
    assert.ok(await exists(path.join(workbench.folder!, 'datasets', 'people', 'manifest.yaml')));
    await workbench.screenshot('walkthrough-done');
  });
});
