/** The list in a folder of quarantine: a line for each file that was moved there, written before it is moved. */
import { appendFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod';
import { MldataError, MOVED_FILE } from '../../../protocol';

const absolute = z.string().refine((path) => isAbsolute(path) && !path.includes('\0'));
const movedSchema = z.object({ from: absolute, to: absolute, because: z.array(z.string()) });
export type Moved = z.infer<typeof movedSchema>;

/** Makes the list fit to be added to: whoever is interrupted while writing leaves part of a line, of a file that was not moved. */
export async function mendMoved(folder: string): Promise<void> {
  const list = join(folder, MOVED_FILE);
  const bytes = await readFile(list).catch(() => Buffer.alloc(0));
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.length) await truncate(list, end);
}

/** It is on the disk when this resolves. */
export async function addMoved(folder: string, moved: Moved): Promise<void> {
  await appendFile(join(folder, MOVED_FILE), lineOf(moved), { flush: true });
}

/** Oldest first. Throws `quarantine-unknown` where there is no list, and `quarantine-list` where it is damaged. */
export async function readMoved(folder: string): Promise<Moved[]> {
  const list = join(folder, MOVED_FILE);
  const text = await readFile(list, 'utf8').catch((error: unknown) => {
    throw new MldataError(
      'usage',
      'quarantine-unknown',
      `There is no ${MOVED_FILE} to be read in ${folder}, so it is not known which files were moved there. Name the folder that was given as --quarantine.`,
      [],
      { cause: error },
    );
  });
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [movedOf(line, `Line ${index + 1} of ${list}`)]));
}

/** Keeps only these; without any there is no list. */
export async function keepMoved(folder: string, moved: readonly Moved[]): Promise<void> {
  const list = join(folder, MOVED_FILE);
  if (moved.length === 0) {
    await rm(list, { force: true });
    return;
  }
  const draft = `${list}.draft`;
  await writeFile(draft, moved.map(lineOf).join(''), { flush: true });
  await rename(draft, list);
}

function lineOf(moved: Moved): string {
  return `${JSON.stringify(moved)}\n`;
}

function movedOf(line: string, where: string): Moved {
  try {
    return movedSchema.parse(JSON.parse(line));
  } catch (error) {
    throw damagedList(`${where} does not say where a file came from and where it lies.`, error);
  }
}

/** @param what a sentence that names the line or what it says */
export function damagedList(what: string, cause?: unknown): MldataError {
  const message = `${what} Nothing was put back. Correct the list, or move the files by hand.`;
  return new MldataError('buildFailed', 'quarantine-list', message, [], { cause });
}
