/** Builds of a dataset that drift, as people see them: told, in the tree, and held against versions of it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Frame } from 'playwright-core';
import { expandRow } from '../host/pointer';
import type { Workbench } from '../host/workbench';
import { repository } from '../host/workspace';

interface Site {
  /** With a dataset `people` of `now.csv`, which has a baseline. */
  readonly workbench: Workbench;
  /** @param older so many years are the people older than those of the baseline */
  readonly rows: (older: number) => string;
}

export function driftOfBuilds(site: () => Site): void {
  const at = (name: string): string => path.join(site().workbench.folder!, name);
  const toast = (text: string) => site().workbench.page.locator('.notification-toast').filter({ hasText: text });
  const choose = (text: string) =>
    site().workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  const panel = async (title: string): Promise<Frame> => {
    const { workbench } = site();
    await workbench.page.locator('.tab.active').filter({ hasText: title }).waitFor();
    const page = await workbench.webview();
    await page.locator('.column-row').first().waitFor({ timeout: 60_000 });
    return page;
  };

  it('are told in one notification and stand as a badge beside the dataset and its columns', async () => {
    const { workbench } = site();
    const tree = (name: string) => workbench.page.locator(`.pane-body .monaco-list-row[aria-label^="${name}"]`).first();
    // VS Code draws a badge by a style of this name.
    const badge = '[class*="monaco-decoration-itemBadge"]';
    await workbench.command('View: Close All Editors');
    await workbench.command('ML Data: Build All Datasets');
    await toast('people drifted: ').waitFor({ timeout: 60_000 });
    assert.equal(await toast('people drifted: ').count(), 1);
    await workbench.command('ML Data: Focus on Datasets View');
    await tree('people').locator(badge).waitFor();
    await expandRow(tree('people'));
    await expandRow(tree('Columns'));
    await tree('town').locator(badge).waitFor();
    assert.equal(await tree('fare').locator(badge).count(), 0);
    await workbench.screenshot('drift-badges');
  });

  it('say so where a column is to be muted in a configuration that is gone', async () => {
    await rename(at('.mldata.yaml'), at('away'));
    await toast('people drifted: ').getByRole('button', { name: 'Mute Columns…' }).click();
    await choose('town').click();
    await site().workbench.page.keyboard.press('Enter');
    await toast('.mldata.yaml was not changed: it cannot be read, or is gone.').waitFor();
    const text = await readFile(at('away'), 'utf8');
    await rename(at('away'), at('.mldata.yaml'));
    await writeFile(
      at('.mldata.yaml'),
      text.replace('now.csv', 'now.csv\n    split: { train: 80%, test: 20%, seed: 1 }'),
    );
    await site().workbench.command('Notifications: Clear All Notifications');
  });

  it('are held against the build before, with how far each version was from its baseline', async () => {
    const { workbench, rows } = site();
    await writeFile(at('now.csv'), rows(9));
    await workbench.command('ML Data: Build All Datasets');
    await toast('Built people').waitFor({ timeout: 60_000 });
    const cli = path.join(repository, 'dist', 'cli.js');
    await promisify(execFile)(process.execPath, [cli, 'versions', 'tag', 'people@previous', 'production'], {
      cwd: workbench.folder,
    });
    await workbench.command('ML Data: Show Drift Report…');
    await choose('Previous build').click();
    const page = await panel('people against previous: Drift');
    // Charts are drawn when somebody sees them.
    await page.locator('#history').scrollIntoViewIfNeeded();
    await page.locator('#history svg').waitFor();
    assert.match(await page.locator('#history').innerText(), /drifted than in the version before|As many columns/);
    await workbench.screenshot('drift-history');
  });

  it('change sides, and what was the baseline is held against a tag', async () => {
    const before = await panel('people against previous: Drift');
    await before.getByRole('button', { name: 'Swap Sides' }).click();
    const page = await panel('people@previous against people: Drift');
    assert.match(await page.locator('header').innerText(), /people@previous .*against people /);
    await page.getByRole('button', { name: 'Change Baseline…' }).click();
    const asked = site().workbench.page.getByPlaceholder('Hold people@previous against what?');
    await asked.waitFor();
    await choose('production').click();
    const other = await panel('people@previous against production: Drift');
    await other
      .locator('.verdict')
      .getByText(/^Nothing drifted/)
      .waitFor();
  });

  it('are compared split by split', async () => {
    const { workbench } = site();
    await workbench.command('ML Data: Show Drift Report…');
    await choose('test against train').click();
    const page = await panel('people · test against train: Drift');
    assert.match(await page.locator('header').innerText(), /people \(split test.*against people \(split train/);
  });
}
