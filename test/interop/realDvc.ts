/** The real DVC beside mldata: repositories to track in, remotes to push to, clones to pull into. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { keep, stopTree } from '../host/processes';
import { testPython } from '../host/python';
import { temporaryFolder } from '../host/workspace';
import { commit, git, GitHome, writeAll } from './gitHome';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * One DVC that is loaded once. Until it is stopped, git and DVC have a home of their own, also where mldata runs them:
 * nothing depends on who runs the tests.
 */
export class RealDvc {
  private readonly answers: AsyncIterator<string, undefined>;
  private readonly lines: Interface;
  /** Answers come in the order of the questions. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly server: ChildProcess,
    private readonly home: GitHome,
  ) {
    assert.ok(server.stdout);
    this.lines = createInterface({ input: server.stdout });
    this.answers = this.lines[Symbol.asyncIterator]() as AsyncIterator<string, undefined>;
  }

  static async start(): Promise<RealDvc> {
    const home = await GitHome.open();
    const script = resolve('test/interop/dvcServer.py');
    const server = keep(await testPython(), [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    return new RealDvc(server, home);
  }

  async stop(): Promise<void> {
    this.lines.close();
    await stopTree(this.server);
    await this.home.close();
  }

  /** How `dvc …` ends in a folder. */
  ended(folder: string, ...args: readonly string[]): Promise<Ended> {
    const answer = this.last.then(async () => {
      this.server.stdin?.write(`${JSON.stringify({ folder, args })}\n`);
      const { value } = await this.answers.next();
      assert.ok(value !== undefined, 'DVC has ended');
      return JSON.parse(value) as Ended;
    });
    this.last = answer.catch(() => undefined);
    return answer;
  }

  /** What `dvc …` prints, which must end well. */
  async dvc(folder: string, ...args: readonly string[]): Promise<string> {
    const { code, out, err } = await this.ended(folder, ...args);
    assert.equal(code, 0, `dvc ${args.join(' ')}\n${out}${err}`);
    return out;
  }

  /** What `dvc … --json` says. */
  async json(folder: string, ...args: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.dvc(folder, ...args, '--json')) as unknown;
  }

  /** A new git and DVC repository with these files, and a remote beside it. */
  async repository(files: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
    const parent = await temporaryFolder();
    const folder = join(parent, 'repository');
    await mkdir(join(parent, 'remote'));
    await mkdir(folder);
    await git(folder, 'init', '--quiet');
    await this.dvc(folder, 'init', '--quiet');
    await this.dvc(folder, 'remote', 'add', '--default', '--quiet', 'store', join('..', 'remote'));
    await commit(folder);
    await writeAll(folder, files);
    return folder;
  }

  /** Commits, pushes, clones beside, and pulls there. */
  async pulled(folder: string): Promise<string> {
    await commit(folder);
    await this.dvc(folder, 'push', '--quiet');
    const clone = join(folder, '..', 'clone');
    await git(join(folder, '..'), 'clone', '--quiet', folder, clone);
    await this.dvc(clone, 'pull', '--quiet');
    return clone;
  }
}
