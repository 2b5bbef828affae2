/** How long to wait before the next try. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled } from '../../protocol';
import type { Timing } from './timing';

/** Full jitter: anything up to a bound that doubles, so that many who failed at once do not come back at once. */
export function backoffMs(failures: number, { firstMs, mostMs }: Timing['backoff'], random: () => number): number {
  return random() * Math.min(mostMs, firstMs * 2 ** (failures - 1));
}

/** What a `Retry-After` says, as seconds or as a date; undefined for a time that is over, and for anything else. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return ms > 0 ? ms : undefined;
}

/** Throws `cancelled`. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw cancelled();
  });
}
