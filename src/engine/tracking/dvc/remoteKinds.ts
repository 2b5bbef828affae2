/** Where a remote of DVC may be, and what can be set for each kind. A setting that DVC does not know makes it refuse the whole config. */

type Value = 'text' | 'flag' | 'integer' | 'number';

export interface RemoteKind {
  readonly settings: Readonly<Record<string, Value>>;
  /** Those that nobody else may see. */
  readonly secrets: readonly string[];
}

const common = {
  jobs: 'integer',
  checksum_jobs: 'integer',
  version_aware: 'flag',
  worktree: 'flag',
  verify: 'flag',
} as const satisfies RemoteKind['settings'];

const http: RemoteKind = {
  settings: {
    ...common,
    auth: 'text',
    custom_auth_header: 'text',
    user: 'text',
    password: 'text',
    ask_password: 'flag',
    ssl_verify: 'text',
    method: 'text',
    connect_timeout: 'number',
    read_timeout: 'number',
  },
  secrets: ['password'],
};

/** By the scheme of the address; of a local path it is empty. */
export const remoteKinds: Readonly<Record<string, RemoteKind>> = {
  '': { settings: { ...common, type: 'text', shared: 'text', slow_link_warning: 'flag' }, secrets: [] },
  s3: {
    settings: {
      ...common,
      region: 'text',
      profile: 'text',
      credentialpath: 'text',
      configpath: 'text',
      endpointurl: 'text',
      access_key_id: 'text',
      secret_access_key: 'text',
      session_token: 'text',
      use_ssl: 'flag',
      allow_anonymous_login: 'flag',
      ssl_verify: 'text',
      sse: 'text',
      sse_kms_key_id: 'text',
      sse_customer_algorithm: 'text',
      sse_customer_key: 'text',
      acl: 'text',
      grant_read: 'text',
      grant_read_acp: 'text',
      grant_write_acp: 'text',
      grant_full_control: 'text',
      read_timeout: 'integer',
      connect_timeout: 'integer',
    },
    secrets: ['access_key_id', 'secret_access_key', 'session_token', 'sse_customer_key'],
  },
  gs: {
    settings: {
      ...common,
      projectname: 'text',
      credentialpath: 'text',
      endpointurl: 'text',
      allow_anonymous_login: 'flag',
    },
    secrets: [],
  },
  azure: {
    settings: {
      ...common,
      connection_string: 'text',
      sas_token: 'text',
      account_name: 'text',
      account_key: 'text',
      tenant_id: 'text',
      client_id: 'text',
      client_secret: 'text',
      allow_anonymous_login: 'flag',
      exclude_environment_credential: 'flag',
      exclude_visual_studio_code_credential: 'flag',
      exclude_shared_token_cache_credential: 'flag',
      exclude_managed_identity_credential: 'flag',
      timeout: 'integer',
      read_timeout: 'integer',
      connection_timeout: 'integer',
    },
    secrets: ['connection_string', 'sas_token', 'account_key', 'client_secret'],
  },
  ssh: {
    settings: {
      ...common,
      type: 'text',
      port: 'integer',
      user: 'text',
      password: 'text',
      ask_password: 'flag',
      passphrase: 'text',
      ask_passphrase: 'flag',
      keyfile: 'text',
      timeout: 'integer',
      gss_auth: 'flag',
      allow_agent: 'flag',
      max_sessions: 'integer',
    },
    secrets: ['password', 'passphrase'],
  },
  http,
  https: http,
};

/** Settings that are paths: relative to the config file where they are relative. */
export const pathSettings: readonly string[] = ['url', 'credentialpath', 'configpath', 'keyfile'];

/** What a value should have been; undefined: it is. */
export function wrongValue(kind: Value, value: string): string | undefined {
  if (kind === 'flag' && !/^(true|false)$/i.test(value)) return '`true` or `false`';
  if (kind === 'integer' && !/^\d{1,9}$/.test(value)) return 'a whole number';
  if (kind === 'number' && !/^\d{1,9}(\.\d+)?$/.test(value)) return 'a number';
  return undefined;
}
