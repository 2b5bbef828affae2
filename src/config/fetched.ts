/** Where what was fetched of a source is written down, and whether it is what the config expects. */
import { createHash } from 'node:crypto';
import type { FetchedSource, FetchSpec, SourceSpec } from '../protocol';

/** A source with an address. */
export type RemoteSpec = SourceSpec & { readonly fetch: FetchSpec };

export function isRemote(entry: SourceSpec): entry is RemoteSpec {
  return entry.fetch !== undefined;
}

/** One for every address and everything that decides what is read of it: not for what it is only held against. */
export function sourceKey({ path, fetch }: RemoteSpec): string {
  return createHash('sha256')
    .update(JSON.stringify([path, whichOf(fetch)]))
    .digest('hex')
    .slice(0, 16);
}

function whichOf(fetch: FetchSpec): readonly unknown[] {
  switch (fetch.of) {
    case 'file':
      return [fetch.members, ...(fetch.headers ? [writtenHeaders(fetch.headers)] : [])];
    case 'store':
      return [
        ...[fetch.members, fetch.endpoint],
        ...(fetch.profile === undefined && fetch.region === undefined ? [] : [fetch.profile, fetch.region]),
      ];
    case 'rows':
      return [fetch.query, fetch.table, fetch.incremental?.column];
  }
}

/** One text for the same headers, with references as they are written: what they stand for changes as secrets do. */
export function writtenHeaders(headers: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The record of what was fetched, relative to the config's folder. */
export function fetchedRecordPath(entry: RemoteSpec): string {
  return `.mldata/sources/${sourceKey(entry)}.json`;
}

export function isExpected({ sha256, md5 }: Pick<FetchedSource, 'sha256' | 'md5'>, fetch: FetchSpec): boolean {
  return fetch.of === 'rows' || ((fetch.sha256 ?? sha256) === sha256 && (fetch.md5 ?? md5) === md5);
}
