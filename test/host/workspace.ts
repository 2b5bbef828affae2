/** Folders that tests may change: copies, in the system's temporary folder. */
import { rmSync } from 'node:fs';
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A server that was just stopped may still be letting go of its files. */
const forcefully = { recursive: true, force: true, maxRetries: 5, retryDelay: 200 };

export const repository = path.resolve(__dirname, '..', '..');

const temporary = new Set<string>();
process.once('exit', () => {
  for (const folder of temporary) rmSync(folder, forcefully);
});

/** A new folder for this process; gone when it ends, at the latest. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'mldata-test-')));
  temporary.add(folder);
  return folder;
}

/** What builds and exports of the original may have left behind is not copied. */
const derived = new Set(['.mldata', 'datasets', 'exports', 'node_modules', '.git']);

/** A copy of a workspace folder under its own name, so that the window's title reads as it would for a person. */
export async function copyWorkspace(folder: string, into: string): Promise<string> {
  const copy = path.join(into, path.basename(folder));
  await cp(folder, copy, { recursive: true, filter: (file) => !derived.has(path.basename(file)) });
  return copy;
}

export async function remove(folder: string): Promise<void> {
  await rm(folder, forcefully);
  temporary.delete(folder);
}
