/** A machine without the native data engine: what needs none of it works, and one message says what to do. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, repository, temporaryFolder } from '../host/workspace';

const config = `version: 1
datasets:
  towns: { source: towns.csv }
  rivers: { source: rivers.csv }
`;

/** What stands in `node_modules/@duckdb`, the extension's native part. */
const states: readonly { readonly name: string; readonly arrange: (extension: string) => Promise<void> }[] = [
  { name: 'missing', arrange: () => Promise.resolve() },
  { name: 'broken', arrange: async (extension) => breakLibraries(await copyPackage('@duckdb', extension)) },
];

for (const { name, arrange } of states) {
  describe(`where DuckDB is ${name}`, function () {
    this.timeout(120_000);
    let workbench: Workbench;
    let temporary: string;

    before(async () => {
      temporary = await temporaryFolder();
      const extension = await copyExtension(temporary);
      await arrange(extension);
      const load = createRequire(path.join(extension, 'dist', 'job.js'));
      assert.throws(() => void load('@duckdb/node-api'), `A folder above ${temporary} has a node_modules with DuckDB`);
      const folder = path.join(temporary, 'towns');
      await mkdir(folder);
      await writeFile(path.join(folder, '.mldata.yaml'), config);
      for (const file of ['towns.csv', 'rivers.csv']) await writeFile(path.join(folder, file), 'name\nOslo\n');
      workbench = await openWorkbench({ workspace: folder, developmentPath: extension, panels: false });
    });
    after(async () => {
      await workbench.close();
      await remove(temporary);
    });

    const toasts = (): Locator => workbench.page.locator('.notification-toast');

    it('shows the datasets', async () => {
      await workbench.page.locator('.activitybar').getByRole('tab', { name: 'ML Data' }).click();
      await workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: 'towns' }).waitFor();
      assert.equal(await toasts().count(), 0);
    });

    it('says in one message that nothing was built, why, and what to do', async () => {
      await workbench.command('ML Data: Build All Datasets');
      const message = toasts().filter({ hasText: '2 of 2 datasets were not built: The data engine (DuckDB)' });
      await message.waitFor();
      assert.match(
        await message.innerText(),
        /could not be loaded on \w+-\w+\. Reinstall mldata for this platform\. \(.+\)/,
      );
      await toasts().filter({ hasText: 'Building' }).waitFor({ state: 'detached' });
      assert.equal(await toasts().count(), 1);
      await workbench.screenshot(`engine-${name}`);
    });

    it('still checks the configuration', async () => {
      await workbench.openFile('.mldata.yaml');
      const file = path.join(workbench.folder!, '.mldata.yaml');
      await writeFile(file, (await readFile(file, 'utf8')).replace('{ source: towns', '{ sorce: towns'));
      await workbench.command('Problems: Focus on Problems View');
      await workbench.page.locator('.markers-panel').getByText('sorce').first().waitFor();
    });
  });
}

/** What a VSIX holds, without its native engine. */
async function copyExtension(into: string): Promise<string> {
  const extension = path.join(into, 'extension');
  for (const name of ['package.json', 'package.nls.json', 'l10n', 'bin', 'media', 'dist']) {
    await cp(path.join(repository, name), path.join(extension, name), { recursive: true });
  }
  await copyPackage('parquet-wasm', extension);
  return extension;
}

async function copyPackage(name: string, extension: string): Promise<string> {
  const copy = path.join(extension, 'node_modules', name);
  await cp(path.join(repository, 'node_modules', name), copy, { recursive: true });
  return copy;
}

/** As a download that was cut off leaves them. */
async function breakLibraries(folder: string): Promise<void> {
  for (const file of await readdir(folder, { recursive: true })) {
    if (/\.node$|\.(so|dylib|dll)\b/.test(file)) await writeFile(path.join(folder, file), 'not a library');
  }
}
