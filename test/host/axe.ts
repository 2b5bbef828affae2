/** What axe has to say against a page, for those who cannot see it or use no mouse. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Frame } from 'playwright-core';

const source = createRequire(__filename).resolve('axe-core/axe.min.js');

/** Each violation of WCAG 2.1 A and AA in a line, with the first element that has it; empty where there is none. */
export async function axeViolations(frame: Frame): Promise<string[]> {
  await frame.evaluate(await readFile(source, 'utf8'));
  return frame.evaluate(`
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], iframes: false })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200) + ' ' + (nodes[0].failureSummary ?? '').replaceAll('\\n', ' ')))
  `);
}
