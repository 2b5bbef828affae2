/** What a job process does: one build, then it ends. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { buildDataset } from './build';
import { jobProgress, runBuild } from './jobMessages';
import { answer } from './rpc';
import { explain } from './trouble';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
connection.onRequest(runBuild, (job, token) =>
  answer(token, async (signal) => {
    try {
      return await buildDataset(job, (progress) => void connection.sendNotification(jobProgress, progress), signal);
    } catch (error) {
      throw explain(error, job.spec.name);
    }
  }),
);
connection.listen();
// The parent is gone: nobody waits for the result, and nobody would clean up.
process.on('disconnect', () => process.exit(0));
// Ctrl+C reaches the whole process group; the parent decides.
process.on('SIGINT', () => undefined);
