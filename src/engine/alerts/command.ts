/** Telling a program of an alert. It is started as it is named, without a shell, and gets the alert on standard input. */
import { spawn, type ChildProcess } from 'node:child_process';
import { MldataError, type DriftAlert } from '../../protocol';

/** How long a program may take. */
export const COMMAND_LIMIT_MS = 30_000;

/** How much of its last words is kept. */
const WORDS = 2000;

export interface CommandPlace {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Where it runs, and where a relative path of it begins. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly limitMs?: number;
}

/** What a program that was started came to. */
export interface Ended {
  readonly ok: boolean;
  /** Such as `exited with 3`. */
  readonly how: string;
  /** The last line that it wrote to standard error; it may hold what is nobody else's business. */
  readonly lastWords: string;
}

/** Throws `alert-command` where it cannot be started. It ends with whatever it started when its time is over. */
export async function tellCommand(
  alert: DriftAlert,
  { command, folder, signal, limitMs = COMMAND_LIMIT_MS }: CommandPlace,
): Promise<Ended> {
  const [program = '', ...args] = command;
  if (signal.aborted) return { ok: false, how: 'was not run, because the build was cancelled', lastWords: '' };
  // In a group of its own, so that what it starts can be ended with it.
  const child = spawn(program, args, {
    cwd: folder,
    shell: false,
    windowsHide: true,
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-WORDS)));
  // One that does not read is none the worse.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${JSON.stringify(alert)}\n`);
  let stopped: string | undefined;
  const stop = (why: string) => {
    stopped ??= why;
    end(child);
  };
  const timer = setTimeout(() => {
    stop(`took longer than ${limitMs / 1000} s and was stopped`);
  }, limitMs);
  const cancel = () => {
    stop('was stopped, because the build was cancelled');
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [code, by] = await exitOf(child, program);
    const how = stopped ?? (by === null ? `exited with ${code}` : `was ended by ${by}`);
    return { ok: stopped === undefined && code === 0, how, lastWords: words.trim().split('\n').at(-1) ?? '' };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    // What it left running may hold it.
    child.stderr.destroy();
  }
}

function exitOf(child: ChildProcess, program: string): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((done, fail) => {
    child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const why = code === 'ENOENT' ? 'there is no such program' : code === 'EACCES' ? 'it may not be run' : message;
      fail(new MldataError('config', 'alert-command', `${program} cannot be started: ${why}`));
    });
    // Its last words come before its end, but they may be read after it.
    child.once('exit', (code, by) => setImmediate(done, [code, by]));
  });
}

function end(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
