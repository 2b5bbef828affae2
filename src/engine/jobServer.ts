/** What a job process does: one build or preview, then it ends. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { buildDataset } from './build';
import { jobProgress, runBuild, runPreview } from './jobMessages';
import { previewDataset } from './preview';
import { answer } from './rpc';
import { explain } from './trouble';
import type { DatasetSpec } from '../protocol';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
connection.onRequest(runBuild, (job, token) =>
  answer(token, (signal) =>
    told(job, () => buildDataset(job, (progress) => void connection.sendNotification(jobProgress, progress), signal)),
  ),
);
connection.onRequest(runPreview, (job, token) =>
  answer(token, (signal) => told(job, () => previewDataset(job, signal))),
);

async function told<T>({ spec }: { readonly spec: DatasetSpec }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, spec.name);
  }
}

connection.listen();
// The parent is gone: nobody waits for the result, and nobody would clean up.
process.on('disconnect', () => process.exit(0));
// Ctrl+C reaches the whole process group; the parent decides.
process.on('SIGINT', () => undefined);
