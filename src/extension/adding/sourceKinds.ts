/** Where a new dataset may come from, and what each kind of address looks like. */
import { l10n } from 'vscode';

export type SourceKind = 'file' | 'url' | 'huggingface' | 's3' | DatabaseKind;
export type DatabaseKind = 'postgres' | 'mysql' | 'sqlite' | 'duckdb';

export interface KindOfSource {
  readonly kind: SourceKind;
  readonly label: string;
  readonly detail: string;
  readonly icon: string;
  /** What is asked for. */
  readonly prompt: string;
  readonly placeholder: string;
  readonly pattern: RegExp;
}

/** In the order they are offered. */
export function sourceKinds(): readonly KindOfSource[] {
  return [
    {
      ...{ kind: 'file', icon: 'file', placeholder: 'raw/*.csv', pattern: /^(?![a-z][a-z0-9+.-]+:\/\/)./i },
      label: l10n.t('File, Folder or Pattern'),
      detail: l10n.t('CSV, JSON, Parquet or Arrow of this workspace'),
      prompt: l10n.t('Path, relative to the configuration'),
    },
    {
      ...{ kind: 'url', icon: 'globe', placeholder: 'https://example.org/train.csv.gz', pattern: /^https?:\/\/[^/]/i },
      label: l10n.t('URL'),
      detail: l10n.t('A file or archive that a web server has'),
      prompt: l10n.t('Address of the file'),
    },
    {
      ...{
        kind: 'huggingface',
        icon: 'hubot',
        placeholder: 'hf://datasets/owner/name',
        pattern: /^hf:\/\/datasets\/[^/]+\/[^/]+/i,
      },
      label: l10n.t('Hugging Face'),
      detail: l10n.t('A dataset of the Hub'),
      prompt: l10n.t('Address of the dataset; a revision and a path may follow: @main/data'),
    },
    {
      ...{
        kind: 's3',
        icon: 'cloud',
        placeholder: 's3://bucket/folder/*.parquet',
        pattern: /^s3:\/\/[^/]+\/./i,
      },
      label: l10n.t('S3'),
      detail: l10n.t('Objects of a bucket, also of MinIO and the like'),
      prompt: l10n.t('Address of an object, a folder with a slash at its end, or a pattern'),
    },
    {
      ...{
        kind: 'postgres',
        icon: 'database',
        placeholder: 'postgres://user@host:5432/database',
        pattern: /^postgres(ql)?:\/\/[^/]+\/./i,
      },
      label: l10n.t('PostgreSQL'),
      detail: l10n.t('A table or a query'),
      prompt: l10n.t('Address of the database, without the password'),
    },
    {
      ...{
        kind: 'mysql',
        icon: 'database',
        placeholder: 'mysql://user@host:3306/database',
        pattern: /^(mysql|mariadb):\/\/[^/]+\/./i,
      },
      label: l10n.t('MySQL or MariaDB'),
      detail: l10n.t('A table or a query'),
      prompt: l10n.t('Address of the database, without the password'),
    },
    {
      ...{ kind: 'sqlite', icon: 'database', placeholder: 'sqlite:data/some.db', pattern: /^sqlite:./i },
      label: l10n.t('SQLite'),
      detail: l10n.t('A table or a query of a file'),
      prompt: l10n.t('Path of the file behind `sqlite:`, relative to the configuration'),
    },
    {
      ...{ kind: 'duckdb', icon: 'database', placeholder: 'duckdb:data/some.duckdb', pattern: /^duckdb:./i },
      label: l10n.t('DuckDB'),
      detail: l10n.t('A table or a query of a file'),
      prompt: l10n.t('Path of the file behind `duckdb:`, relative to the configuration'),
    },
  ];
}

export function isDatabase(kind: SourceKind | undefined): kind is DatabaseKind {
  return kind === 'postgres' || kind === 'mysql' || kind === 'sqlite' || kind === 'duckdb';
}

/** One that is reached over the network, with a user and a password. */
export function isServer(kind: SourceKind | undefined): boolean {
  return kind === 'postgres' || kind === 'mysql';
}
