/**
 * Runs a build, preview or comparison in a process of its own, so that a crash, an out-of-memory kill or a codec that ignores interrupts
 * cannot take anything else down.
 */
import type { ChildProcess } from 'node:child_process';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type RequestType,
} from 'vscode-jsonrpc/node';
import { takeJob } from './jobFork';
import {
  driftProgress,
  exportProgress,
  fetchProgress,
  jobProgress,
  jobWords,
  profileProgress,
  profileUpdate,
  runFetch,
  validateProgress,
} from './jobMessages';
import { thrown } from './rpc';
import {
  cancelled,
  MldataError,
  type DatasetSpec,
  type DriftProgress,
  type ExportProgress,
  type MldataErrorData,
  type ProfileListener,
  type Progress,
  type ValidateProgress,
} from '../protocol';

/** How long a job may take to stop by itself. An interrupt alone can take 30 s inside a slow codec. */
const GRACE_MS = 500;

type Told =
  | { readonly onCheck: (progress: ValidateProgress) => void }
  | { readonly onDrift: (progress: DriftProgress) => void }
  | { readonly onExport: (progress: ExportProgress) => void }
  | { readonly onFetch: (progress: { readonly rows: number; readonly bytes: number }) => void };

/**
 * Rejects with the cancelled error, with what the build threw, or with `job-died`.
 * @param told what is told of a build, of a profile, of checks, of a comparison, of an export, or of rows that are fetched
 */
export async function runJob<Job extends { readonly spec: Pick<DatasetSpec, 'name'> }, Result>(
  entry: string,
  kind: RequestType<Job, Result, MldataErrorData>,
  job: Job,
  told: ((progress: Progress) => void) | ProfileListener | Told,
  signal: AbortSignal,
): Promise<Result> {
  const stopped = () => signal.aborted;
  if (stopped()) throw cancelled();
  const child = takeJob(entry, kind.method === runFetch.method);
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  const died = new Promise<never>((_, reject) => {
    let stderr = '';
    child.stderr?.on('data', (data: Buffer) => (stderr = (stderr + data.toString()).slice(-2000)));
    child.on('error', reject);
    // Unlike `exit`, this comes after its last words.
    child.on('close', (code, killer) => {
      reject(stopped() ? cancelled() : deathOf(kind.method, job.spec.name, code, killer, stderr));
    });
  });
  // Also awaited below; this keeps an early death from counting as unhandled.
  died.catch(() => undefined);
  const cancellation = new CancellationTokenSource();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    cancellation.cancel();
    timer = setTimeout(() => child.kill('SIGKILL'), jobWords[kind.method]?.graceMs ?? GRACE_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (typeof told === 'function') connection.onNotification(jobProgress, told);
  else if ('onCheck' in told) connection.onNotification(validateProgress, told.onCheck);
  else if ('onDrift' in told) connection.onNotification(driftProgress, told.onDrift);
  else if ('onFetch' in told) connection.onNotification(fetchProgress, told.onFetch);
  else if ('onExport' in told) connection.onNotification(exportProgress, told.onExport);
  else {
    connection.onNotification(profileProgress, told.onProgress);
    connection.onNotification(profileUpdate, told.onUpdate);
  }
  connection.onError(() => undefined);
  connection.listen();
  try {
    const result = await Promise.race([connection.sendRequest<Result>(kind.method, job, cancellation.token), died]);
    // It has closed what it had open. To give back its memory takes it a while, for which nobody has to wait.
    void end(child, GRACE_MS);
    return result;
  } catch (error) {
    await end(child, stopped() ? 0 : GRACE_MS);
    throw stopped() ? cancelled() : thrown(error);
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    connection.dispose();
  }
}

/** Lets a job leave by itself, as it does when it is disconnected, but not for long. */
async function end(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}

function deathOf(
  method: string,
  subject: string,
  code: number | null,
  killer: NodeJS.Signals | null,
  stderr: string,
): MldataError {
  const { process, again } = jobWords[method] ?? { process: 'process', again: 'Try again' };
  const how = killer ? `was killed (${killer})` : `ended with code ${code ?? 'unknown'}`;
  const hint =
    killer === 'SIGKILL'
      ? 'The system may have run out of memory: lower the memory limit (setting mldata.engine.memoryLimit, or --memory-limit).'
      : `${again}; if it happens every time, report it with the log.`;
  const last = stderr.trim().split('\n').at(-1);
  return new MldataError(
    'buildFailed',
    'job-died',
    `${subject}: The ${process} ${how}. ${hint}${last ? ` It last said: ${last}` : ''}`,
  );
}
