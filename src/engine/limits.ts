/** How much of the machine a run may use. */
import { availableParallelism, totalmem } from 'node:os';
import { MAX_WORKERS, memorySize, type UserEngine } from '../config';
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
