/** Another window or process may be at the same file: then this one waits, and takes what the other brought. */
import { randomBytes } from 'node:crypto';
import { MldataError } from '../../protocol';
import { lock } from '../locks';
import { pause } from './backoff';
import type { Watch } from './download';

/** How often it is looked whether the other is done. */
const LOOK_MS = 200;

/**
 * Throws `cancelled`, and what the disk does.
 * @param doing what is done to the file under the lock
 */
export async function lockWhenFree(
  path: string,
  name: string,
  doing: string,
  { log, signal }: Pick<Watch, 'log' | 'signal'>,
): Promise<() => Promise<void>> {
  for (let told = false; ; told = true) {
    try {
      return await lock(`${path}.lock`, `${path}.lock-${randomBytes(4).toString('hex')}`, name, doing);
    } catch (error) {
      if (!(error instanceof MldataError) || error.code !== 'dataset-locked') throw error;
    }
    if (!told) log(`${name} is being ${doing} by another process; waiting until it is done`);
    await pause(LOOK_MS, signal);
  }
}
