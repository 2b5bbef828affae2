/** What a job process does: one build, preview or comparison, then it ends. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { buildDataset, readSides } from './build';
import { diffBuilds } from './diff';
import { jobProgress, runBuild, runDiff, runPreview } from './jobMessages';
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
  answer(token, (signal) => told(job, () => previewDataset(job, readSides, signal))),
);
connection.onRequest(runDiff, (job, token) => answer(token, (signal) => told(job, () => diffBuilds(job, signal))));

async function told<T>({ spec }: { readonly spec: Pick<DatasetSpec, 'name'> }, work: () => Promise<T>): Promise<T> {
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
