/** The objects that an `s3://` address means. */
import type { Credentials } from '../../fetch';
import { byName, type Listing, type StoreFile, type StoreRun } from '../listing';
import { patternOf, type Pattern } from '../pattern';
import { nothingThere } from '../troubles';
import { s3Account, type S3Options } from './account';
import { objectUrl, s3Address, type S3Address } from './address';
import { Bucket } from './bucket';
import { objectsOf } from './list';

/**
 * A key that ends with `/` means all below it. Throws `store-address`, `store-profile`, `store-endpoint`, `store-region`,
 * `store-empty`, `store-too-many`, `store-refused`, `store-missing`, `store-answer`, and what asking throws.
 */
export async function s3Listing(
  uri: string,
  options: S3Options,
  run: StoreRun,
): Promise<{ listing: Listing; credentials: Credentials }> {
  const address = s3Address(uri);
  const bucket = new Bucket(address, await s3Account(options, run.credentials.environment), run);
  const pattern = patternOf(address.key);
  const listing = pattern
    ? { files: (await matching(bucket, address, pattern)).sort(byName) }
    : await one(bucket, address);
  return { listing, credentials: bucket.credentials };
}

/** Objects that stand for an empty folder are left out. */
async function matching(bucket: Bucket, address: S3Address, { prefix, matches }: Pattern): Promise<StoreFile[]> {
  const files: StoreFile[] = [];
  for await (const { key, bytes, etag } of objectsOf(bucket, address, prefix)) {
    if (key.endsWith('/') || !matches(key)) continue;
    const url = objectUrl(bucket.place, address.bucket, key).href;
    files.push({
      name: key,
      address: `s3://${address.bucket}/${key}`,
      url,
      bytes,
      ...(etag !== undefined && { etag }),
    });
  }
  if (files.length === 0) throw nothingThere(address.uri, 'Correct its folder or pattern, or put the files there.');
  return files;
}

/** Its first byte is asked for, not the listing: many buckets let anybody read, and nobody list. */
async function one(bucket: Bucket, { bucket: name, key }: S3Address): Promise<Listing> {
  const NO_SUCH_RANGE = 416; // of an empty object
  const reply = await bucket.ask((place) => objectUrl(place, name, key), { range: 'bytes=0-0' }, [NO_SUCH_RANGE]);
  const url = objectUrl(bucket.place, name, key);
  const told = reply.header('x-amz-version-id');
  const version = told === 'null' ? undefined : told;
  if (version !== undefined) url.searchParams.set('versionId', version);
  const etag = reply.header('etag');
  const bytes = reply.status === NO_SUCH_RANGE ? '0' : /\/(\d+)$/.exec(reply.header('content-range') ?? '')?.[1];
  const file: StoreFile = {
    name: key,
    address: `s3://${name}/${key}`,
    url: url.href,
    ...(bytes !== undefined && { bytes: Number(bytes) }),
    ...(etag !== undefined && { etag }),
  };
  return { ...(version !== undefined && { revision: version }), files: [file] };
}
