/** A {@link HashedWriter} in a thread of its own: asked by messages, and answering by messages. */
import { parentPort, workerData } from 'node:worker_threads';
import { HashedWriter, type WriterOptions } from './hashedWriter';
import type { WriterAnswer, WriterAsk, WriterQuestion } from './writerThread';

const writer = new HashedWriter(workerData as WriterOptions, true);

parentPort?.on('message', ({ id, ask }: WriterQuestion) => {
  const tell = (answer: WriterAnswer) => parentPort?.postMessage(answer);
  answerTo(ask).then(
    (value) => tell({ id, value }),
    (error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      tell({ id, failed: { code, message } });
    },
  );
});

function answerTo(ask: WriterAsk): Promise<unknown> {
  switch (ask.to) {
    case 'confirm':
      return writer.confirm(...ask.with);
    case 'write':
      return writer.write(...ask.with);
    case 'record':
      return writer.record(...ask.with);
    case 'digests':
      return writer.digests();
  }
}
