/**
 * Checks image and audio files away from the thread that asks, which ends this one when it takes too long. Imports errors
 * and no schemas, which take longer to load than the rest of it.
 */
import { parentPort } from 'node:worker_threads';
import { answer } from './answer';
import type { CheckQuestion } from './pool';

// Decoders print what they also return.
Object.assign(console, { error: () => undefined });

const never = new AbortController().signal;

parentPort?.on('message', (question: CheckQuestion) => {
  void answer(question, never).then((answered) => parentPort?.postMessage(answered));
});
