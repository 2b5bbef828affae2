/** As whom a bucket is asked, and where: what the config says, the environment, the profile, in this order. */
import { loadSharedConfigFiles } from '@smithy/core/config';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MldataError } from '../../../protocol';

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface S3Options {
  /** Of a server that is not Amazon's, such as MinIO. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Of `~/.aws/credentials` and `~/.aws/config`. */
  readonly profile?: string;
  /** Asks without keys, whatever keys there are. */
  readonly anonymous?: boolean;
  /** Before those of the environment and of the profile. */
  readonly keys?: S3Keys;
}

export interface S3Account {
  /** Absent: it is asked without. */
  readonly keys?: S3Keys;
  /** Where they come from, for messages. */
  readonly keysFrom: string;
  readonly region: string;
  readonly endpoint?: URL;
}

type Settings = Readonly<Record<string, string | undefined>>;

/** Throws `store-profile` for a profile that is not there or has keys of a kind that is not read here, and `store-endpoint`. */
export async function s3Account(options: S3Options, environment: NodeJS.ProcessEnv): Promise<S3Account> {
  const chosen = options.profile ?? textOf(environment['AWS_PROFILE']);
  const settings = await settingsOf(chosen, environment);
  const region =
    options.region ??
    textOf(environment['AWS_REGION']) ??
    textOf(environment['AWS_DEFAULT_REGION']) ??
    settings['region'] ??
    'us-east-1';
  if (!isRegion(region)) throw wrongSetting('region', region);
  const endpoint =
    options.endpoint ??
    textOf(environment['AWS_ENDPOINT_URL_S3']) ??
    textOf(environment['AWS_ENDPOINT_URL']) ??
    settings['endpoint_url'];
  return {
    region,
    ...(endpoint !== undefined && { endpoint: endpointOf(endpoint) }),
    ...keysOf(options, chosen, settings, environment),
  };
}

/** It becomes a part of a host's name. */
export function isRegion(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(text);
}

function keysOf(
  options: S3Options,
  chosen: string | undefined,
  settings: Settings,
  environment: NodeJS.ProcessEnv,
): Pick<S3Account, 'keys' | 'keysFrom'> {
  if (options.anonymous) return { keysFrom: 'it was asked without keys, as the config says' };
  if (options.keys) return { keys: options.keys, keysFrom: 'the keys are those that were set for this source' };
  // Whoever names a profile means its keys.
  const ofEnvironment = options.profile === undefined && keysIn(environment, (name) => name.toUpperCase());
  if (ofEnvironment) return { keys: ofEnvironment, keysFrom: 'the keys are those of the environment' };
  const name = chosen ?? 'default';
  const ofProfile = keysIn(settings, (key) => key);
  if (ofProfile) return { keys: ofProfile, keysFrom: `the keys are those of the profile ${JSON.stringify(name)}` };
  const other = OTHER_KINDS.find((key) => settings[key] !== undefined);
  if (other !== undefined) throw otherKind(name, other);
  return { keysFrom: 'no keys were found, so it was asked without' };
}

function keysIn(settings: Settings, named: (key: string) => string): S3Keys | undefined {
  const [accessKeyId, secretAccessKey, sessionToken] = [
    'aws_access_key_id',
    'aws_secret_access_key',
    'aws_session_token',
  ].map((key) => textOf(settings[named(key)]));
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

/** Ways to keys that Amazon's own program goes. */
const OTHER_KINDS = ['sso_session', 'sso_start_url', 'role_arn', 'credential_process', 'web_identity_token_file'];

async function settingsOf(chosen: string | undefined, environment: NodeJS.ProcessEnv): Promise<Settings> {
  const home = textOf(environment['HOME']) ?? textOf(environment['USERPROFILE']) ?? homedir();
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    filepath: textOf(environment['AWS_SHARED_CREDENTIALS_FILE']) ?? join(home, '.aws', 'credentials'),
    configFilepath: textOf(environment['AWS_CONFIG_FILE']) ?? join(home, '.aws', 'config'),
    ignoreCache: true,
  });
  const name = chosen ?? 'default';
  const [config, credentials] = [configFile, credentialsFile].map((file) =>
    Object.hasOwn(file, name) ? file[name] : undefined,
  );
  if (chosen !== undefined && !config && !credentials) {
    throw new MldataError(
      'config',
      'store-profile',
      `There is no profile ${JSON.stringify(chosen)} in ~/.aws/config or ~/.aws/credentials. Correct its name, or make it with \`aws configure --profile\`.`,
    );
  }
  return { ...config, ...credentials };
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw wrongSetting('endpoint', url ? `${url.protocol}//${url.host}` : text);
  }
  return url;
}

function textOf(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
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
