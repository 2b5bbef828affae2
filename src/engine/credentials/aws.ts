/** Credentials of S3, where the tools of AWS keep them: the environment, or a profile. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MldataError } from '../../protocol';
import type { Environment } from './credentials';
import { remember } from './redact';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Written by the tools that fetch temporary ones. */
  readonly expiresAt?: Date;
  /** For people. */
  readonly from: string;
}

export interface AwsSettings {
  readonly region?: string;
  readonly endpoint?: string;
  /** Undefined: nothing is configured, and requests go without a signature. */
  readonly credentials?: AwsCredentials;
  /** Where the profile has no keys, but another way to some, which only the tools of AWS go: its entry. */
  readonly otherWay?: { readonly profile: string; readonly by: string };
}

/** Single sign-on, roles, programs that are asked. */
const OTHER_WAYS = ['sso_session', 'sso_start_url', 'role_arn', 'credential_process', 'web_identity_token_file'];

/**
 * Of the profile that is named, else of AWS_PROFILE, else `default`; without a name the environment wins. Throws
 * `aws-profile-missing` where a profile is named that no file has.
 */
export async function awsSettings(
  environment: Environment,
  profile?: string,
  home = environment['HOME'] || environment['USERPROFILE'] || homedir(),
): Promise<AwsSettings> {
  const named = profile ?? (environment['AWS_PROFILE'] || undefined);
  const name = named ?? 'default';
  const [credentialsFile, configFile] = filesOf(environment, home);
  // Loaded when needed: most commands have no business with S3.
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const files = await loadSharedConfigFiles({
    ...{ filepath: credentialsFile, configFilepath: configFile, ignoreCache: true },
  });
  const [own, config] = [files.credentialsFile, files.configFile].map((file) =>
    Object.hasOwn(file, name) ? file[name] : undefined,
  );
  if (named !== undefined && !own && !config) {
    throw new MldataError(
      'authentication',
      'aws-profile-missing',
      `There is no profile ${named} in ${credentialsFile} or ${configFile}. Make it with \`aws configure --profile ${named}\`.`,
    );
  }
  const values: Values = { ...config, ...own };
  const region = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || values['region'];
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] || environment['AWS_ENDPOINT_URL'] || values['endpoint_url'];
  const credentials =
    profile === undefined ? (ofEnvironment(environment) ?? ofProfile(values, name)) : ofProfile(values, name);
  for (const secret of [credentials?.secretAccessKey, credentials?.sessionToken]) if (secret) remember(secret);
  const by = credentials ? undefined : OTHER_WAYS.find((key) => values[key] !== undefined);
  return {
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    ...(by !== undefined && { otherWay: { profile: name, by } }),
  };
}

function filesOf(environment: Environment, home: string): [string, string] {
  const folder = join(home, '.aws');
  return [
    environment['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials'),
    environment['AWS_CONFIG_FILE'] || join(folder, 'config'),
  ];
}

function ofEnvironment(environment: Environment): AwsCredentials | undefined {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), from: 'AWS_ACCESS_KEY_ID' };
}

/** The name of the entry differs with the tool that wrote it. */
const EXPIRIES = ['aws_expiration', 'expiration', 'x_security_token_expires', 'aws_session_expiration'];

type Values = Readonly<Record<string, string | undefined>>;

function ofProfile(values: Values, name: string): AwsCredentials | undefined {
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = values;
  if (!accessKeyId || !secretAccessKey) return undefined;
  const sessionToken = values['aws_session_token'] ?? values['aws_security_token'];
  const expires = EXPIRIES.map((key) => values[key]).find((value) => value !== undefined);
  const expiresAt = expires === undefined || Number.isNaN(Date.parse(expires)) ? undefined : new Date(expires);
  return {
    ...{ accessKeyId, secretAccessKey },
    ...(sessionToken && { sessionToken }),
    ...(expiresAt && { expiresAt }),
    from: `the profile ${name}`,
  };
}
