/** The places where DVC keeps data, and what each has to be told. */
import { l10n } from 'vscode';

/** A setting of a remote, by DVC's own name. */
export interface RemoteField {
  readonly name: string;
  readonly prompt: string;
  readonly placeholder?: string;
  /** Goes into `.dvc/config.local`, which git ignores. */
  readonly local?: boolean;
  /** Is not shown while it is typed. */
  readonly password?: boolean;
  readonly optional?: boolean;
}

/** A way to be let in. */
export interface SignIn {
  readonly label: string;
  readonly detail?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly fields: readonly RemoteField[];
}

export interface RemoteKind {
  readonly label: string;
  readonly detail: string;
  readonly icon: string;
  readonly prompt: string;
  readonly placeholder: string;
  /** What every address of the kind looks like. */
  readonly pattern: RegExp;
  readonly fields: readonly RemoteField[];
  /** With one there is nothing to choose. */
  readonly signIns: readonly SignIn[];
}

export function remoteKinds(): readonly RemoteKind[] {
  const asMachine = (detail: string): SignIn => ({
    label: l10n.t('With what this machine has'),
    detail,
    fields: [],
  });
  const accountName: RemoteField = { name: 'account_name', prompt: l10n.t('Name of the storage account') };
  return [
    {
      label: l10n.t('Local Folder'),
      detail: l10n.t('On this machine, or on a drive that it has'),
      icon: 'folder',
      prompt: l10n.t('Path of the folder, absolute or relative to the folder of the project'),
      placeholder: '/mnt/storage/datasets',
      pattern: /^(?!\w{2,}:)./,
      fields: [],
      signIns: [{ label: '', fields: [] }],
    },
    {
      label: 'Amazon S3',
      detail: l10n.t('Or a server that speaks its language, such as MinIO'),
      icon: 'cloud',
      prompt: l10n.t('Bucket and path'),
      placeholder: 's3://bucket/path',
      pattern: /^s3:\/\/[^/]/,
      fields: [
        {
          name: 'endpointurl',
          prompt: l10n.t('Address of the server; empty for Amazon'),
          placeholder: 'https://minio.example.org:9000',
          optional: true,
        },
      ],
      signIns: [
        asMachine(l10n.t('Environment variables, AWS configuration or the role of the machine')),
        {
          label: l10n.t('With a profile'),
          detail: l10n.t('Of the AWS configuration'),
          fields: [{ name: 'profile', prompt: l10n.t('Name of the profile'), local: true }],
        },
        {
          label: l10n.t('With an access key'),
          fields: [
            { name: 'access_key_id', prompt: l10n.t('Access key ID'), local: true },
            { name: 'secret_access_key', prompt: l10n.t('Secret access key'), local: true, password: true },
          ],
        },
      ],
    },
    {
      label: 'Google Cloud Storage',
      detail: l10n.t('A bucket'),
      icon: 'cloud',
      prompt: l10n.t('Bucket and path'),
      placeholder: 'gs://bucket/path',
      pattern: /^gs:\/\/[^/]/,
      fields: [],
      signIns: [
        asMachine(l10n.t('Such as `gcloud auth application-default login`')),
        {
          label: l10n.t('With a key file'),
          detail: l10n.t('Of a service account'),
          fields: [
            {
              name: 'credentialpath',
              prompt: l10n.t('Path of the key file; only the path is kept'),
              placeholder: '/home/me/key.json',
              local: true,
            },
          ],
        },
      ],
    },
    {
      label: 'Azure Blob Storage',
      detail: l10n.t('A container'),
      icon: 'cloud',
      prompt: l10n.t('Container and path'),
      placeholder: 'azure://container/path',
      pattern: /^azure:\/\/[^/]/,
      fields: [],
      signIns: [
        { ...asMachine(l10n.t('Such as `az login`')), fields: [accountName] },
        {
          label: l10n.t('With a connection string'),
          fields: [{ name: 'connection_string', prompt: l10n.t('Connection string'), local: true, password: true }],
        },
        {
          label: l10n.t('With an account key'),
          fields: [accountName, { name: 'account_key', prompt: l10n.t('Account key'), local: true, password: true }],
        },
        {
          label: l10n.t('With a SAS token'),
          fields: [accountName, { name: 'sas_token', prompt: l10n.t('SAS token'), local: true, password: true }],
        },
      ],
    },
    {
      label: 'SSH',
      detail: l10n.t('A folder on another machine'),
      icon: 'remote',
      prompt: l10n.t('User, machine and path'),
      placeholder: 'ssh://me@example.org/srv/datasets',
      pattern: /^ssh:\/\/[^/]/,
      fields: [],
      signIns: [
        asMachine(l10n.t('The SSH agent, keys and configuration')),
        {
          label: l10n.t('With a key file'),
          fields: [
            {
              name: 'keyfile',
              prompt: l10n.t('Path of the private key; only the path is kept'),
              placeholder: '/home/me/.ssh/id_ed25519',
              local: true,
            },
          ],
        },
        {
          label: l10n.t('With a password'),
          fields: [{ name: 'password', prompt: l10n.t('Password'), local: true, password: true }],
        },
      ],
    },
    {
      label: 'HTTP',
      detail: l10n.t('A web server; to push, it has to take uploads'),
      icon: 'globe',
      prompt: l10n.t('Address'),
      placeholder: 'https://example.org/datasets',
      pattern: /^https?:\/\/[^/]/,
      fields: [],
      signIns: [
        { label: l10n.t('Without signing in'), fields: [] },
        {
          label: l10n.t('With user and password'),
          options: { auth: 'basic' },
          fields: [
            { name: 'user', prompt: l10n.t('User'), local: true },
            { name: 'password', prompt: l10n.t('Password'), local: true, password: true },
          ],
        },
      ],
    },
  ];
}
