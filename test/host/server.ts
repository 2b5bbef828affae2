/** A VS Code server on this machine: the workbench of the tests where no desktop VS Code can be had. */
import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findServer } from './parts';
import { keep, run, stopTree } from './processes';

export interface ServerOptions {
  /** Folder for the server's state, settings and extensions; made by the caller, best a temporary one. */
  readonly data: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Without trust every folder opens in Restricted Mode. */
  readonly trusted: boolean;
  /** Whether dialogs are shown; else VS Code refuses to, as it does under test. */
  readonly dialogs?: boolean;
  /** VSIX files to install first. */
  readonly install?: readonly string[];
}

export interface Server {
  /** Host and port, which is also the authority of its remote file URIs. */
  readonly authority: string;
  readonly process: ChildProcess;
  /** Where its extensions are installed. */
  readonly extensions: string;
  stop(): Promise<void>;
}

const STARTUP_MS = 60_000;

export async function startServer({
  data,
  settings,
  trusted,
  dialogs = false,
  install = [],
}: ServerOptions): Promise<Server> {
  const main = path.join(await findServer(), 'out', 'server-main.js');
  const extensions = path.join(data, 'extensions');
  const user = path.join(data, 'data', 'User');
  await mkdir(extensions, { recursive: true });
  await mkdir(user, { recursive: true });
  await writeFile(path.join(extensions, 'extensions.json'), '[]');
  await writeFile(path.join(user, 'settings.json'), JSON.stringify(settings));
  const folders = ['--server-data-dir', data, '--extensions-dir', extensions];
  for (const vsix of install) {
    await run(process.execPath, [main, ...folders, '--install-extension', vsix, '--accept-server-license-terms']);
  }

  const child = keep(
    process.execPath,
    [
      main,
      ...folders,
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
      ...['--telemetry-level', 'off'],
      ...(dialogs ? [] : ['--enable-smoke-test-driver']),
      ...(trusted ? ['--disable-workspace-trust'] : []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const stop = async (): Promise<void> => stopTree(child);
  let output = '';
  const port = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`The VS Code server did not start within ${STARTUP_MS / 1000} s:\n${output}`));
    }, STARTUP_MS);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`The VS Code server ended while starting:\n${output}`));
    });
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { authority: `127.0.0.1:${port}`, process: child, extensions, stop };
}

export interface PageOptions {
  /** Absolute path of the folder to open. */
  readonly folder?: string;
  /** Absolute path of an extension to load from its sources. */
  readonly developmentPath?: string;
  /** Absolute path of the module whose `run()` is the suite. */
  readonly testsPath?: string;
}

/** Address of a workbench on this server. */
export function workbenchUrl({ authority }: Server, { folder, developmentPath, testsPath }: PageOptions): string {
  const remote = (file: string): string => `vscode-remote://${authority}${uriPath(file)}`;
  const payload = [
    ...(developmentPath === undefined ? [] : [['extensionDevelopmentPath', remote(developmentPath)]]),
    ...(testsPath === undefined ? [] : [['extensionTestsPath', remote(testsPath)]]),
    ['enableProposedApi', ''],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({
    ...(folder === undefined ? { ew: 'true' } : { folder: uriPath(folder) }),
    payload: JSON.stringify(payload),
  });
  return `http://${authority}/?${query.toString()}`;
}

/** `C:\data` is `/C:/data` in a URI. */
function uriPath(file: string): string {
  const slashes = file.replaceAll(path.sep, '/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}
