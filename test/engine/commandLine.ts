/** The command line as a process of its own that a test can watch and send signals to. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitOf, ownTree } from '../host/processes';
import type { Workspace } from './support';

export const CLI = resolve('dist/cli.js');

export class Watched {
  stdout = '';
  stderr = '';

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('The process did not start');
    return this.child.pid;
  }

  /** Waits until it has said this on standard error. */
  async said(what: RegExp): Promise<void> {
    await until(() => {
      if (this.child.exitCode !== null) throw new Error(`It ended without saying ${what.source}:\n${this.stderr}`);
      return what.test(this.stderr);
    });
  }

  /** The exit code, or the name of the signal that ended it. */
  ended(): Promise<number | string> {
    return exitOf(this.child);
  }

  /** As a terminal does on Ctrl+C: to the process and all it started. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** The processes of its group that still run. */
  async alive(): Promise<number[]> {
    return groupMembers(this.pid);
  }
}

/** Starts `mldata` in a process group of its own. */
export function startCli(
  space: Pick<Workspace, 'folder'>,
  args: readonly string[],
  options: SpawnOptions = {},
): Watched {
  return new Watched(
    spawn(process.execPath, [CLI, ...args], {
      cwd: space.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...ownTree,
      ...options,
    }),
  );
}

/** Polls until the condition holds; a generous bound keeps a broken one from hanging. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 1000) throw new Error('The condition did not come true');
    await new Promise((next) => setTimeout(next, 10));
  }
}

async function groupMembers(group: number): Promise<number[]> {
  const members: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The name before the last parenthesis may hold anything.
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(processGroup) === group && state !== 'Z') members.push(Number(name));
  }
  return members;
}
