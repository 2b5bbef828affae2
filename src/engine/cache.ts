/** What builds keep in `.mldata/cache`, and what was fetched: how much it is, and removing it. Builds that run meanwhile read their sources. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { evict, held } from './incremental';
import { cacheBytesOf } from './limits';
import { pruneSnapshots, snapshotsOf } from './snapshots';
import { explain } from './trouble';
import { readUserConfig } from './userLayer';
import { documentHead } from './version';
import { cacheFolders, openWorkspace } from './workspace';
import type { CacheReport, CacheRequest } from '../protocol';

/** Throws `limit-invalid`, and `output-blocked` where something else stands in the folder's place. */
export async function cacheOf({ configPath, action, ...options }: CacheRequest): Promise<CacheReport> {
  const user = await readUserConfig();
  const maxBytes = cacheBytesOf(options, user?.engine);
  const { state, folder } = await openWorkspace(configPath);
  const { cache, hashes, staged } = cacheFolders(state);
  let removed = { entries: 0, bytes: 0 };
  let removedSnapshots = removed;
  try {
    // A source that is still named stays: to fetch it again may take hours, or bring something else.
    if (action !== 'show') removedSnapshots = await pruneSnapshots(configPath, folder, user);
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
    snapshots: await snapshotsOf(configPath, folder, user),
    removedSnapshots,
  };
}
