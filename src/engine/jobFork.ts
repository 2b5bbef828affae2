/**
 * Starts job processes, one ahead of need where that is known early: a process takes a while to load the engine, and it
 * can do that while its parent still reads the config. Imports nothing heavy, so that it can run first.
 */
import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** The bundle of `job.ts`, beside that of whoever asks. */
export const JOB_ENTRY = join(__dirname, 'job.js');

let spare: { readonly entry: string; readonly child: ChildProcess } | undefined;

/** Starts a job process that nobody has to use: it ends with its parent, and does not keep it alive. */
export function forkAhead(entry = JOB_ENTRY): void {
  const child = forkJob(entry);
  child.on('error', () => (spare = undefined));
  child.unref();
  child.channel?.unref();
  (child.stderr as Socket | null)?.unref();
  spare = { entry, child };
}

/**
 * A job process that waits for its job.
 * @param reaching whether the job asks hosts
 */
export function takeJob(entry: string, reaching: boolean): ChildProcess {
  if (reaching) return forkJob(entry, process.env);
  const ready = spare;
  spare = undefined;
  if (ready?.entry !== entry || ready.child.exitCode !== null || ready.child.signalCode !== null) return forkJob(entry);
  const { child } = ready;
  child.ref();
  child.channel?.ref();
  return child;
}

/** Beside as many statements as there are cores, files are read and written. */
const FILE_THREADS = 4;

function forkJob(entry: string, env = unreachingEnv()): ChildProcess {
  const threads = { UV_THREADPOOL_SIZE: String(availableParallelism() + FILE_THREADS) };
  // The flags of whoever asks, such as the port of a debugger, are not for it.
  return fork(entry, { env: { ...env, ...threads }, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

/** Authorities are for those who ask hosts: a process reads their certificates before all else, for longer than it starts. */
function unreachingEnv(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return env;
}
