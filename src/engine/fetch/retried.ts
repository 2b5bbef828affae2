/** Asking again where that may help, with pauses between. */
import { cancelled, MldataError } from '../../protocol';
import { backoffMs, pause } from './backoff';
import type { DownloadMeans, Watch } from './download';
import { Fault, reasonOf } from './faults';

/**
 * Throws `download-failed` when the tries are used up, `cancelled`, and what `once` throws that no other try helps against.
 * @param name what is asked for, as it may be shown
 * @param done what was to be done with it, as errors say
 */
export async function retried<T>(
  name: string,
  done: 'read' | 'told',
  { timing, random }: Pick<DownloadMeans, 'timing' | 'random'>,
  { log, signal }: Pick<Watch, 'log' | 'signal'>,
  once: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await once();
    } catch (error) {
      if (signal.aborted) throw cancelled();
      if (!(error instanceof Fault)) throw error;
      if (failures >= timing.tries) throw gaveUp(`${name} cannot be ${done}`, error, failures);
      const { afterMs } = error.details;
      if (afterMs !== undefined && afterMs > timing.retryAfterMs)
        throw gaveUp(`${name} cannot be ${done}`, error, failures);
      const ms = afterMs ?? backoffMs(failures, timing.backoff, random);
      log(`${name}: ${reasonOf(error)}; trying again in ${(ms / 1000).toFixed(1)} s`);
      await pause(ms, signal);
    }
  }
}

function gaveUp(what: string, error: Fault, tries: number): MldataError {
  const asked = tries === 1 ? '' : `, and ${tries} tries in a row brought no answer`;
  return new MldataError('network', 'download-failed', `${what}: ${reasonOf(error)}${asked}.`, [], {
    cause: error,
  });
}
