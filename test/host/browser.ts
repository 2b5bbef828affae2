/** The browser that shows a workbench. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from './parts';

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findBrowser(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

/** Ends the session as closing the tab does, so that the extension host and its children end by themselves and write what they covered. */
export async function leave(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.waitForTimeout(process.env['NODE_V8_COVERAGE'] === undefined ? 0 : 2000);
}
