/** Work of a server that ends when nobody waits for it any more. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lost } from './troubles';

/** How long after its own limit a server may still say that it stopped. */
const LATE_MS = 5000;
/** How long it may take to tell a server. */
const STOP_MS = 2000;

/**
 * What `work` comes to. Rejects when `signal` aborts, and with {@link Lost} when the server should have ended it long
 * ago: in both cases `stop` tells the server before.
 */
export async function stoppable<T>(
  work: Promise<T>,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
  stop: () => Promise<void>,
): Promise<T> {
  const done = new AbortController();
  const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs + LATE_MS)]);
  const stopped = async (): Promise<never> => {
    if (!either.aborted) await once(either, 'abort', { signal: done.signal });
    await Promise.race([stop(), sleep(STOP_MS, undefined, { ref: false })]);
    throw signal.aborted ? signal.reason : new Lost('the query was to end, and no answer came');
  };
  try {
    return await Promise.race([work, stopped()]);
  } finally {
    done.abort();
    // Whoever lost the race says so later.
    work.catch(() => undefined);
  }
}
