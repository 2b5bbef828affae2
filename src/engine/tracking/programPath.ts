/** Where Windows finds a program. */
import { lstatSync } from 'node:fs';
import { win32 } from 'node:path';

/** What is started without a shell. */
const ENDINGS = ['', '.com', '.exe'];

/**
 * The file of a program that is only named. Windows would look in the current folder first, which is that of a repository
 * from anywhere; here it is the folders of the PATH. Undefined where none has it; a path stays as it is.
 * @param folders as PATH has them
 */
export function windowsProgram(
  program: string,
  folders: string,
  isFile: (path: string) => boolean = isFileThere,
): string | undefined {
  if (/[\\/:]/.test(program)) return program;
  const names = ENDINGS.filter((ending) => ending !== '' || win32.extname(program) !== '').map((end) => program + end);
  return folders
    .split(win32.delimiter)
    .map((folder) => folder.replaceAll('"', ''))
    .filter((folder) => win32.isAbsolute(folder))
    .flatMap((folder) => names.map((name) => win32.join(folder, name)))
    .find(isFile);
}

/** Programs of its store are links of a kind that nothing can follow. */
function isFileThere(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === false;
}
