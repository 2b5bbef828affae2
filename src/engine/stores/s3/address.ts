/** `s3://bucket/key`: which objects are meant, and at which address they are. */
import { wrongAddress } from '../troubles';

export interface S3Address {
  readonly uri: string;
  readonly bucket: string;
  /** As the bucket has it: nothing in it is percent-encoded. */
  readonly key: string;
}

/** Where the objects of a bucket are asked for. */
export interface S3Place {
  /** Absent: Amazon's. */
  readonly endpoint?: URL;
  readonly region: string;
}

const FORM = 's3://bucket/key, s3://bucket/folder/ or s3://bucket/pattern-*.csv';
const PLAIN_BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Throws `store-address`. */
export function s3Address(uri: string): S3Address {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket) || bucket.includes('..')) {
    throw wrongAddress(uri, `${JSON.stringify(bucket)} is no name of a bucket`, FORM);
  }
  // Half a letter, which no bytes stand for.
  if (/\p{Cs}/u.test(key)) throw wrongAddress(uri, 'its key is no text', FORM);
  return { uri, bucket, key };
}

/**
 * In the form that is signed. Amazon has a host for each bucket; its certificates do not cover names with dots, and other
 * servers need not know them. Throws `store-address` for a key that no address can carry.
 */
export function objectUrl({ endpoint, region }: S3Place, bucket: string, key: string): URL {
  if (key.split('/').some((part) => part === '.' || part === '..')) {
    throw wrongAddress(
      `s3://${bucket}/${key}`,
      'a part of its key is "." or "..", which is left out of any address on its way',
      'a key or a pattern without it',
    );
  }
  const path = encoded(key);
  if (endpoint) return new URL(`${endpoint.href.replace(/\/+$/, '')}/${bucket}/${path}`);
  const host = `s3.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  return new URL(PLAIN_BUCKET.test(bucket) ? `https://${bucket}.${host}/${path}` : `https://${host}/${bucket}/${path}`);
}

function encoded(key: string): string {
  const strictly = (part: string) =>
    encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return key.split('/').map(strictly).join('/');
}
