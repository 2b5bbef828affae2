/** What git and DVC read themselves: as a pointer of Git LFS it would stop them, in a clone that did not fetch it. */
import { posix } from 'node:path';
import { PLAIN_TEXT, type AttributeLine } from './attributesFile';
import { isOpen } from './patternText';

/** As patterns. */
export const GUARDED = ['*.dvc', 'dvc.yaml', 'dvc.lock', '.gitignore', '.gitattributes'] as const;
type Guarded = (typeof GUARDED)[number];

/** Which of them a file is. */
export function guardOf(path: string): Guarded | undefined {
  const name = posix.basename(path);
  return GUARDED.find((guarded) => (guarded === '*.dvc' ? name.endsWith('.dvc') : guarded === name));
}

/** Whether a file is never one of Git LFS, which itself refuses what belongs to git and to it. */
export function isGuarded(path: string): boolean {
  return guardOf(path) !== undefined || /^\.(git|lfs)/.test(posix.basename(path));
}

/** Names that may come to stand beside these files, and that a pattern must not take in: what `dvc add` would write, too. */
export function guardedNames(files: readonly string[]): string[] {
  const folders = [...new Set(files.map((file) => posix.dirname(file)))];
  const names = folders.flatMap((folder) => GUARDED.map((name) => posix.join(folder, name.replace('*', 'data'))));
  return [...files.map((file) => `${file}.dvc`), ...names];
}

/** To stand behind the pattern, for the folder that it names before it leaves anything open. */
export function guardLine(pattern: string, guarded: Guarded): AttributeLine {
  return { pattern: [...fixedFolders(pattern), '**', guarded].join('/'), attributes: PLAIN_TEXT };
}

function fixedFolders(pattern: string): string[] {
  const folders = pattern.split('/').slice(0, -1);
  const end = folders.findIndex(isOpen);
  return end === -1 ? folders : folders.slice(0, end);
}
