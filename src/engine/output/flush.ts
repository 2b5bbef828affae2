import { open } from 'node:fs/promises';

/** Forces a file or folder to disk; Windows cannot open folders for that and does not need it. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    await handle?.close();
  }
}
