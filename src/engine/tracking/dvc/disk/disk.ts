/** Threads that read, hash and copy files: such calls are too many, and too long, for the thread that talks to others. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { cancelled } from '../../../../protocol';
import { WorkerPool } from '../../../workerPool';
import { answer, type AnswerTo, type Question } from './answer';

export type Answered =
  | { readonly answer: AnswerTo<Question> }
  | {
      readonly failed: {
        readonly code: string | undefined;
        readonly message: string;
        readonly path: string | undefined;
      };
    };

/** How many are asked at once to keep all threads at work. */
export const AT_ONCE = availableParallelism();

/** The bundle of `dvcDisk.worker.ts`, beside that of whoever asks. */
const threads = new WorkerPool<Question, Answered>(join(__dirname, 'dvcDisk.worker.js'), AT_ONCE);

/** For the first look at a path, which asks two things at once: the threads start while repositories are looked for. */
export function warmUp(): void {
  threads.warmUp(Math.min(2, AT_ONCE));
}

/** Throws what the disk of the cache throws, and the cancelled error. Where the source itself runs there is no bundle. */
export async function ask<Q extends Question>(question: Q, signal: AbortSignal): Promise<AnswerTo<Q>> {
  if (signal.aborted) throw cancelled();
  if (!threads.usable) {
    await setImmediate();
    return answer(question) as AnswerTo<Q>;
  }
  const answered = await threads
    .use((asked) => asked(question, signal))
    .catch((error: unknown) => {
      throw signal.aborted ? cancelled() : error;
    });
  if ('answer' in answered) return answered.answer as AnswerTo<Q>;
  throw Object.assign(new Error(answered.failed.message), answered.failed);
}
