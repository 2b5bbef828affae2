/** What a job process does: one build, preview, profile or comparison, then it ends. */
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { buildDataset, readSides } from './build';
import { checkerOf } from './checkRows';
import { Credentials } from './credentials';
import { fetchRows } from './databases';
import { diffBuilds } from './diff';
import { driftRows } from './driftRows';
import { exportRows } from './export';
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
import { previewDataset } from './preview';
import { pairOfRows, profileRows } from './profile';
import { answer } from './rpc';
import { explain } from './trouble';
import { guardOf } from './schemaGuard';
import { compareSchemas, schemaOfRows } from './schemaRows';
import { validateRows } from './validateRows';
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
    told(job, () => {
      const onProgress = (progress: Progress) => void connection.sendNotification(jobProgress, progress);
      return buildDataset(job, onProgress, signal, checkerOf(job), guardOf(job));
    }),
  ),
);
connection.onRequest(runPreview, (job, token) =>
  answer(token, (signal) => told(job, () => previewDataset(job, readSides, signal))),
);
connection.onRequest(runDiff, (job, token) => answer(token, (signal) => told(job, () => diffBuilds(job, signal))));
connection.onRequest(runProfile, (job, token) =>
  answer(token, (signal) => {
    const listener = {
      onProgress: (progress: ProfileProgress) => void connection.sendNotification(profileProgress, progress),
      onUpdate: (update: ProfileUpdate) => void connection.sendNotification(profileUpdate, update),
    };
    return told(job, () => profileRows(job, listener, signal));
  }),
);
connection.onRequest(runValidate, (job, token) =>
  answer(token, (signal) => {
    const onProgress = (progress: ValidateProgress) => void connection.sendNotification(validateProgress, progress);
    return told(job, () => validateRows(job, onProgress, signal));
  }),
);
connection.onRequest(runDrift, (job, token) =>
  answer(token, (signal) => {
    const onProgress = (progress: DriftProgress) => void connection.sendNotification(driftProgress, progress);
    return told(job, () => driftRows(job, onProgress, signal));
  }),
);
connection.onRequest(runExport, (job, token) =>
  answer(token, (signal) => {
    const onProgress = (progress: ExportProgress) => void connection.sendNotification(exportProgress, progress);
    return told(job, () => exportRows(job, onProgress, signal));
  }),
);
connection.onRequest(runFetch, (job, token) =>
  answer(token, (signal) => {
    const onProgress = (rows: number, bytes: number) =>
      void connection.sendNotification(fetchProgress, { rows, bytes });
    const credentials = new Credentials({ handed: job.handed });
    const context = { ...job, credentials, now: new Date(), signal, onProgress };
    return told(job, () => fetchRows(job.source, job.target, context));
  }),
);
connection.onRequest(runPair, (job, token) => answer(token, (signal) => told(job, () => pairOfRows(job, signal))));
connection.onRequest(runSchema, (job, token) => answer(token, (signal) => told(job, () => schemaOfRows(job, signal))));
connection.onRequest(runSchemaDiff, (job, token) =>
  answer(token, (signal) => told(job, () => compareSchemas(job, signal))),
);

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
