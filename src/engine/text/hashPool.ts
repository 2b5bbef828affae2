/** Threads that hash files, one file each. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cancelled } from '../../protocol';
import { WorkerPool } from '../workerPool';

export interface HashQuestion {
  readonly path: string;
  readonly algorithms: readonly string[];
}

interface Hashed {
  readonly bytes: number;
  readonly digests: readonly string[];
}

export type HashAnswer = Hashed | { readonly code: string | undefined; readonly message: string };

/** The bundle of `hash.worker.ts`, beside that of whoever asks. */
const SCRIPT = join(__dirname, 'hash.worker.js');

export class HashPool {
  private readonly threads: WorkerPool<HashQuestion, HashAnswer>;

  constructor(script = SCRIPT, atOnce = availableParallelism()) {
    this.threads = new WorkerPool(script, atOnce);
  }

  get usable(): boolean {
    return this.threads.usable;
  }

  /** Whether asking costs no start of a thread. */
  get warm(): boolean {
    return this.threads.warm;
  }

  /** Rejects with the error of the file system, or the cancelled error. */
  async hash(path: string, algorithms: readonly string[], signal: AbortSignal): Promise<Hashed> {
    try {
      const answer = await this.threads.use((ask) => ask({ path, algorithms }, signal));
      if ('bytes' in answer) return answer;
      throw Object.assign(new Error(answer.message), { code: answer.code });
    } catch (error) {
      throw signal.aborted ? cancelled() : error;
    }
  }
}
