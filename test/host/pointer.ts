/** What a person does with the pointer and does again where the workbench, which was just drawing, took no notice. */
import type { Locator } from 'playwright-core';

const TAKEN_MS = 3000;
const PATIENCE_MS = 60_000;

/** Opens a row of a tree. A tree that is drawn anew at that moment loses the click. */
export async function expandRow(row: Locator): Promise<void> {
  await row.waitFor();
  const opened = row.and(row.page().locator('[aria-expanded="true"]'));
  await again(opened, async () => row.locator('.monaco-tl-twistie').click({ timeout: TAKEN_MS }));
}

/** Rests the pointer on `place` until `shown` is there. A line that a lens pushes down at that moment loses the pointer. */
export async function hoverUntil(place: Locator, shown: Locator): Promise<void> {
  await again(shown, async () => {
    await place.page().mouse.move(0, 0);
    await place.hover({ timeout: TAKEN_MS });
  });
}

async function again(expected: Locator, act: () => Promise<void>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    if (await expected.isVisible()) return;
    const isDone = await act()
      .then(async () => expected.waitFor({ timeout: TAKEN_MS }))
      .then(
        () => true,
        () => false,
      );
    if (isDone) return;
    if (Date.now() > deadline) throw new Error(`Nothing became of it: ${expected.toString()}`);
  }
}
