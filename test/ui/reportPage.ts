/** What the tests of reports on pages do alike. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import type { Workbench } from '../host/workbench';

/** What the pages were kept from; it grows. */
export function policyViolations({ page }: Workbench): readonly string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  return violations;
}

/** Has the report written into the opened folder, and returns the path of the file. @param offered the name that the dialog has */
export async function exportReport(
  { page: window, folder }: Workbench,
  page: Frame,
  { offered, name }: { readonly offered: RegExp; readonly name: string },
): Promise<string> {
  if (folder === undefined) throw new Error('No folder is open.');
  const file = path.join(folder, name);
  await page.getByRole('button', { name: 'Export Report…' }).click();
  const input = window.locator('.quick-input-widget input[type=text]');
  // The dialog opens on the folder, and names the file a moment later.
  for (const until = Date.now() + 10_000; Date.now() < until && !offered.test(await input.inputValue());)
    await page.waitForTimeout(50);
  assert.match(await input.inputValue(), offered);
  await input.fill(file);
  await input.press('Enter');
  await window.getByText(`The report is in ${name}.`).first().waitFor();
  return file;
}
