/** What stands for an address of a store when it is asked whether it is there. */
import type { AwsSettings, Environment } from '../credentials';
import { MldataError } from '../../protocol';

const HUB = 'https://huggingface.co';

/** Of what the hub says about the dataset. Throws `address-invalid`. */
export function huggingFaceUrl(address: string, environment: Environment): URL {
  const [, owner, name, revision = 'main'] =
    /^hf:\/\/datasets\/([^/@]+)\/([^/@]+)(?:@([^/]+))?(?:\/.*)?$/i.exec(address) ?? [];
  if (owner === undefined || name === undefined) {
    throw invalid(address, 'hf://datasets/owner/name@revision/path');
  }
  const parts = ['api', 'datasets', owner, name, 'revision', decodeURIComponent(revision)];
  return new URL(parts.map(encodeURIComponent).join('/'), `${hubOf(environment)}/`);
}

/** Tells whose a token is. */
export function whoAmIUrl(environment: Environment): URL {
  return new URL('api/whoami-v2', `${hubOf(environment)}/`);
}

function hubOf(environment: Environment): string {
  return (environment['HF_ENDPOINT'] || HUB).replace(/\/+$/, '');
}

/** Of the bucket. Throws `address-invalid`. */
export function s3Url(address: string, { endpoint, region = 'us-east-1' }: AwsSettings): URL {
  const bucket = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/|$)/i.exec(address)?.[1];
  if (bucket === undefined) throw invalid(address, 's3://bucket/key');
  return endpoint === undefined
    ? new URL(`https://${bucket}.s3.${region}.amazonaws.com/`)
    : new URL(bucket, `${endpoint.replace(/\/+$/, '')}/`);
}

function invalid(address: string, form: string): MldataError {
  return new MldataError('config', 'address-invalid', `${address} is no address of a store. Write ${form}.`);
}
