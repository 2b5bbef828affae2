/** Another repository, of which only the files of DVC are there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cancelled, MldataError } from '../protocol';
import { refuseInner } from './fetch';
import { makeFolder } from './folders';
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
  /** For what is asked meanwhile; whoever names it removes it, also where the process was killed. */
  readonly scratch: string;
  /** For git to bring a commit; absent: ten minutes. */
  readonly limitMs?: number;
  readonly signal: AbortSignal;
}

/** So long one answer of another repository may take: it is all of its files at one commit. */
const LIMIT_MS = 600_000;

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
  await makeFolder(place.scratch);
  const root = await mkdtemp(join(place.scratch, 'dvc-'));
  try {
    const commit = await fetched(root, address, local ?? repository, place);
    return await use({ root, commit, ...(local !== undefined && { local }) });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function fetched(
  root: string,
  { uri, revision = 'HEAD' }: DvcAddress,
  from: string,
  { signal, limitMs = LIMIT_MS }: Pick<DvcPlace, 'signal' | 'limitMs'>,
): Promise<string> {
  const ask = async (args: readonly string[], input?: string, until = signal) =>
    (await askGit(root, args, input, 0, until)).stdout.toString();
  const git = (...args: string[]) => ask(args);
  await git('init', '--quiet');
  for (const [key = '', value = ''] of SETTINGS) await git('config', key, value);
  // From here on, so that what this machine takes before counts for no silence of the other.
  const over = AbortSignal.timeout(limitMs);
  try {
    await ask(
      ['fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--', from, revision],
      undefined,
      AbortSignal.any([signal, over]),
    );
  } catch (error) {
    if (signal.aborted) throw cancelled();
    if (over.aborted) throw tooSlow(uri, from, limitMs);
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
  if (there.length > 0) {
    // More than fit on a command line.
    const paths = there.map((path) => `:(top,literal)${path}\0`).join('');
    await ask(['checkout', '--quiet', '--pathspec-from-file=-', '--pathspec-file-nul', commit], paths);
  }
  return commit;
}

function tooSlow(uri: string, from: string, limitMs: number): MldataError {
  return new MldataError(
    'network',
    'store-repository',
    `${uri} cannot be read: ${from} did not answer git within ${Math.ceil(limitMs / 1000)} s. Try again, or clone it yourself and name that folder.`,
  );
}

function isOfDvc(path: string): boolean {
  return /\.dvc$|(^|\/)dvc\.(yaml|lock)$|(^|\/)\.dvc\/config$/.test(path);
}
