/** What stands for an address of a store when it is asked whether it is there. */
import type { Environment } from '../credentials';
import { hubAddress, hubEndpoint, objectUrl, s3Address } from '../stores';

/** Of what the Hub says about the dataset. Throws `store-address`. */
export function huggingFaceUrl(address: string, environment: Environment): URL {
  const { dataset, revision = 'main' } = hubAddress(address);
  return new URL(`api/datasets/${dataset}/revision/${encodeURIComponent(revision)}`, hubEndpoint(environment));
}

/** Tells whose a token is. Throws `store-address`. */
export function whoAmIUrl(environment: Environment): URL {
  return new URL('api/whoami-v2', hubEndpoint(environment));
}

/** Of the bucket. Throws `store-address`. */
export function s3Url(address: string, place: Parameters<typeof objectUrl>[0]): URL {
  return objectUrl(place, s3Address(address).bucket, '');
}
