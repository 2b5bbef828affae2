/** Hashes files away from the thread that asks. Imports nothing of ours, so that it starts in a moment. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { HashAnswer, HashQuestion } from './hashPool';

const buffer = Buffer.allocUnsafe(1 << 20);

parentPort?.on('message', (question: HashQuestion) => {
  parentPort?.postMessage(answer(question));
});

function answer({ path, algorithms }: HashQuestion): HashAnswer {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const hashes = algorithms.map((name) => createHash(name));
    let bytes = 0;
    for (let read; (read = readSync(file, buffer, 0, buffer.length, null)) > 0; bytes += read) {
      for (const hash of hashes) hash.update(buffer.subarray(0, read));
    }
    return { bytes, digests: hashes.map((hash) => hash.digest('hex')) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { code, message };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
