/** Mocha's root hooks: a test that fails leaves a picture of what was on the screen, in `test-output/failed-TITLE.png`. */
import path from 'node:path';
import type { Context } from 'mocha';
import { openPages } from './openPages';
import { repository } from './workspace';

export const mochaHooks = {
  async afterEach(this: Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const name = test
      .fullTitle()
      .replace(/[^\w]+/g, '-')
      .slice(0, 120);
    for (const page of openPages) {
      // What closed meanwhile has no picture, and is no further failure.
      await page
        .screenshot({ path: path.join(repository, 'test-output', `failed-${name}.png`) })
        .catch(() => undefined);
    }
  },
};
