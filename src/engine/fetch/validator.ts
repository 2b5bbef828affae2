/** By what one version of a file on a server is told from the next. */
import type { Answer } from './client';

export interface Version {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  /** What `If-Range` may carry; absent: nothing tells versions apart for sure. */
  readonly validator?: string | undefined;
}

/** Within a minute a file may change twice and keep its date. */
const SURE_AFTER_MS = 60_000;

export function versionOf(answer: Pick<Answer, 'header'>): Version {
  const etag = answer.header('etag');
  const lastModified = answer.header('last-modified');
  const age = Date.parse(answer.header('date') ?? '') - Date.parse(lastModified ?? '');
  // A weak tag (`W/"…"`) stands for the same meaning, not for the same bytes.
  const strong = etag !== undefined && /^"[^"]*"$/.test(etag) ? etag : undefined;
  const validator = strong ?? (age >= SURE_AFTER_MS ? lastModified : undefined);
  return {
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    ...(validator !== undefined && { validator }),
  };
}

/** Whether an answer is surely of this version: one that does not say is not. */
export function isOf(version: Version, answer: Pick<Answer, 'header'>): boolean {
  const { validator } = version;
  return validator !== undefined && answer.header(validator.startsWith('"') ? 'etag' : 'last-modified') === validator;
}
