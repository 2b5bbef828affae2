/** Where DVC is: what the settings say, the interpreter that the Python extension has chosen, the PATH. */
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { Uri, workspace } from 'vscode';
import type { DvcMode, DvcOptions } from '../protocol';
import { chosenPython } from './chosenPython';

/** It starts Python and imports much. */
const STARTUP_MS = 60_000;

/** @param resource a file of the workspace, such as the config: settings and interpreters go by folder */
export async function dvcOptions(resource: Uri): Promise<DvcOptions> {
  const mode = workspace.getConfiguration('mldata', resource).get<DvcMode>('dvc.mode', 'auto');
  return { mode, executables: mode === 'native' ? [] : await executables(resource) };
}

/** The command line of the installed DVC; undefined where there is none that starts. */
export async function findDvc(resource: Uri): Promise<readonly string[] | undefined> {
  for (const command of [...(await executables(resource)), ['dvc']]) {
    if (await starts(command)) return command;
  }
  return undefined;
}

async function executables(resource: Uri): Promise<readonly (readonly string[])[]> {
  const python = await chosenPython(resource);
  return [...fromSettings(resource), ...(python === undefined ? [] : [[python, '-m', 'dvc']])];
}

/** A path may be relative to the opened folder; a mere name is looked for on the PATH. */
function fromSettings(resource: Uri): readonly (readonly string[])[] {
  const written = workspace.getConfiguration('mldata', resource).get<string>('dvc.path', '').trim();
  if (written === '') return [];
  const folder = workspace.getWorkspaceFolder(resource)?.uri ?? Uri.joinPath(resource, '..');
  return [[/[\\/]/.test(written) ? path.resolve(folder.fsPath, written) : written]];
}

async function starts([program = '', ...args]: readonly string[]): Promise<boolean> {
  const env = { ...process.env, DVC_NO_ANALYTICS: 'true' };
  return promisify(execFile)(program, [...args, '--version'], { timeout: STARTUP_MS, windowsHide: true, env }).then(
    () => true,
    () => false,
  );
}
