/**
 * Many files at a time, each in a thread of its own: what one does to its thread, be it that it never comes to an end or
 * takes all memory, is a problem of that file and of no other.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cancelled, MldataError, type MldataErrorData } from '../../../protocol';
import { aborted } from '../aborted';
import { WorkerDied, WorkerPool, type Ask } from '../../workerPool';
import type { MediaProblem, MediaVerdict } from './verdict';

export interface FileToCheck {
  readonly path: string;
  /** What is expected; left out where either will do. */
  readonly kind?: 'image' | 'audio';
}

export interface CheckFilesOptions {
  /** How many files at a time; as many as there are cores where it is left out. */
  readonly workers?: number;
  /** How long a file may take without getting on; recordings get on with each stretch that is decoded. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
  /** In the order in which they are done. */
  readonly onChecked?: (verdict: MediaVerdict, index: number) => void;
  /** What runs in the threads. */
  readonly script?: string;
}

export interface CheckQuestion extends FileToCheck {
  /** That decoding an image may take. */
  readonly seconds: number;
  /** Is added to whenever the check gets on. */
  readonly headway: Int32Array;
}

export type CheckAnswer = { readonly verdict: MediaVerdict } | { readonly error: MldataErrorData };

const TIMEOUT_MS = 5000;
/** How often it is looked within that time whether a check gets on. */
const LOOKS = 5;
/** For what notices by itself that it takes too long, and says so. */
const GRACE_MS = 500;
/** Of a thread's objects; files and samples lie outside of them. */
const MOST_MEGABYTES = 256;
/** The bundle of `media.worker.ts`, beside that of whoever asks. */
const SCRIPT = join(__dirname, 'media.worker.js');

/** In the order of the files. Throws `cancelled`, and what `checkMedia` throws. */
export async function checkFiles(
  files: readonly FileToCheck[],
  {
    workers = availableParallelism(),
    timeoutMs = TIMEOUT_MS,
    signal,
    onChecked = () => undefined,
    script = SCRIPT,
  }: CheckFilesOptions,
): Promise<MediaVerdict[]> {
  const threads = new WorkerPool<CheckQuestion, CheckAnswer>(script, workers, {
    maxOldGenerationSizeMb: MOST_MEGABYTES,
  });
  const end = new AbortController();
  const stop = () => {
    end.abort(cancelled());
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const checks = files.map(async (file, index) => {
    const verdict = await threads.use((ask) => verdictOf(file, threads.usable ? ask : askHere, timeoutMs, end.signal));
    onChecked(verdict, index);
    return verdict;
  });
  try {
    return await Promise.all(checks);
  } catch (error) {
    end.abort(error);
    await Promise.allSettled(checks);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await threads.close();
  }
}

async function verdictOf(
  file: FileToCheck,
  ask: Ask<CheckQuestion, CheckAnswer>,
  timeoutMs: number,
  end: AbortSignal,
): Promise<MediaVerdict> {
  end.throwIfAborted();
  const watch = new Watch(timeoutMs + GRACE_MS, end);
  try {
    const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
    const answer = await ask({ ...file, seconds, headway: watch.headway }, watch.signal);
    if ('error' in answer) throw MldataError.fromData(answer.error);
    return answer.verdict;
  } catch (error) {
    end.throwIfAborted();
    if (watch.stuck) {
      const message = `Checking the file was given up after ${timeoutMs / 1000} s in which it did not get on.`;
      return failure({ code: 'file-timeout', severity: 'error', message });
    }
    if (!(error instanceof WorkerDied)) throw error;
    const message = `The file cannot be checked: ${error.message}.`;
    return failure({ code: 'file-unreadable', severity: 'error', message });
  } finally {
    watch.stop();
  }
}

function failure(problem: MediaProblem): MediaVerdict {
  return { decoded: false, problems: [problem] };
}

/** In this thread, where the source itself runs; what never gives it back is not noticed. */
async function askHere(question: CheckQuestion, signal: AbortSignal): Promise<CheckAnswer> {
  const { answer } = await import('./answer');
  return Promise.race([answer(question, signal), aborted(signal)]);
}

/** Notices where a check stands still. */
class Watch {
  readonly headway = new Int32Array(new SharedArrayBuffer(4));
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly end: AbortSignal;
  private still = 0;
  private seen = 0;
  stuck = false;

  constructor(patienceMs: number, end: AbortSignal) {
    this.timer = setInterval(() => {
      this.look();
    }, patienceMs / LOOKS);
    this.end = end;
    end.addEventListener('abort', this.abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  stop(): void {
    clearInterval(this.timer);
    this.end.removeEventListener('abort', this.abort);
  }

  private readonly abort = () => {
    this.controller.abort();
  };

  private look(): void {
    const now = Atomics.load(this.headway, 0);
    // A thread that is only starting is not yet at the file.
    this.still = now === this.seen && now > 0 ? this.still + 1 : 0;
    this.seen = now;
    if (this.still < LOOKS) return;
    this.stuck = true;
    this.controller.abort();
  }
}
