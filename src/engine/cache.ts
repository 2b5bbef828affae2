/** What builds keep in `.mldata/cache`: how much it is, and removing it. Builds that run meanwhile read their sources. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { evict, held } from './incremental';
import { cacheBytesOf } from './limits';
import { explain } from './trouble';
import { readUserConfig } from './userLayer';
import { documentHead } from './version';
import { cacheFolders, openWorkspace } from './workspace';
import type { CacheReport, CacheRequest } from '../protocol';

/** Throws `limit-invalid`, and `output-blocked` where something else stands in the folder's place. */
export async function cacheOf({ configPath, action, ...options }: CacheRequest): Promise<CacheReport> {
  const maxBytes = cacheBytesOf(options, (await readUserConfig())?.engine);
  const { state } = await openWorkspace(configPath);
  const { cache, hashes, staged } = cacheFolders(state);
  let removed = { entries: 0, bytes: 0 };
  try {
    if (action === 'prune') removed = await evict(staged, maxBytes);
    if (action === 'clear') {
      removed = await evict(staged, 0);
      for (const folder of [hashes, staged])
        for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
    }
  } catch (error) {
    throw explain(error, cache);
  }
  return {
    ...documentHead('mldata/cache'),
    folder: cache,
    ...(await held(staged)),
    maxBytes,
    removed,
  };
}
