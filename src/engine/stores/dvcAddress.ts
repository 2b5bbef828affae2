/** `dvc://REPOSITORY[@revision]//path`: what DVC tracks in another repository. */
import { wrongAddress } from './troubles';

export interface DvcAddress {
  readonly uri: string;
  /** As git takes it, or a path of this machine. */
  readonly repository: string;
  readonly isLocal: boolean;
  readonly revision?: string;
  /** In the repository: a file, a folder or a pattern. */
  readonly path: string;
}

const FORM = 'dvc://github.com/owner/name@revision//path/in/it, or dvc://../folder//path/in/it';

/** A slash in a revision is `%2F`. Throws `store-address`. */
export function dvcAddress(uri: string): DvcAddress {
  const [, where = '', path = ''] = /^dvc:\/\/(.*[^:])\/\/(.+)$/s.exec(uri) ?? [];
  const [, place = '', written] = /^(.*?)(?:@([^@/:]+))?$/s.exec(where) ?? [];
  if (place === '' || path.startsWith('/')) throw wrongAddress(uri, 'it names no repository, or no path in it', FORM);
  if (path.split('/').some((part) => part === '.' || part === '..')) {
    throw wrongAddress(uri, 'its path leads elsewhere', FORM);
  }
  const isLocal = /^(\.{1,2}(\/|$)|\/|~(\/|$)|[A-Za-z]:[\\/])/.test(place);
  const repository = isLocal || place.includes('://') || /^[\w.-]+@[^/]+:/.test(place) ? place : `https://${place}`;
  if (!isLocal && !isAllowed(repository)) {
    throw wrongAddress(uri, 'its repository is reached neither by https nor by ssh, or bears a password', FORM);
  }
  const revision = written === undefined ? undefined : revisionOf(written, uri);
  return { uri, repository, isLocal, path, ...(revision !== undefined && { revision }) };
}

/** Of one file of the repository. */
export function fileAddress({ uri, path }: DvcAddress, name: string): string {
  return uri.slice(0, uri.length - path.length) + name;
}

/** Where the repository is, for the check of addresses; undefined for one of this machine. */
export function hostOf({ repository, isLocal }: DvcAddress): URL | undefined {
  if (isLocal) return undefined;
  const host = repository.includes('://') ? new URL(repository).hostname : /@([^:]+):/.exec(repository)?.[1];
  return new URL(`https://${host ?? ''}`);
}

function isAllowed(repository: string): boolean {
  if (!repository.includes('://')) return /^[\w.-]+@[\w.-]+:[^-]/.test(repository);
  const url = URL.canParse(repository) ? new URL(repository) : undefined;
  if (!url || url.hostname === '' || url.hostname.startsWith('-') || url.password !== '') return false;
  return /^https?:$/.test(url.protocol) ? url.username === '' : url.protocol === 'ssh:';
}

function revisionOf(written: string, uri: string): string {
  try {
    const revision = decodeURIComponent(written);
    // What git would take for an option, or for more than one commit.
    if (/^[^-\s:^~?*[\\][^\s:^~?*[\\]*$/.test(revision) && !revision.includes('..')) return revision;
  } catch {
    // It is not one.
  }
  throw wrongAddress(uri, 'its revision is none', FORM);
}
