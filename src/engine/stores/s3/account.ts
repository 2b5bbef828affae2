/** As whom a bucket is asked, and where: what the config says, the environment, the profile, in this order. */
import { MldataError } from '../../../protocol';
import { awsSettings, type AwsCredentials, type AwsSettings, type Environment } from '../../credentials';

export interface S3Options {
  /** Of a server that is not Amazon's, such as MinIO. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Of `~/.aws/credentials` and `~/.aws/config`. */
  readonly profile?: string;
  /** Asks without keys, whatever keys there are. */
  readonly anonymous?: boolean;
}

export interface S3Account {
  /** Absent: it is asked without. */
  readonly keys?: AwsCredentials;
  /** Where they come from, for messages. */
  readonly keysFrom: string;
  readonly region: string;
  readonly endpoint?: URL;
}

/**
 * Throws `store-profile` for a profile whose keys are to be had by a way that is not gone here, `store-endpoint`,
 * `store-region`, and what {@link awsSettings} throws.
 */
export async function s3Account(options: S3Options, environment: Environment): Promise<S3Account> {
  const settings = await awsSettings(environment, options.profile);
  const { region = settings.region ?? 'us-east-1', endpoint = settings.endpoint } = options;
  if (!isRegion(region)) throw wrongSetting('region', region);
  return { region, ...(endpoint !== undefined && { endpoint: endpointOf(endpoint) }), ...keysOf(options, settings) };
}

/** It becomes a part of a host's name. */
export function isRegion(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(text);
}

function keysOf(
  { anonymous }: S3Options,
  { credentials, otherWay }: AwsSettings,
): Pick<S3Account, 'keys' | 'keysFrom'> {
  if (anonymous) return { keysFrom: 'it was asked without keys, as the config says' };
  if (credentials) return { keys: credentials, keysFrom: `the keys are those of ${credentials.from}` };
  if (otherWay) throw otherKind(otherWay.profile, otherWay.by);
  return { keysFrom: 'no keys were found, so it was asked without' };
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw wrongSetting('endpoint', url ? `${url.protocol}//${url.host}` : text);
  }
  return url;
}

function wrongSetting(what: 'endpoint' | 'region', value: string): MldataError {
  const should = what === 'region' ? 'the like of eu-central-1' : 'the like of https://minio.example.org:9000';
  return new MldataError('config', `store-${what}`, `${JSON.stringify(value)} is no ${what} of S3. Write ${should}.`);
}

function otherKind(name: string, kind: string): MldataError {
  return new MldataError(
    'authentication',
    'store-profile',
    `The profile ${JSON.stringify(name)} has its keys by \`${kind}\`, which is not read here. Put them into the environment: \`eval "$(aws configure export-credentials --profile ${name} --format env)"\`.`,
  );
}
