/** The DVC repository that a path lies in: the folder `.dvc` with its settings and its cache. */
import { lstat, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MldataError } from '../../../protocol';
import { makeFolder } from '../../folders';
import { pathSetting, readDvcConfig, type DvcConfig } from './config';

export const linkTypes = ['reflink', 'hardlink', 'symlink', 'copy'] as const;
export type LinkType = (typeof linkTypes)[number];

export interface DvcRepository {
  /** Absolute, links resolved. A git repository may have several, below its root. */
  readonly root: string;
  /** The folder `.dvc`. */
  readonly folder: string;
  readonly config: DvcConfig;
  /** The folder of the cache, absolute: objects lie in `files/md5`, those of DVC 2 in itself. It need not exist yet. */
  readonly cache: string;
  /** How workspace files may share their bytes with the cache: the first that works. */
  readonly links: readonly LinkType[];
  /** The cache is for a group of users. */
  readonly shared: boolean;
  /** Used without git: there is no `.gitignore` to write. */
  readonly noScm: boolean;
  /** What is written is also staged in git. */
  readonly autostage: boolean;
}

/** The repository that a folder, which need not exist, lies in; undefined where it lies in none. Throws `dvc-config-unreadable`. */
export async function findDvc(folder: string): Promise<DvcRepository | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    const found = join(current, '.dvc');
    if (await isFolder(found)) return openDvc(await realpath(current));
    if (dirname(current) === current) return undefined;
  }
}

async function openDvc(root: string): Promise<DvcRepository> {
  const folder = join(root, '.dvc');
  const config = await readDvcConfig(folder);
  const cache = config.get('cache')?.get('dir');
  const core = config.get('core');
  return {
    root,
    folder,
    config,
    cache: cache === undefined ? join(folder, 'cache') : pathSetting(cache),
    links: linksOf(config),
    shared: config.get('cache')?.get('shared')?.value.toLowerCase() === 'group',
    noScm: core?.get('no_scm')?.value.toLowerCase() === 'true',
    autostage: core?.get('autostage')?.value.toLowerCase() === 'true',
  };
}

function linksOf(config: DvcConfig): readonly LinkType[] {
  const setting = config.get('cache')?.get('type');
  if (setting === undefined) return ['reflink', 'copy'];
  const names = setting.value.split(',').map((name) => name.trim());
  return names.map((name) => {
    const known = linkTypes.find((type) => type === name);
    if (known !== undefined) return known;
    throw new MldataError(
      'config',
      'dvc-config-unreadable',
      `${setting.file}: \`cache.type\` is ${setting.value}, and may name ${linkTypes.join(', ')} only.`,
    );
  });
}

/**
 * Makes what `dvc init` makes, without staging it. Below the root of a git repository it is as `dvc init --subdir`, and
 * outside of any as `dvc init --no-scm`.
 */
export async function initDvc(root: string, { noScm = false } = {}): Promise<DvcRepository> {
  const folder = join(root, '.dvc');
  await makeFolder(folder);
  await writeNew(join(folder, 'config'), noScm ? '[core]\n    no_scm = True\n' : '');
  if (!noScm) await writeNew(join(folder, '.gitignore'), '/config.local\n/tmp\n/cache\n');
  await writeNew(join(root, '.dvcignore'), IGNORE_FILE);
  return openDvc(await realpath(root));
}

/** The words of DVC. */
const IGNORE_FILE = `# Add patterns of files dvc should ignore, which could improve
# the performance. Learn more at
# https://dvc.org/doc/user-guide/dvcignore
`;

/** Leaves alone what stands there. */
async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}

function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
