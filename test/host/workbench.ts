/** Drives a VS Code workbench as a person does: opens a folder, runs commands from the palette, looks at the screen. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { leave, startBrowser } from './browser';
import { openPages } from './openPages';
import { recordPanels } from './panelCoverage';
import { startServer, workbenchUrl } from './server';
import { userSettings } from './settings';
import { copyWorkspace, remove, repository, temporaryFolder } from './workspace';

export interface WorkbenchOptions {
  /** Folder to open; a copy of it is opened, so that tests can't change it. No folder when absent. */
  readonly workspace?: string;
  /** A colour theme's name, e.g. `Default Light Modern` or `Default High Contrast`. */
  readonly theme?: string;
  /** `false` opens the folder in Restricted Mode. */
  readonly trusted?: boolean;
  /** A packaged extension to install; otherwise the one in `developmentPath` runs. */
  readonly vsix?: string;
  /** Folder of the extension that runs as it stands there, with its `dist/`; this checkout unless another is named. */
  readonly developmentPath?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether dialogs are shown, to be answered. */
  readonly dialogs?: boolean;
  /** `false` where no panel is opened, of which nothing then is recorded: that makes a window a third more work. */
  readonly panels?: boolean;
}

export interface Workbench {
  readonly page: Page;
  /** The opened copy of the workspace. */
  readonly folder: string | undefined;
  /** Where this workbench's extensions are installed. */
  readonly extensions: string;
  /** Runs a command by its full title in the palette, e.g. `ML Data: Build All Datasets`. */
  command(title: string): Promise<void>;
  /** Opens a file of the workspace in an editor; its path is relative to the workspace. */
  openFile(file: string): Promise<void>;
  /** Reloads the window, with a new extension host. */
  reload(): Promise<void>;
  /** The document inside the only, or the newest, webview. */
  webview(): Promise<Frame>;
  /** Keeps a picture in `test-output/NAME.png`, and returns its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

const READY_MS = 60_000;
const COMMAND_MS = 30_000;

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const temporary = await temporaryFolder();
  const closing: (() => Promise<void>)[] = [async () => remove(temporary)];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const folder = options.workspace === undefined ? undefined : await copyWorkspace(options.workspace, temporary);
    const server = await startServer({
      data: path.join(temporary, 'server'),
      settings: userSettings({ theme: options.theme, ...options.settings }),
      trusted: options.trusted ?? true,
      dialogs: options.dialogs ?? false,
      install: options.vsix === undefined ? [] : [options.vsix],
    });
    closing.push(async () => server.stop());
    const browser = await startBrowser();
    closing.push(async () => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    closing.push(async () => leave(page));
    openPages.add(page);
    page.once('close', () => openPages.delete(page));
    if (options.panels !== false) closing.push(await recordPanels(page));
    await page.goto(
      workbenchUrl(server, {
        ...(folder === undefined ? {} : { folder }),
        ...(options.vsix === undefined ? { developmentPath: options.developmentPath ?? repository } : {}),
      }),
    );
    await ready(page);
    return {
      page,
      folder,
      extensions: server.extensions,
      command: async (title) => runCommand(page, title),
      openFile: async (file) => openFile(page, file),
      reload: async () => {
        // The window keeps its editors when it is asked to; a page that is merely loaded again may lose the latest.
        const loaded = page.waitForEvent('load');
        await runCommand(page, 'Developer: Reload Window');
        await loaded;
        await ready(page);
      },
      webview: async () => webviewOf(page),
      screenshot: async (name) => keepScreenshot(page, path.join(repository, 'test-output', `${name}.png`)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ready(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: READY_MS });
}

/** A key pressed while a webview or an editor takes the focus is lost, so it is pressed until the input shows. */
async function quickInput(page: Page, key: 'F1' | 'Control+P'): Promise<Locator> {
  const input = page.locator('.quick-input-widget input[type=text]');
  for (const deadline = Date.now() + COMMAND_MS; ;) {
    await page.keyboard.press(key);
    const isShown = await input.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (isShown) return input;
    if (Date.now() > deadline) throw new Error(`No input opens at ${key}.`);
  }
}

/** The palette lists what is registered when it opens, so it is opened again until the command is there. */
async function runCommand(page: Page, title: string): Promise<void> {
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
  const deadline = Date.now() + COMMAND_MS;
  for (;;) {
    const input = await quickInput(page, 'F1');
    // An editor that has only just opened takes the keyboard, and the palette goes, if need be before the click.
    const timeout = 2000;
    const ran = await input
      .fill(`>${title}`, { timeout })
      // A command may load the window anew, which a click waits for.
      .then(async () => row.click({ timeout: 10_000 }))
      .then(
        () => true,
        () => false,
      );
    if (ran) return;
    await page.keyboard.press('Escape');
    if (Date.now() > deadline) throw new Error(`The palette does not offer "${title}".`);
  }
}

/** A file that was written just now is offered once the workbench has heard of it. */
async function openFile(page: Page, file: string): Promise<void> {
  const name = path.basename(file);
  for (const deadline = Date.now() + 30_000; ;) {
    const input = await quickInput(page, 'Control+P');
    await input.fill(file);
    const isOffered = await page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: name })
      .first()
      .click({ timeout: 5000 })
      .then(
        () => true,
        () => false,
      );
    if (isOffered) break;
    await page.keyboard.press('Escape');
    if (Date.now() > deadline) throw new Error(`The workbench does not offer "${file}".`);
  }
  await page.locator('.tab.active').filter({ hasText: name }).waitFor();
}

/** A webview is a frame in a frame; the inner one holds the document. */
async function webviewOf(page: Page): Promise<Frame> {
  const outer = await page.locator('iframe.webview').last().elementHandle({ timeout: READY_MS });
  const middle = await outer.contentFrame();
  if (!middle) throw new Error('No webview is open.');
  const inner = await middle.waitForSelector('#active-frame', { timeout: READY_MS, state: 'attached' });
  const frame = await inner.contentFrame();
  if (!frame) throw new Error('The webview has no document.');
  return frame;
}

async function keepScreenshot(page: Page, file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, animations: 'disabled' });
  return file;
}
