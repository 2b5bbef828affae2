/**
 * What `runTests` of @vscode/test-electron starts as if it were VS Code, so that one suite and one call serve both
 * hosts: the desktop VS Code named by MLDATA_TEST_DESKTOP, else the VS Code server with a workbench in a browser.
 * Everything the workbench logs goes to `workbench.log` in the user data folder. MLDATA_TEST_RESTRICTED=1 takes back the trust which `runTests` always asks for.
 */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import { leave, startBrowser } from './browser';
import { exitOf, onPath } from './processes';
import { startServer, workbenchUrl } from './server';

const SUITE_MS = 10 * 60_000;
const TRUST = '--disable-workspace-trust';

async function main(args: readonly string[]): Promise<number> {
  const restricted = process.env['MLDATA_TEST_RESTRICTED'] === '1';
  const desktop = process.env['MLDATA_TEST_DESKTOP'];
  const wanted = restricted ? args.filter((argument) => argument !== TRUST) : args;
  return desktop === undefined ? runOnServer(wanted) : runOnDesktop(desktop, wanted);
}

async function runOnDesktop(executable: string, args: readonly string[]): Promise<number> {
  const headless = process.platform === 'linux' && process.env['DISPLAY'] === undefined;
  const wrapper = headless ? onPath('xvfb-run') : undefined;
  const [command = executable, ...prefix] = wrapper === undefined ? [executable] : [wrapper, '-a', executable];
  const code = await exitOf(spawn(command, [...prefix, ...args], { stdio: 'inherit' }));
  return typeof code === 'number' ? code : 1;
}

async function runOnServer(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], strict: false, allowPositionals: true });
  const data = text(values['user-data-dir']) ?? fail('The launcher needs --user-data-dir.');
  const developmentPath = text(values['extensionDevelopmentPath']);
  const testsPath = text(values['extensionTestsPath']);
  const [folder] = positionals;
  const server = await startServer({
    data: path.join(data, 'server'),
    settings: JSON.parse(await readFile(path.join(data, 'User', 'settings.json'), 'utf8')) as Record<string, unknown>,
    trusted: values[TRUST.slice(2)] === true,
  });
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    const exit = new Promise<number>((resolve, reject) => {
      void page.exposeFunction('codeAutomationExit', resolve);
      page.once('crash', () => {
        reject(new Error('The workbench crashed.'));
      });
      setTimeout(() => {
        reject(new Error(`The suite did not end within ${SUITE_MS / 60_000} minutes.`));
      }, SUITE_MS).unref();
    });
    const log = createWriteStream(path.join(data, 'workbench.log'));
    await page.exposeFunction('codeAutomationLog', (type: string, parts: unknown[]) => {
      log.write(`[${type}] ${format(...parts)}\n`);
    });
    await page.goto(
      workbenchUrl(server, {
        ...(folder === undefined ? {} : { folder }),
        ...(developmentPath === undefined ? {} : { developmentPath }),
        ...(testsPath === undefined ? {} : { testsPath }),
      }),
    );
    const code = await exit;
    await leave(page);
    return code;
  } finally {
    await browser.close();
    await server.stop();
  }
}

function text(value: string | boolean | (string | boolean)[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function fail(message: string): never {
  throw new Error(message);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
