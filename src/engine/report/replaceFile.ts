/** Putting a report where the user says. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MldataError } from '../../protocol';

/** The file is there as a whole or as it was before. Throws `report-unwritable`. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}`);
  try {
    await makeFolder(dirname(file));
    await writeFile(draft, content, { flag: 'wx' });
    await rename(draft, file);
  } catch (error) {
    const { message } = error as Error;
    throw new MldataError(
      'buildFailed',
      'report-unwritable',
      `${file} cannot be written: ${message}. Choose another place.`,
    );
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** With those above it. On file systems where no folder can be made, Node's own recursion never ends. */
async function makeFolder(folder: string): Promise<void> {
  const above = dirname(folder);
  const unlessThere = (error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  };
  await mkdir(folder).catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT' || above === folder) {
      unlessThere(error);
      return;
    }
    await makeFolder(above);
    await mkdir(folder).catch(unlessThere);
  });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** What is told of a name that says no kind of report. */
export function unknownEnding(file: string, endings: readonly string[]): MldataError {
  return new MldataError(
    'usage',
    'report-format',
    `${file} ends in none of ${endings.join(', ')}. Name a file that does.`,
  );
}
