/** Where things lie, seen from a config. */
import * as path from 'node:path';
import { Uri, workspace } from 'vscode';
import { CONFIG_FILES } from '../../config';

/** Folders in which nothing of the user's is looked for. */
const IGNORED = ['node_modules', '.mldata', '.git'];
export const IGNORED_GLOB = `**/{${IGNORED.join(',')}}/**`;

export function isIgnored(uri: Uri): boolean {
  return workspace
    .asRelativePath(uri, false)
    .split('/')
    .some((part) => IGNORED.includes(part));
}

export function isConfig(uri: Uri): boolean {
  return CONFIG_FILES.some((name) => uri.path.endsWith(`/${name}`));
}

/** The folder that a config's paths are relative to. */
export function folderOf(config: Uri): Uri {
  return Uri.joinPath(config, '..');
}

/** A path from a config or a finding: relative to the config's folder, or absolute. */
export function resolve(config: Uri, file: string): Uri {
  return path.isAbsolute(file)
    ? config.with({ path: Uri.file(path.normalize(file)).path })
    : Uri.joinPath(config, '..', file);
}

/** Short name of a config for people: relative to the workspace, with the folder's name when there are several. */
export function configLabel(config: Uri): string {
  return workspace.asRelativePath(config);
}

/** Whether something lies in one of the opened folders. */
export function isInside(uri: Uri): boolean {
  return workspace.getWorkspaceFolder(uri) !== undefined;
}
