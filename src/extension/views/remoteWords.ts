/** A source that lies elsewhere, in few words. */
import { l10n } from 'vscode';
import type { RemoteSource } from '../datasets/remoteSources';
import { age, bytes, rows } from '../format';

/** `trips.csv.gz`: what one would look for first in the address; of a database, the table. */
export function remoteName({ origin, table }: RemoteSource): string {
  return table ?? (origin.split('/').filter(Boolean).at(-1) || origin);
}

/** `fetched 3 min ago · 12 MiB · example.org` */
export function remoteWords({ origin, fetched }: RemoteSource, now: Date): string {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/]*)/i.exec(origin)?.[1];
  const place = host === undefined || host === '' ? [] : [host];
  if (fetched === undefined) return [l10n.t('not fetched'), ...place].join(' · ');
  const { fetchedAt, bytes: size, rows: came } = fetched;
  const amount = came === undefined ? bytes(size) : rows(came);
  return [l10n.t('fetched {0}', age(new Date(fetchedAt), now)), amount, ...place].join(' · ');
}
