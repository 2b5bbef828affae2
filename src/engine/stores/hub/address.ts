/** `hf://datasets/owner/name[@revision][/path]`: which files of a dataset on the Hub are meant. */
import { wrongAddress } from '../troubles';

export interface HubAddress {
  readonly uri: string;
  /** `owner/name`. */
  readonly dataset: string;
  /** A branch, tag, commit, or reference such as `refs/convert/parquet`. */
  readonly revision?: string;
  /** A file, a folder or a pattern; absent: the dataset. */
  readonly path?: string;
}

const FORM = 'hf://datasets/owner/name, with @revision and /path behind it if you like';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;

/** A slash in a revision is `%2F`, except in references such as `refs/convert/parquet`. Throws `store-address`. */
export function hubAddress(uri: string): HubAddress {
  const form = /^hf:\/\/datasets\/([^/@]+)\/([^/@]+)(?:@(refs\/(?:convert\/[^/]+|pr\/\d+)|[^/]+))?(?:\/(.*))?$/s;
  const [, owner = '', name = '', revision, path = ''] = form.exec(uri) ?? [];
  if (!NAME.test(owner) || !NAME.test(name)) throw wrongAddress(uri, 'it names no dataset of the Hub', FORM);
  if (path.split('/').some((part) => part === '.' || part === '..') || /\p{Cs}/u.test(path)) {
    throw wrongAddress(uri, 'its path leads elsewhere', FORM);
  }
  return {
    uri,
    dataset: `${owner}/${name}`,
    ...(revision !== undefined && { revision: plain(revision, uri) }),
    ...(path !== '' && { path }),
  };
}

/** As {@link hubAddress} reads it. */
export function writtenRevision(revision: string): string {
  return /^refs\/(convert\/[^/]+|pr\/\d+)$/.test(revision) ? revision : encodeURIComponent(revision);
}

function plain(revision: string, uri: string): string {
  try {
    return decodeURIComponent(revision);
  } catch {
    throw wrongAddress(uri, 'its revision cannot be read', FORM);
  }
}
