/** Where things that tests fetch are kept, so that the next clean checkout finds them. */
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The user's cache folder by the platform's own convention. */
export function cacheFolder(): string {
  const home = os.homedir();
  const byPlatform: Partial<Record<NodeJS.Platform, string>> = {
    darwin: path.join(home, 'Library', 'Caches'),
    win32: process.env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'),
  };
  const base = process.env['XDG_CACHE_HOME'] ?? byPlatform[process.platform] ?? path.join(home, '.cache');
  return path.join(base, 'mldata');
}

/**
 * The cached folder `name`, filled by `fill` when it isn't there yet.
 * It is filled beside its place and renamed into it, so that an interrupted or concurrent run never leaves half of it.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const target = path.join(cacheFolder(), name);
  if (await exists(target)) return target;
  await mkdir(cacheFolder(), { recursive: true });
  const staging = await mkdtemp(`${target}.partial-`);
  try {
    await fill(staging);
    await rename(staging, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error; // else another run was first, and its folder is as good
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return target;
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
