/** How much of the machine a run may use. */
import { availableParallelism, totalmem } from 'node:os';
import { MAX_WORKERS, memoryBytes, memorySize, type UserEngine } from '../config';
import { MldataError, type RunOptions } from '../protocol';

const GIB = 1024 ** 3;

export interface Limits {
  readonly threads: number;
  /** As the engine takes it, e.g. `512MB`. */
  readonly memoryLimit: string;
}

/**
 * Throws `limit-invalid` for a number of threads or an amount of memory that is none.
 * @param user what holds where the run says nothing
 */
export function limitsOf({ threads, memoryLimit }: RunOptions, user: UserEngine = {}): Limits {
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1 || threads > MAX_WORKERS)) {
    throw new MldataError(
      'usage',
      'limit-invalid',
      `${threads} is no number of threads. Give a whole number from 1 to ${MAX_WORKERS}.`,
    );
  }
  if (memoryLimit !== undefined && !memorySize.test(memoryLimit)) {
    throw new MldataError(
      'usage',
      'limit-invalid',
      `${memoryLimit} is no amount of memory. Give a number with its unit, such as 512MB or 4GB.`,
    );
  }
  return {
    threads: threads ?? user.workers ?? availableParallelism(),
    memoryLimit: memoryLimit ?? user.memoryLimit ?? defaultMemory(),
  };
}

/** A quarter of the machine, but no less than the engine needs and no more than a build profits from. */
function defaultMemory(): string {
  const bytes = Math.min(4 * GIB, Math.max(GIB / 2, totalmem() / 4));
  return `${Math.floor(bytes / 1e6)}MB`;
}

/** Below this, builds that would do well by themselves could run out of it. */
const LEAST_BYTES = 500e6;

/** How many jobs may run beside each other: each needs a thread, and memory to work with. */
export function mostAtOnce({ threads, memoryLimit }: Limits): number {
  return Math.max(1, Math.min(threads, Math.floor(memoryBytes(memoryLimit) / LEAST_BYTES)));
}

/** What a job gets that takes so many of the threads. */
export function shareOf(limits: Limits, threads: number): Limits {
  if (threads >= limits.threads) return limits;
  const bytes = (memoryBytes(limits.memoryLimit) * threads) / limits.threads;
  return { threads, memoryLimit: `${Math.max(1, Math.floor(bytes / 1e6))}MB` };
}

/** What the cache of a workspace may hold where nobody says: a few large datasets, and little of a disk. */
export const CACHE_SIZE = '10GB';

/** In bytes. Throws `limit-invalid` for what is no amount. */
export function cacheBytesOf({ cacheSize }: RunOptions, user: UserEngine = {}): number {
  if (cacheSize !== undefined && !memorySize.test(cacheSize)) {
    throw new MldataError(
      'usage',
      'limit-invalid',
      `${cacheSize} is no size of a cache. Give a number with its unit, such as 512MB or 10GB.`,
    );
  }
  return memoryBytes(cacheSize ?? user.cacheSize ?? CACHE_SIZE);
}

/** What the process takes beside what the engine counts: its code, the runtime, buffers of readers and writers. */
const BESIDE = 200e6;

/** The part of an amount that the engine may count on, so that the whole process stays near it. */
export function engineMemory(amount: string): string {
  const bytes = memoryBytes(amount);
  return `${Math.floor(Math.max(bytes - BESIDE, bytes * 0.6))}B`;
}
