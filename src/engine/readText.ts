/** Reading a file that comes with a repository from anywhere. */
import { readFile, stat } from 'node:fs/promises';

/** As much as 16 million characters may take. */
const MAX_BYTES = 48 * 2 ** 20;

/** A pipe would never end, and neither would some devices. Throws what the disk does, and says what it is instead. */
export async function readText(path: string): Promise<string> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error('it is no regular file');
  if (found.size > MAX_BYTES) throw new Error('it is too long');
  return readFile(path, 'utf8');
}
