/** Threads that answer questions: as many as are asked of at once, up to a limit. They keep no process alive. */
import { existsSync } from 'node:fs';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import pLimit, { type LimitFunction } from 'p-limit';

/** The thread died, of whatever it says, before it had answered. */
export class WorkerDied extends Error {}

/** Rejects with {@link WorkerDied}; and with the reason of the signal once it is aborted, which ends the thread. */
export type Ask<Question, Answer> = (question: Question, signal: AbortSignal) => Promise<Answer>;

export class WorkerPool<Question, Answer> {
  private readonly idle: Worker[] = [];
  private readonly limit: LimitFunction;
  private started = 0;
  readonly usable: boolean;

  /** @param script the bundle of a `*.worker.ts`, which is absent where the source itself runs */
  constructor(
    private readonly script: string,
    atOnce: number,
    /** What a thread may take before it ends. */
    private readonly resourceLimits?: ResourceLimits,
  ) {
    this.limit = pLimit(atOnce);
    this.usable = existsSync(script);
  }

  /** Whether asking costs no start of a thread. */
  get warm(): boolean {
    return this.started > 0;
  }

  /** Starts as many threads as are about to be asked at once, so that they are there by then. */
  warmUp(count: number): void {
    while (this.usable && this.started < count) this.idle.push(this.start());
  }

  /** Waits until a thread is free; it is the caller's until what it does with it has ended. */
  use<T>(work: (ask: Ask<Question, Answer>) => Promise<T>): Promise<T> {
    return this.limit(() => work((question, signal) => this.ask(question, signal)));
  }

  /** Ends the threads that have nothing to do. */
  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((worker) => worker.terminate()));
  }

  private async ask(question: Question, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const worker = this.idle.pop() ?? this.start();
    const answer = await answerOf<Answer>(worker, question, signal);
    // A thread that ended has the number -1.
    if (worker.threadId !== -1) this.idle.push(worker);
    return answer;
  }

  private start(): Worker {
    // The script is a bundle: what loads the sources of whoever started this process would only make it slow.
    const worker = new Worker(this.script, {
      execArgv: [],
      ...(this.resourceLimits && { resourceLimits: this.resourceLimits }),
    });
    worker.unref();
    this.started++;
    // Whoever waits for the answer of one that dies is told by `answerOf`.
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
function answerOf<Answer>(worker: Worker, question: unknown, signal: AbortSignal): Promise<Answer> {
  return new Promise<Answer>((done, fail) => {
    let cause: Error | undefined;
    const onError = (error: Error) => {
      cause = error;
    };
    const settle = () => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
      worker.unref();
    };
    const onMessage = (answer: Answer) => {
      settle();
      done(answer);
    };
    const onExit = () => {
      settle();
      fail(new WorkerDied(cause?.message ?? 'A thread ended before it had answered', { cause }));
    };
    const onAbort = () => {
      settle();
      // It ends when it can; what it does outside of JavaScript may take its time.
      void worker.terminate();
      fail(signal.reason as Error);
    };
    worker.ref();
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal.addEventListener('abort', onAbort, { once: true });
    worker.postMessage(question);
  });
}
