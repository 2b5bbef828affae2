/** Works on many files away from the thread that asks. */
import { parentPort } from 'node:worker_threads';
import { answer, type Question } from './answer';
import type { Answered } from './disk';

parentPort?.on('message', (question: Question) => {
  parentPort?.postMessage(answered(question));
});

function answered(question: Question): Answered {
  try {
    return { answer: answer(question) };
  } catch (error) {
    const { code, message, path } = error as NodeJS.ErrnoException;
    return { failed: { code, message, path } };
  }
}
