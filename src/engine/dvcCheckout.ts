/** Another repository, of which only the files of DVC are there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { MldataError } from '../protocol';
import { refuseInner } from './fetch';
import { confinedPath } from './sources';
import { hostOf, type DvcAddress } from './stores';
import { askGit } from './tracking';

export interface DvcCheckout {
  /** With `.dvc` files, pipelines and settings of DVC. */
  readonly root: string;
  /** The repository itself, where it is on this machine: its cache and its remotes may be read. */
  readonly local?: string;
  /** Absent: as it stands. */
  readonly commit?: string;
}

export interface DvcPlace {
  /** Relative paths are relative to it. */
  readonly folder: string;
  /** No path leaves this folder; undefined: anywhere. */
  readonly root: string | undefined;
  /** Whether repositories in this machine's network may be asked. */
  readonly allowInner: boolean;
  readonly signal: AbortSignal;
}

/** Nothing of the repository runs, links are plain files, and git is led to no other address. */
const SETTINGS = [
  ...[
    ['protocol.allow', 'never'],
    ...['https', 'http', 'ssh', 'file'].map((way) => [`protocol.${way}.allow`, 'always']),
  ],
  ...[
    ['http.followRedirects', 'false'],
    ['core.symlinks', 'false'],
    ['core.autocrlf', 'false'],
  ],
] as const;

/** Throws `address-not-allowed`, `path-outside`, `git-missing`, `store-repository`, the cancelled error, and what `use` throws. */
export async function withDvcCheckout<T>(
  address: DvcAddress,
  place: DvcPlace,
  use: (checkout: DvcCheckout) => Promise<T>,
): Promise<T> {
  const { repository, isLocal, revision } = address;
  const local = isLocal
    ? await confinedPath(place.folder, repository.replace(/^~(?=$|[/\\])/, homedir()), place.root)
    : undefined;
  if (local !== undefined && revision === undefined) return use({ root: local, local });
  const host = hostOf(address);
  if (host && !place.allowInner) await refuseInner(host);
  const root = await mkdtemp(join(tmpdir(), 'mldata-dvc-'));
  try {
    const commit = await fetched(root, address, local ?? repository, place.signal);
    return await use({ root, commit, ...(local !== undefined && { local }) });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function fetched(
  root: string,
  { uri, revision = 'HEAD' }: DvcAddress,
  from: string,
  signal: AbortSignal,
): Promise<string> {
  const git = async (...args: string[]) => (await askGit(root, args, undefined, 0, signal)).stdout.toString();
  await git('init', '--quiet');
  for (const [key = '', value = ''] of SETTINGS) await git('config', key, value);
  try {
    await git('fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--', from, revision);
  } catch (error) {
    if (!(error instanceof MldataError) || error.code !== 'git-failed') throw error;
    throw new MldataError(
      'network',
      'store-repository',
      `${uri} cannot be read: git does not get ${revision} of ${from}. Check the address, the revision (a branch, a tag or a whole commit), and that \`git ls-remote ${from}\` answers without asking.`,
      [],
      { cause: error },
    );
  }
  const commit = (await git('rev-parse', 'FETCH_HEAD')).trim();
  const there = (await git('ls-tree', '-r', '-z', '--name-only', commit)).split('\0').filter(isOfDvc);
  if (there.length > 0) await git('checkout', '--quiet', commit, '--', ...there.map((path) => `:(top,literal)${path}`));
  return commit;
}

function isOfDvc(path: string): boolean {
  return /\.dvc$|(^|\/)dvc\.(yaml|lock)$|(^|\/)\.dvc\/config$/.test(path);
}
