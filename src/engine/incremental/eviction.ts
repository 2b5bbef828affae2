/** What is kept of files, and how much of it: what was not used for longest goes first. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface Held {
  readonly entries: number;
  readonly bytes: number;
}

/** Counts the files of a folder that hold rows. */
export async function held(folder: string): Promise<Held> {
  const files = await rowFiles(folder);
  return { entries: files.length, bytes: bytesOf(files) };
}

/**
 * Removes files until the others are no larger than that; tells what was removed. Another build may be about to read one:
 * it parses the source instead.
 */
export async function evict(folder: string, maxBytes: number): Promise<Held> {
  const files = (await rowFiles(folder)).sort((a, b) => a.usedMs - b.usedMs);
  let excess = bytesOf(files) - maxBytes;
  const removed: RowFile[] = [];
  for (const file of files) {
    if (excess <= 0) break;
    await rm(file.path, { force: true });
    removed.push(file);
    excess -= file.bytes;
  }
  return { entries: removed.length, bytes: bytesOf(removed) };
}

interface RowFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
}

async function rowFiles(folder: string): Promise<RowFile[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith('.parquet'))
      .map(async (name) => {
        const path = join(folder, name);
        const there = await lstat(path).catch(() => undefined);
        return there ? [{ path, bytes: there.size, usedMs: there.mtimeMs }] : [];
      }),
  );
  return found.flat();
}

function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
