/** The objects of a bucket whose keys begin alike, page by page (`ListObjectsV2`). */
import { strangeAnswer, tooMany } from '../troubles';
import { objectUrl, type S3Address } from './address';
import type { Bucket } from './bucket';
import { childrenOf, childText, documentOf } from './xml';

export interface S3Object {
  readonly key: string;
  readonly bytes: number;
  readonly etag?: string;
}

const MOST_KEYS = 1_000_000;

/** Throws `store-answer`, `store-too-many`, and what asking the bucket throws. */
export async function* objectsOf(bucket: Bucket, { uri }: S3Address, prefix: string): AsyncGenerator<S3Object> {
  let [token, seen]: [string | undefined, number] = [undefined, 0];
  do {
    const page = await pageOf(bucket, uri, prefix, token);
    yield* page.objects;
    seen += page.objects.length;
    if (seen > MOST_KEYS) throw tooMany(uri, MOST_KEYS);
    if (page.next !== undefined && page.next === token)
      throw strangeAnswer(uri, 'the server sends the same page again');
    token = page.next;
  } while (token !== undefined);
}

async function pageOf(bucket: Bucket, uri: string, prefix: string, token: string | undefined) {
  const reply = await bucket.ask((place, name) => {
    const url = objectUrl(place, name, '');
    // Keys may hold letters that XML has no form for.
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      prefix,
      ...(token !== undefined && { 'continuation-token': token }),
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  });
  const root = reply.whole ? documentOf(reply.text) : undefined;
  if (root?.name !== 'ListBucketResult') throw strangeAnswer(uri, 'the server sent no listing');
  const encoded = childText(root, 'EncodingType') === 'url';
  const objects = childrenOf(root, 'Contents').map((entry): S3Object => {
    const [written, size, etag] = ['Key', 'Size', 'ETag'].map((name) => childText(entry, name));
    if (written === undefined || !/^\d+$/.test(size ?? '')) throw strangeAnswer(uri, 'its listing cannot be read');
    const key = encoded ? decoded(written, uri) : written;
    return { key, bytes: Number(size), ...(etag !== undefined && etag !== '' && { etag }) };
  });
  const more = childText(root, 'IsTruncated') === 'true';
  const next = childText(root, 'NextContinuationToken');
  if (more && next === undefined) throw strangeAnswer(uri, 'its listing does not say how it goes on');
  return { objects, next: more ? next : undefined };
}

/** As forms of web pages are: a space is a plus. */
function decoded(key: string, uri: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch (error) {
    throw strangeAnswer(uri, 'its listing cannot be read', error);
  }
}
