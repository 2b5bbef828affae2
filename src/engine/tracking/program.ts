/** Programs that tracking asks: started as they are named, without a shell and without anything to ask a person. */
import { spawn } from 'node:child_process';
import { cancelled } from '../../protocol';
import { windowsProgram } from './programPath';

export interface Ran {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ProgramPlace {
  readonly folder: string;
  /** What it reads on standard input; absent: nothing. */
  readonly input?: string | Buffer;
  readonly signal?: AbortSignal;
  /** Over the environment of this process; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Hears each line of standard error while it runs. */
  readonly onLine?: (line: string) => void;
}

/** Undefined where there is no such program. Throws the cancelled error, having ended it. */
export async function runProgram(
  [program = '', ...args]: readonly string[],
  { folder, input, signal, env, onLine }: ProgramPlace,
): Promise<Ran | undefined> {
  if (signal?.aborted) throw cancelled();
  const folders = env?.['PATH'] ?? process.env['PATH'] ?? '';
  const file = process.platform === 'win32' ? windowsProgram(program, folders) : program;
  if (file === undefined) return undefined;
  const child = spawn(file, args, {
    cwd: folder,
    shell: false,
    windowsHide: true,
    // In a group of its own, so that what it starts ends with it.
    detached: process.platform !== 'win32',
    env: { ...process.env, ...quiet, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  let words = '';
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString();
    words += text;
    // Progress bars write over their line.
    if (onLine) for (const line of text.split(/[\r\n]+/)) if (line.trim() !== '') onLine(line.trim());
  });
  child.stdin.on('error', () => undefined); // one that does not read is none the worse
  child.stdin.end(input);
  const end = () => {
    try {
      if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      // it has ended by itself
    }
  };
  signal?.addEventListener('abort', end, { once: true });
  try {
    const code = await new Promise<number | undefined>((done, fail) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'EACCES') done(undefined);
        else fail(error);
      });
      child.once('close', (status) => {
        done(status ?? 1);
      });
    });
    if (signal?.aborted) throw cancelled();
    return code === undefined ? undefined : { code, stdout: Buffer.concat(out), stderr: words.trim() };
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

/** Answers in English, no pager, no credential prompt, no call home. */
const quiet = {
  LC_ALL: 'C.UTF-8',
  LANGUAGE: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  DVC_NO_ANALYTICS: 'true',
};
