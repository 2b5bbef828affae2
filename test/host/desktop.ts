/** Which VS Code the in-editor suites run in: a downloaded desktop one where that is possible, else the server host. */
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { cacheFolder } from './cache';
import { onPath } from './processes';

const UPDATE_SERVER = 'https://update.code.visualstudio.com/api/releases/stable';
const ANSWER_MS = 4000;

/** Executable of a desktop VS Code, or nothing where the server host is to be used. MLDATA_TEST_HOST decides if set. */
export async function findDesktop(): Promise<string | undefined> {
  const host = process.env['MLDATA_TEST_HOST'];
  if (host !== undefined && host !== 'desktop' && host !== 'server') {
    throw new Error(`MLDATA_TEST_HOST is "${host}"; it can be desktop or server.`);
  }
  if (host === 'server') return undefined;
  if (host === undefined && !(hasDisplay() && (await downloadsAnswer()))) return undefined;
  if (!hasDisplay())
    throw new Error('A desktop VS Code needs a display: install xvfb, or run with MLDATA_TEST_HOST=server.');
  return downloadAndUnzipVSCode({ cachePath: `${cacheFolder()}/vscode` });
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return process.env['DISPLAY'] !== undefined || onPath('xvfb-run') !== undefined;
}

async function downloadsAnswer(): Promise<boolean> {
  return fetch(UPDATE_SERVER, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
    (response) => response.ok,
    () => false,
  );
}
