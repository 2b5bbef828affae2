/**
 * What the tests need beyond npm packages of this project: a browser, and a VS Code to run in. Each is found or
 * fetched; where that can't be done, the error is one line that says what to install.
 */
import { chmod, copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { cached, exists } from './cache';
import { isExecutable, npm, onPath, run } from './processes';

/** VS Code 1.100.3: the oldest VS Code that mldata supports, as a server with its workbench, from npm. */
const SERVER = 'code-server@4.100.3';
const RIPGREP = `@vscode/ripgrep-${process.platform}-${process.arch}@1.18.0`;
/** What the server's terminal needs natively, built for each platform; the server itself brings only its sources. */
const TERMINAL = `@lydell/node-pty-${process.platform}-${process.arch}@1.1.0`;
/** Counts what is put into the cached folder besides the server: a folder filled by an older checkout lacks it. */
const REVISION = 2;

/** Folder of a VS Code server; fetched from npm into the user's cache folder the first time (20 s, 200 MB). */
export async function findServer(): Promise<string> {
  const folder = await cached(`${SERVER.replace('@', '-')}-${REVISION}`, async (staging) => {
    console.log('Fetching a VS Code server for the tests (once, 200 MB) …');
    try {
      await installServer(staging);
    } catch (error) {
      throw new Error(
        'The tests need a VS Code server: let npm reach its registry once to install code-server, or run with ' +
          'MLDATA_TEST_HOST=desktop where VS Code can be downloaded.',
        { cause: error },
      );
    }
  });
  return serverRoot(folder);
}

function serverRoot(folder: string): string {
  return path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

async function installServer(folder: string): Promise<void> {
  const quick = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
  // --force: it names one Node version
  await npm(['install', SERVER, RIPGREP, TERMINAL, '--force', ...quick], { cwd: folder });
  const root = serverRoot(folder);
  await npm(['install', '--omit=dev', ...quick], { cwd: root });
  const installed = (name: string): string => path.join(folder, 'node_modules', name.slice(0, name.lastIndexOf('@')));
  await cp(installed(TERMINAL), path.join(root, 'node_modules', 'node-pty', 'build', 'Release'), { recursive: true });
  // The server looks for the search tool where a post-install script would have downloaded it to.
  const tool = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const bin = path.join(root, 'node_modules', '@vscode', 'ripgrep', 'bin');
  await mkdir(bin, { recursive: true });
  await copyFile(path.join(installed(RIPGREP), 'bin', tool), path.join(bin, tool));
  await chmod(path.join(bin, tool), 0o755);
}

/** Executable of a Chromium or Chrome: installed, else by `apt-get` where that may be used, else Playwright's own. */
export async function findBrowser(): Promise<string> {
  return (
    installedBrowser() ??
    (await browserFromPackages()) ??
    (await browserFromPlaywright()) ??
    fail('The tests need a browser: install Chromium or Google Chrome (Debian: apt-get install chromium).')
  );
}

function fail(message: string): never {
  throw new Error(message);
}

function installedBrowser(): string | undefined {
  const programs = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => process.env[name] ?? []);
  const places = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...programs.map((folder) => path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
    ...programs.map((folder) => path.join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe')),
    chromium.executablePath(),
  ];
  return onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ?? places.find(isExecutable);
}

async function browserFromPackages(): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || onPath('apt-get') === undefined) return undefined;
  console.log('Installing Chromium for the tests (once) …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update'], { env });
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], { env });
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
  }
  return installedBrowser();
}

async function browserFromPlaywright(): Promise<string | undefined> {
  console.log("Downloading Playwright's Chromium for the tests (once) …");
  const cli = path.join(path.dirname(require.resolve('playwright-core/package.json')), 'cli.js');
  try {
    await run(process.execPath, [cli, 'install', 'chromium'], { timeout: 300_000 });
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
  }
  const executable = chromium.executablePath();
  return (await exists(executable)) ? executable : undefined;
}
