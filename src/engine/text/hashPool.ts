/** Threads that hash files: as many as are asked of at once, up to the number of cores. They keep no process alive. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import pLimit, { type LimitFunction } from 'p-limit';
import { cancelled } from '../../protocol';

export interface HashQuestion {
  readonly path: string;
  readonly algorithms: readonly string[];
  /** Set to 1: whoever asked no longer wants to know. */
  readonly stop: Int32Array;
}

export type HashAnswer =
  | { readonly bytes: number; readonly digests: readonly string[] }
  | { readonly stopped: true }
  | { readonly code: string | undefined; readonly message: string };

type Hashed = Extract<HashAnswer, { readonly bytes: number }>;

/** The bundle of `hash.worker.ts`, beside that of whoever asks; absent where the source itself runs. */
const SCRIPT = join(__dirname, 'hash.worker.js');

export class HashPool {
  private readonly idle: Worker[] = [];
  private readonly limit: LimitFunction;
  private started = 0;
  readonly usable: boolean;

  constructor(
    private readonly script = SCRIPT,
    atOnce = availableParallelism(),
  ) {
    this.limit = pLimit(atOnce);
    this.usable = existsSync(script);
  }

  /** Whether asking costs no start of a thread. */
  get warm(): boolean {
    return this.started > 0;
  }

  /** Rejects with the error of the file system, or the cancelled error. */
  hash(path: string, algorithms: readonly string[], signal: AbortSignal): Promise<Hashed> {
    return this.limit(async () => {
      if (signal.aborted) throw cancelled();
      const stop = new Int32Array(new SharedArrayBuffer(4));
      const onAbort = () => Atomics.store(stop, 0, 1);
      signal.addEventListener('abort', onAbort, { once: true });
      const worker = this.idle.pop() ?? this.start();
      try {
        const answer = await ask(worker, { path, algorithms, stop });
        if ('bytes' in answer) return answer;
        throw 'stopped' in answer ? cancelled() : Object.assign(new Error(answer.message), { code: answer.code });
      } finally {
        signal.removeEventListener('abort', onAbort);
        // A thread that ended has the number -1.
        if (worker.threadId !== -1) this.idle.push(worker);
      }
    });
  }

  private start(): Worker {
    const worker = new Worker(this.script);
    this.started++;
    worker.unref();
    // One that dies answers nothing more; whoever waits for it is told by `ask`.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      this.started--;
      const at = this.idle.indexOf(worker);
      if (at !== -1) this.idle.splice(at, 1);
    });
    return worker;
  }
}

/** Keeps the process alive until the answer is there. */
function ask(worker: Worker, question: HashQuestion): Promise<HashAnswer> {
  return new Promise<HashAnswer>((done, fail) => {
    const died = () => {
      fail(new Error('A thread that hashes files ended'));
    };
    worker.ref();
    worker.once('exit', died);
    worker.once('message', (answer: HashAnswer) => {
      worker.off('exit', died);
      worker.unref();
      done(answer);
    });
    worker.postMessage(question);
  });
}
