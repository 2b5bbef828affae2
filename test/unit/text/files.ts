/** Files of given bytes, for one test each. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const never = new AbortController().signal;
export const csv = {
  delimiter: ',',
  quote: '"',
  escape: '"',
  header: true,
  skipLines: 0,
  columns: ['a', 'b'],
} as const;

/** Calls `use` with the path of a file that holds `bytes`, in a folder that is gone afterwards. */
export async function withFile<T>(
  bytes: string | Buffer,
  use: (path: string, folder: string) => Promise<T>,
  name = 'data.csv',
) {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-text-'));
  try {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return await use(path, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function fixture(name: string): string {
  return join(import.meta.dirname, '../../fixtures/text', name);
}
