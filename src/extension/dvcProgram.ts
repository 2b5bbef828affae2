/** Where DVC is: what the settings say, the interpreter that the Python extension has chosen, the PATH. */
import * as path from 'node:path';
import { Uri, workspace } from 'vscode';
import type { DvcMode, DvcOptions } from '../protocol';
import { chosenPython } from './chosenPython';
import { firstThatStarts } from './programs';

/** @param resource a file of the workspace, such as the config: settings and interpreters go by folder */
export async function dvcOptions(resource: Uri): Promise<DvcOptions> {
  const mode = workspace.getConfiguration('mldata', resource).get<DvcMode>('dvc.mode', 'auto');
  return { mode, executables: mode === 'native' ? [] : await executables(resource) };
}

/** The command line of the installed DVC; undefined where there is none that starts. */
export async function findDvc(resource: Uri): Promise<readonly string[] | undefined> {
  const env = { ...process.env, DVC_NO_ANALYTICS: 'true' };
  return firstThatStarts([...(await executables(resource)), ['dvc']], env);
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
