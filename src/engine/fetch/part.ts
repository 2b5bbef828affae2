/** Some of the bytes of a file on a server, into memory: of what nobody asked for, no more is taken than is on its way. */
import { MldataError } from '../../protocol';
import { checkAddress, shown } from './address';
import { ask, bodyOf, type Credentials, type Opened } from './asking';
import { sizeOf, type Body } from './client';
import type { DownloadMeans, Watch } from './download';
import { decoded, isOfTheFile } from './encoding';
import { Fault } from './faults';
import { retried } from './retried';

import { versionOf } from './validator';
import { encodingOf, judge, lengthOf } from './verdict';

export interface PartRequest {
  readonly url: URL;
  readonly credentials?: Credentials;
  readonly offset: number;
  readonly length: number;
  /** What told the version of the file when another part of it was read: this one is to be of the same. */
  readonly validator?: string;
}

export interface Part {
  /** Fewer than were asked for where the file ends. */
  readonly bytes: Buffer;
  /** Of the file; undefined where the server does not say. */
  readonly total: number | undefined;
  readonly validator: string | undefined;
}

/**
 * A server that does not know ranges sends all from the beginning, of which as much is taken. Throws `range-refused`
 * where a part further on cannot be had, or is of another version by now, and what {@link retried} and {@link ask} throw.
 */
export async function readPart(
  request: PartRequest,
  means: DownloadMeans,
  watch: Pick<Watch, 'log' | 'signal'>,
): Promise<Part> {
  const { url, credentials = {}, offset, length, validator } = request;
  checkAddress(url, true);
  const headers = {
    range: `bytes=${offset}-${offset + length - 1}`,
    ...(validator !== undefined && { 'if-range': validator }),
  };
  return retried(shown(url), 'read', means, watch, async () =>
    partOf(await ask({ url, headers, credentials }, means, watch.signal), request, means.timing.idleMs),
  );
}

async function partOf(opened: Opened, { url, offset, length }: PartRequest, idleMs: number): Promise<Part> {
  const { answer, redirected } = opened;
  const name = shown(url);
  try {
    const { validator } = versionOf(answer);
    const encoding = encodingOf(answer);
    const packed = encoding === undefined || isOfTheFile(encoding, url) ? undefined : encoding;
    switch (answer.status) {
      case 206: {
        const [start, end, total] = rangeOf(answer.header('content-range'));
        if (packed !== undefined || start !== offset || end === undefined) throw refused(name);
        const bytes = await taken(bodyOf(opened, idleMs), Math.min(length, end - offset));
        return { bytes, total, validator };
      }
      case 200: {
        if (offset > 0) throw refused(name);
        const total = encodingOf(answer) === undefined || packed === undefined ? lengthOf(answer) : undefined;
        const body = bodyOf(opened, idleMs);
        const least = total === undefined ? 0 : Math.min(length, total);
        const bytes = await taken(packed === undefined ? body : decoded(body, packed, name), length, least);
        return { bytes, total: total ?? (bytes.length < length ? bytes.length : undefined), validator };
      }
      case 416:
        return { bytes: Buffer.alloc(0), total: emptyTotal(answer.header('content-range')), validator };
      default:
        judge(answer, { name, from: 0, hashed: false, redirected }, Date.now());
        throw refused(name);
    }
  } finally {
    answer.discard();
  }
}

/** The first `most` bytes of a body. Throws `Fault` where fewer than `least` came. */
async function taken(body: Body, most: number, least = most): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const some of body) {
    chunks.push(...some);
    bytes += sizeOf(some);
    if (bytes >= most) break;
  }
  if (bytes < least) throw new Fault('the answer was cut off', { ofHost: true });
  return Buffer.concat(chunks).subarray(0, most);
}

/** Start, end (not included) and total of `bytes 0-9/100`. */
function rangeOf(text = ''): (number | undefined)[] {
  const [, start, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(text) ?? [];
  return [
    start === undefined ? undefined : Number(start),
    last === undefined ? undefined : Number(last) + 1,
    total === undefined || total === '*' ? undefined : Number(total),
  ];
}

function emptyTotal(text = ''): number | undefined {
  const total = /^bytes \*\/(\d+)$/.exec(text)?.[1];
  return total === undefined ? undefined : Number(total);
}

function refused(name: string): MldataError {
  return new MldataError(
    'network',
    'range-refused',
    `${name} cannot be read in parts: its server sends it as a whole only, or it changed meanwhile.`,
  );
}
