/** What a job process does: one build, preview, profile or comparison, then it ends. It loads only what that takes. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import * as z from 'zod';
import {
  driftProgress,
  exportProgress,
  fetchProgress,
  jobProgress,
  profileProgress,
  profileUpdate,
  runBuild,
  runDiff,
  runDrift,
  runExport,
  runFetch,
  runPair,
  runPreview,
  runProfile,
  runSchema,
  runSchemaDiff,
  runValidate,
  validateProgress,
} from './jobMessages';
import { answer } from './rpc';
import { explain } from './trouble';
import type {
  DatasetSpec,
  DriftProgress,
  ExportProgress,
  ProfileProgress,
  ProfileUpdate,
  Progress,
  ValidateProgress,
} from '../protocol';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
connection.onRequest(runBuild, (job, token) =>
  answer(token, (signal) =>
    told(job, async () => {
      const [{ buildDataset }, { checkerOf }, { guardOf }] = await Promise.all([
        import('./build'),
        import('./checkRows'),
        import('./schemaGuard'),
      ]);
      const onProgress = (progress: Progress) => void connection.sendNotification(jobProgress, progress);
      return buildDataset(job, onProgress, signal, checkerOf(job), guardOf(job));
    }),
  ),
);
connection.onRequest(runPreview, (job, token) =>
  answer(token, (signal) =>
    told(job, async () => {
      const [{ previewDataset }, { readSides }] = await Promise.all([import('./preview'), import('./build')]);
      return previewDataset(job, readSides, signal);
    }),
  ),
);
connection.onRequest(runDiff, (job, token) =>
  answer(token, (signal) => told(job, async () => (await import('./diff')).diffBuilds(job, signal))),
);
connection.onRequest(runProfile, (job, token) =>
  answer(token, (signal) => {
    const listener = {
      onProgress: (progress: ProfileProgress) => void connection.sendNotification(profileProgress, progress),
      onUpdate: (update: ProfileUpdate) => void connection.sendNotification(profileUpdate, update),
    };
    return told(job, async () => (await import('./profile')).profileRows(job, listener, signal));
  }),
);
connection.onRequest(runValidate, (job, token) =>
  answer(token, (signal) => {
    const onProgress = (progress: ValidateProgress) => void connection.sendNotification(validateProgress, progress);
    return told(job, async () => (await import('./validateRows')).validateRows(job, onProgress, signal));
  }),
);
connection.onRequest(runDrift, (job, token) =>
  answer(token, (signal) => {
    const onProgress = (progress: DriftProgress) => void connection.sendNotification(driftProgress, progress);
    return told(job, async () => (await import('./driftRows')).driftRows(job, onProgress, signal));
  }),
);
connection.onRequest(runExport, (job, token) =>
  answer(token, (signal) => {
    const onProgress = (progress: ExportProgress) => void connection.sendNotification(exportProgress, progress);
    return told(job, async () => (await import('./export')).exportRows(job, onProgress, signal));
  }),
);
connection.onRequest(runFetch, (job, token) =>
  answer(token, (signal) =>
    told(job, async () => {
      const [{ Credentials }, { fetchRows }] = await Promise.all([import('./credentials'), import('./databases')]);
      const onProgress = (rows: number, bytes: number) =>
        void connection.sendNotification(fetchProgress, { rows, bytes });
      const credentials = new Credentials({ handed: job.handed });
      return fetchRows(job.source, job.target, { ...job, credentials, now: new Date(), signal, onProgress });
    }),
  ),
);
connection.onRequest(runPair, (job, token) =>
  answer(token, (signal) => told(job, async () => (await import('./profile')).pairOfRows(job, signal))),
);
connection.onRequest(runSchema, (job, token) =>
  answer(token, (signal) => told(job, async () => (await import('./schemaRows')).schemaOfRows(job, signal))),
);
connection.onRequest(runSchemaDiff, (job, token) =>
  answer(token, (signal) => told(job, async () => (await import('./schemaRows')).compareSchemas(job, signal))),
);

async function told<T>({ spec }: { readonly spec: Pick<DatasetSpec, 'name'> }, work: () => Promise<T>): Promise<T> {
  // A job reads a document once: to compile a function for each schema takes longer than to go without.
  z.config({ jitless: true });
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
