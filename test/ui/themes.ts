/** What looks different in each kind of theme is looked at in each, in one window; what works the same is tried once. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import type { Workbench } from '../host/workbench';

/** What a page calls the kind of each theme. The last is the one that a window opens in, and goes on in. */
const kinds = {
  'Default Light Modern': 'vscode-light',
  'Default High Contrast': 'vscode-high-contrast',
  'Default Dark Modern': 'vscode-dark',
} as const;
export type Theme = keyof typeof kinds;
export const themes = Object.keys(kinds) as readonly Theme[];

/** Changes the theme of a window, by the settings of its folder, until the panel is drawn in it. */
export async function showIn(theme: Theme, { folder }: Workbench, panel: Frame): Promise<void> {
  if (folder === undefined) throw new Error('The settings of a window without a folder are nowhere.');
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
  await panel.locator(`body[data-vscode-theme-kind=${kinds[theme]}]`).waitFor();
  await panel.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
}

/** As the name of a picture says it. */
export const inName = (theme: Theme): string => theme.toLowerCase().replaceAll(' ', '-');
