/** What ran inside panels, recorded by the browser and written as V8 writes it for Node, so that c8 merges both. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { repository } from './workspace';

/** Starts recording where coverage is asked for; the result ends it and writes what it saw. */
export async function recordPanels(page: Page): Promise<() => Promise<void>> {
  const folder = process.env['NODE_V8_COVERAGE'];
  if (folder === undefined) return async () => Promise.resolve();
  await page.coverage.startJSCoverage({ resetOnNavigation: false });
  return async () => {
    const bundles = (await page.coverage.stopJSCoverage()).flatMap((entry) => {
      const name = /\/dist\/webview\/([\w-]+\.js)/.exec(entry.url)?.[1];
      return name === undefined ? [] : [{ file: path.join(repository, 'dist', 'webview', name), entry }];
    });
    const maps: Record<string, unknown> = {};
    for (const { file, entry } of bundles) {
      const lineLengths = (entry.source ?? '').split('\n').map((line) => line.length);
      const data = JSON.parse(await readFile(`${file}.map`, 'utf8')) as unknown;
      maps[pathToFileURL(file).href] = { lineLengths, data, url: `${path.basename(file)}.map` };
    }
    const result = bundles.map(({ file, entry: { scriptId, functions } }) => {
      return { scriptId, url: pathToFileURL(file).href, functions };
    });
    await mkdir(folder, { recursive: true });
    const name = `coverage-panels-${process.pid}-${Date.now()}.json`;
    await writeFile(path.join(folder, name), JSON.stringify({ result, 'source-map-cache': maps }));
  };
}
