/** Git as nobody has set it up: what it says depends on no settings of whoever runs the tests. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../host/processes';
import { remove, temporaryFolder } from '../host/workspace';

/** Until it is closed, git and DVC have this home, also where mldata runs them. */
export class GitHome {
  private constructor(
    private readonly folder: string,
    private readonly before: Readonly<Record<string, string | undefined>>,
  ) {}

  /** @param more of the environment */
  static async open(more: Readonly<Record<string, string | undefined>> = {}): Promise<GitHome> {
    const folder = await temporaryFolder();
    const config = join(folder, 'gitconfig');
    const own: Record<string, string | undefined> = {
      ...more,
      GIT_CONFIG_GLOBAL: config,
      GIT_CONFIG_NOSYSTEM: '1',
      DVC_NO_ANALYTICS: 'true',
      DVC_SITE_CACHE_DIR: join(folder, 'site'),
      DVC_GLOBAL_CONFIG_DIR: join(folder, 'global'),
      DVC_SYSTEM_CONFIG_DIR: join(folder, 'system'),
    };
    await writeFile(config, '[user]\n\tname = Tests\n\temail = tests@localhost\n[init]\n\tdefaultBranch = main\n');
    const before = Object.fromEntries(Object.keys(own).map((name) => [name, process.env[name]]));
    setEnvironment(own);
    return new GitHome(folder, before);
  }

  async close(): Promise<void> {
    setEnvironment(this.before);
    await remove(this.folder);
  }
}

function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

export function git(folder: string, ...args: readonly string[]): Promise<string> {
  return run('git', args, { cwd: folder });
}

export async function commit(folder: string): Promise<void> {
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message', 'All');
}

export async function writeAll(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
