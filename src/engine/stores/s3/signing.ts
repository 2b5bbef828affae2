/** Requests that say whose they are, and prove it without showing the secret key (Signature Version 4). */
import { AwsV4Signer } from 'aws4fetch';
import type { Credentials } from '../../fetch';
import type { S3Account } from './account';

/** A signature holds for a quarter of an hour, less than a large object may take: each request gets its own. */
export function signatures({ keys }: Pick<S3Account, 'keys'>, region: string): Credentials {
  if (!keys) return {};
  return async (url) => {
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    const own = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
    const { headers } = await new AwsV4Signer({ ...own, url: url.href, service: 's3', region }).sign();
    return Object.fromEntries(headers);
  };
}
