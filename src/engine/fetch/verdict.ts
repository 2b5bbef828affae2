/** What an answer means for a file of which a part may be there. */
import { MldataError } from '../../protocol';
import { retryAfterMs } from './backoff';
import type { Answer } from './client';
import { Fault } from './faults';
import { isOf, versionOf, type Version } from './validator';

/** What was asked for. */
export interface Asked {
  /** The address, as it may be shown. */
  readonly name: string;
  /** Bytes that are there; the rest was asked for. */
  readonly from: number;
  /** What they are a part of; absent where all was asked for. */
  readonly part?: { readonly version: Version; readonly total?: number | undefined };
  /** Whether the whole is checked against a known hash in the end, so that a mixture would be found out. */
  readonly hashed: boolean;
  /** Whether another origin answered, to which the server led: its addresses may expire. */
  readonly redirected: boolean;
}

export type Verdict =
  | { readonly kind: 'append'; readonly end: number; readonly total?: number }
  | { readonly kind: 'whole'; readonly version: Version; readonly total?: number; readonly says?: string }
  | { readonly kind: 'complete' }
  | { readonly kind: 'unchanged' }
  /** Ask again, for all of it. */
  | { readonly kind: 'startOver'; readonly says: string };

export const RETRIED = new Set([408, 425, 429, 500, 502, 503, 504, 522, 524]);

/** Throws `Fault` where another try may help, and `download-refused`, `download-missing` or `download-failed` where none does. */
export function judge(answer: Pick<Answer, 'status' | 'header'>, asked: Asked, now: number): Verdict {
  switch (answer.status) {
    case 200:
      return whole(answer, asked);
    case 206:
      return asked.part ? continued(answer, asked, asked.part) : startOver('a part was sent that nobody asked for');
    case 304:
      return { kind: 'unchanged' };
    case 412:
      return startOver(`changed on the server`);
    case 416:
      return pastTheEnd(answer, asked);
    default:
      throw refusal(answer, asked, now);
  }
}

function whole(answer: Pick<Answer, 'status' | 'header'>, { part }: Asked): Verdict {
  const total = lengthOf(answer);
  const version = versionOf(answer);
  const says = part && (isOf(part.version, answer) ? 'the server does not resume' : 'changed on the server');
  return { kind: 'whole', version, ...(total !== undefined && { total }), ...(says !== undefined && { says }) };
}

function continued(
  answer: Pick<Answer, 'header'>,
  { from, hashed }: Asked,
  { version, total }: NonNullable<Asked['part']>,
): Verdict {
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.header('content-range') ?? '');
  if (!range) return startOver('the server sent a range that cannot be read');
  const [start, end, told] = [Number(range[1]), Number(range[2]) + 1, range[3] === '*' ? undefined : Number(range[3])];
  if (encodingOf(answer) !== undefined) return startOver('the server sent the rest in another encoding');
  if (start !== from || end <= start)
    return startOver(`the server sent another range (from byte ${start}, not ${from})`);
  if (told !== undefined && (end > told || (total !== undefined && told !== total))) {
    return startOver('its length changed on the server');
  }
  const length = lengthOf(answer);
  if (length !== undefined && length !== end - start) return startOver('the server sent another range than it says');
  // Whoever does not say which version this is may have ignored that it was to be the same.
  const says = answer.header('etag') ?? answer.header('last-modified');
  if (!isOf(version, answer) && !(hashed && version.validator === undefined)) {
    return startOver(says === undefined ? 'the server does not say whether it changed' : 'changed on the server');
  }
  const known = told ?? total;
  return { kind: 'append', end, ...(known !== undefined && { total: known }) };
}

function pastTheEnd(answer: Pick<Answer, 'header'>, { from, part }: Asked): Verdict {
  const total = /^bytes \*\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1];
  if (part && Number(total) === from && isOf(part.version, answer)) return { kind: 'complete' };
  return startOver('the server has no such range');
}

/** An encoding other than none. */
export function encodingOf(answer: Pick<Answer, 'header'>): string | undefined {
  const encoding = answer.header('content-encoding')?.trim().toLowerCase();
  return encoding === '' || encoding === 'identity' ? undefined : encoding;
}

/** Of the body as it is sent. */
export function lengthOf(answer: Pick<Answer, 'header'>): number | undefined {
  const length = answer.header('content-length');
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
}

function startOver(says: string): Verdict {
  return { kind: 'startOver', says };
}

/** An answer that tells against the host, whatever was asked: one that says when to come back does not. */
export function hostFailure({ status, header }: Pick<Answer, 'status' | 'header'>): Fault | undefined {
  const fails = status >= 500 && RETRIED.has(status) && header('retry-after') === undefined;
  return fails ? new Fault(`the server answered ${status}`, { ofHost: true }) : undefined;
}

function refusal({ status, header }: Pick<Answer, 'status' | 'header'>, asked: Asked, now: number): Error {
  if (RETRIED.has(status)) {
    const afterMs = retryAfterMs(header('retry-after'), now);
    return new Fault(`the server answered ${status}`, { ofHost: false, ...(afterMs !== undefined && { afterMs }) });
  }
  // A signed address may have expired on the way; the original one leads to a new one.
  if (asked.redirected && (status === 401 || status === 403)) {
    return new Fault(`the address that the server led to answered ${status}`, { ofHost: false });
  }
  if (status === 401 || status === 403 || status === 407) {
    const whose = status === 407 ? 'The proxy' : 'The server';
    return new MldataError(
      'authentication',
      'download-refused',
      `${whose} refuses ${asked.name} (${status}). Check that your account may read it, and that you are signed in.`,
    );
  }
  if (status === 404 || status === 410) {
    return new MldataError(
      'network',
      'download-missing',
      `${asked.name} is not there (${status}). Correct its address.`,
    );
  }
  return new MldataError(
    'network',
    'download-failed',
    `${asked.name} cannot be fetched: the server answered ${status}.`,
  );
}
