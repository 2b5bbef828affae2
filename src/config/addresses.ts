/** Sources that are no files here: addresses of what is fetched first. */
import { withoutSecrets } from './secrets';

/** The schemes of databases, and the program that each speaks to. */
export const databaseSchemes = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mariadb',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
  duckdb: 'duckdb',
} as const;

const fileSchemes = ['http', 'https'];
const storeSchemes = ['hf', 's3', 'dvc'];

/** Of databases that are files, whose paths may follow without slashes. */
const plainSchemes = ['sqlite', 'duckdb'];

/**
 * What can be fetched: a `file` is read as it comes, a `store` is asked which files are meant, and `rows` are asked for.
 * Undefined for any other scheme.
 */
export function kindOfScheme(scheme: string): 'file' | 'store' | 'rows' | undefined {
  if (fileSchemes.includes(scheme)) return 'file';
  if (storeSchemes.includes(scheme)) return 'store';
  return Object.hasOwn(databaseSchemes, scheme) ? 'rows' : undefined;
}

/** As messages list them. */
export const addressForms = [
  ...fileSchemes.map((name) => `${name}://`),
  'hf://datasets/',
  's3://',
  'dvc://',
  'postgres://',
  'mysql://',
  'sqlite:',
  'duckdb:',
];

/** The scheme of an address, in small letters; undefined for a path. */
export function schemeOf(path: string): string | undefined {
  const [, written, slashes] = /^([a-z][a-z0-9+.-]+):(\/\/)?/i.exec(path) ?? [];
  const scheme = written?.toLowerCase();
  return scheme !== undefined && (slashes !== undefined || plainSchemes.includes(scheme)) ? scheme : undefined;
}

export function kindOfAddress(address: string): ReturnType<typeof kindOfScheme> {
  return kindOfScheme(schemeOf(address) ?? '');
}

/** Whether a file bears the name of where it was fetched from. */
export function isAddress(name: string): boolean {
  return kindOfAddress(name) !== undefined;
}

/** The address as it may be shown and kept: no password, no parameters; references stay references. */
export function shownAddress(uri: string): string {
  // Their names may hold `@`, `:`, `?` and `#` as they like, and they have no place for a password.
  if (kindOfAddress(uri) === 'store') return withoutSecrets(uri);
  const [, scheme, user, rest = ''] = /^([a-z]+:\/\/)(?:(.*)@)?(.*)$/is.exec(uri) ?? [];
  // Of what is no whole address, nothing that could be a password: only what looks like a host and its port.
  const place = (scheme === undefined ? uri : rest.replace(/^([^/:]*):(?!\d+(?:[/?#]|$))[^/]*/, '$1')).split(/[?#]/)[0];
  const name = user === undefined ? '' : withoutPassword(user);
  return `${scheme ?? ''}${name === '' ? '' : `${name}@`}${place ?? ''}`;
}

/** `${env:NAME}` holds a colon too. */
function withoutPassword(user: string): string {
  return /^((?:\$\{[^}]*\}|[^:])*)/.exec(user)?.[1] ?? '';
}
