/** The files that an `hf://` address means, at one commit. */
import { MldataError } from '../../../protocol';
import { huggingFaceToken } from '../../credentials';
import type { Credentials } from '../../fetch';
import { byName, type Listing, type StoreFile, type StoreRun } from '../listing';
import { folderOf, patternOf } from '../pattern';
import { nothingThere } from '../troubles';
import { hubAddress, writtenRevision, type HubAddress } from './address';
import { Hub, type HubEntry } from './hub';

/** Where the Hub keeps what it makes of a dataset. */
const CONVERSION = 'refs/convert/parquet';

interface Found {
  readonly commit: string;
  /** As an address names it; absent: the main branch. */
  readonly revision?: string | undefined;
  readonly entries: readonly HubEntry[];
}

/**
 * A path that names a folder means all below it; without path and revision, the Hub's conversion to Parquet is taken where
 * it is offered and whole, else the files of data. Throws `store-address`, `store-ambiguous`, `store-empty`,
 * `store-missing`, `store-refused`, `store-answer`, `store-too-many`, and what asking throws.
 */
export async function hubListing(uri: string, run: StoreRun): Promise<{ listing: Listing; credentials: Credentials }> {
  const address = hubAddress(uri);
  const hub = new Hub(address, (await huggingFaceToken(run.credentials))?.value, run);
  const { commit, revision, entries } = (await converted(hub, address)) ?? (await asWritten(hub, address));
  const whole = `hf://datasets/${address.dataset}${revision === undefined ? '' : `@${writtenRevision(revision)}`}`;
  const files = entries
    .map((entry): StoreFile => ({ address: `${whole}/${entry.path}`, ...fileOf(hub, commit, entry) }))
    .sort(byName);
  if (files.length === 0) throw nothingThere(uri, 'Correct its path or pattern.');
  return { listing: { revision: commit, files }, credentials: hub.credentials };
}

/** Undefined where it is not asked for or not offered, or holds only the beginning. */
async function converted(hub: Hub, { uri, dataset, revision, path }: HubAddress): Promise<Found | undefined> {
  if (revision !== undefined || path !== undefined) return undefined;
  const commit = await hub.commitOf(CONVERSION);
  const all = commit === undefined ? [] : ((await hub.entries(commit, '', true)) ?? []);
  const entries = all.filter(({ type, path }) => type === 'file' && path.endsWith('.parquet'));
  const [first] = entries;
  if (commit === undefined || !first || entries.some(({ path }) => path.includes('/partial-'))) return undefined;
  const subsets = [...new Set(entries.map(({ path }) => path.split('/')[0] ?? ''))].sort();
  if (subsets.length > 1) {
    throw new MldataError(
      'config',
      'store-ambiguous',
      `${uri} has several subsets: ${subsets.slice(0, 20).join(', ')}${subsets.length > 20 ? ', …' : ''}. Name one of them, such as hf://datasets/${dataset}@${CONVERSION}/${subsets[0] ?? ''}.`,
    );
  }
  return { commit, revision: CONVERSION, entries };
}

async function asWritten(hub: Hub, { uri, dataset, revision: written, path }: HubAddress): Promise<Found> {
  const revision = written ?? 'main';
  const commit = await hub.commitOf(revision);
  if (commit === undefined) {
    throw new MldataError(
      'network',
      'store-missing',
      `${uri} is not there: ${dataset} has no branch, tag or commit ${JSON.stringify(revision)}. Correct the revision.`,
    );
  }
  const entries = path === undefined ? await data(hub, commit) : await named(hub, commit, path);
  return { commit, revision: written, entries: entries.filter(({ type }) => type === 'file') };
}

const DATA = /\.(parquet|arrow|feather|csv|tsv|jsonl|ndjson|json)(\.(gz|zst))?$/i;
/** Small files that tell of the data. */
const ABOUT = /(^|\/)(dataset_infos?\.json|\.[^/]*)$/;

async function data(hub: Hub, commit: string): Promise<readonly HubEntry[]> {
  const all = (await hub.entries(commit, '', true)) ?? [];
  return all.filter(({ path }) => DATA.test(path) && !ABOUT.test(path));
}

async function named(hub: Hub, commit: string, path: string): Promise<readonly HubEntry[]> {
  const pattern = patternOf(path);
  if (pattern) {
    const all = (await hub.entries(commit, folderOf(pattern.prefix), true)) ?? [];
    return all.filter((entry) => pattern.matches(entry.path));
  }
  const beside = (await hub.entries(commit, folderOf(path), false)) ?? [];
  const found = beside.find((entry) => entry.path === path);
  return found?.type === 'directory' ? ((await hub.entries(commit, path, true)) ?? []) : found ? [found] : [];
}

function fileOf(hub: Hub, commit: string, { path, size, lfs }: HubEntry): Omit<StoreFile, 'address'> {
  const bytes = lfs?.size ?? size;
  return {
    name: path,
    url: hub.fileUrl(commit, path).href,
    ...(bytes !== undefined && { bytes }),
    ...(lfs && { sha256: lfs.oid }),
  };
}
