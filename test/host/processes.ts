/** Child processes as the workshop needs them: run to the end, or keep one until it is stopped with all its children. */
import { type ChildProcess, execFileSync, spawn, type SpawnOptions } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const windows = process.platform === 'win32';

/** Runs a command to its end and returns what it printed; throws with the end of its output when it fails. */
export async function run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer): string => (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const code = await exitOf(child);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-4000)}`);
  return output;
}

/** Runs `npm`, the one that runs us where there is one. */
export async function npm(args: readonly string[], options: SpawnOptions = {}): Promise<string> {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args], options);
  return run(windows ? 'npm.cmd' : 'npm', args, { ...options, shell: windows });
}

/** Resolves with the exit code, or the signal's name; rejects when the command can't be started. */
export async function exitOf(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null) return child.exitCode;
  if (child.signalCode !== null) return child.signalCode;
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 1);
    });
  });
}

/** Options under which {@link stopTree} reaches a child's children too: on POSIX, a process group of their own. */
export const ownTree: SpawnOptions = { detached: !windows };

const kept = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of kept) killTree(child, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(130)); // so that `exit` above runs
}

/** Starts a command that lives until {@link stopTree}, or until this process ends. */
export function keep(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, ...ownTree });
  kept.add(child);
  child.once('exit', () => kept.delete(child));
  return child;
}

/** Ends a kept process and its children; forcefully after two seconds. */
export async function stopTree(child: ChildProcess): Promise<void> {
  const ended = exitOf(child);
  killTree(child, 'SIGTERM');
  const timer = setTimeout(() => {
    killTree(child, 'SIGKILL');
  }, 2000);
  await ended;
  clearTimeout(timer);
}

function killTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (windows) execFileSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    else process.kill(-child.pid, signal);
  } catch {
    // it has already ended
  }
}

/** The first of these commands that is on PATH. */
export function onPath(...names: readonly string[]): string | undefined {
  const extensions = windows ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return names
    .flatMap((name) => folders.flatMap((folder) => extensions.map((extension) => path.join(folder, name + extension))))
    .find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
