/** Work of a server that ends when nobody waits for it any more. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lost } from './troubles';

/** How long after its own limit a server may still say that it stopped. */
const LATE_MS = 5000;
/** How long it may take to tell a server. */
const STOP_MS = 2000;
/** Of a timer. */
const LONGEST_MS = 2 ** 31 - 1;

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
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  // A signal made of others may be collected before it tells of a time that is up.
  const late = setTimeout(end, Math.min(timeoutMs + LATE_MS, LONGEST_MS));
  signal.addEventListener('abort', end);
  const stopped = async (): Promise<never> => {
    if (!signal.aborted) await once(over.signal, 'abort', { signal: done.signal });
    await Promise.race([stop(), sleep(STOP_MS, undefined, { ref: false })]);
    throw signal.aborted ? signal.reason : new Lost('the query was to end, and no answer came');
  };
  try {
    return await Promise.race([work, stopped()]);
  } finally {
    done.abort();
    clearTimeout(late);
    signal.removeEventListener('abort', end);
    // Whoever lost the race says so later.
    work.catch(() => undefined);
  }
}
