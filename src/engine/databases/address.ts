/** The address of a database: what of it may be shown, and what is known at connecting only. */
import { databaseSchemes, shownAddress } from '../../config';
import { MldataError } from '../../protocol';

export type DatabaseKind = (typeof databaseSchemes)[keyof typeof databaseSchemes];

/** An address with nothing left to look up. Its secrets are in no message: see {@link Secrets}. */
export interface Connection {
  readonly host: string;
  /** Undefined: the usual one. */
  readonly port: number | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Such as `sslmode`. */
  readonly parameters: URLSearchParams;
}

const reference = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Which kind of database an address names; undefined: none. */
export function databaseKind(uri: string): DatabaseKind | undefined {
  const scheme = /^([a-z]+):/i.exec(uri)?.[1]?.toLowerCase();
  return scheme !== undefined && scheme in databaseSchemes
    ? databaseSchemes[scheme as keyof typeof databaseSchemes]
    : undefined;
}

/** The path of a database that is a file, as it is written. */
export function filePath(uri: string): string {
  return uri.replace(/^[a-z]+:(?:\/\/(?=\/)|\/\/)?/i, '');
}

/** Values that must not be told, and the way to keep them out of what is. */
export class Secrets {
  private readonly values = new Set<string>();

  add(value: string): void {
    if (value === '') return;
    this.values.add(value);
    this.values.add(encodeURIComponent(value));
  }

  /** The text with every secret blotted out. */
  hide(text: string): string {
    const longestFirst = [...this.values].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((hidden, value) => hidden.replaceAll(value, '•••'), text);
  }
}

/**
 * The text with `${env:NAME}` replaced by what the environment holds.
 * @param encode how a value is written in the text
 * Throws `secret-missing`.
 */
export function resolveReferences(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  secrets: Secrets,
  encode: (value: string) => string,
): string {
  return text.replace(reference, (_, name: string) => {
    const value = environment[name];
    if (value === undefined || value === '') throw missing(name);
    secrets.add(value);
    return encode(value);
  });
}

/** Where to connect to. Throws `secret-missing` and `address-invalid`. */
export function connectionOf(
  uri: string,
  environment: Readonly<Record<string, string | undefined>>,
  secrets: Secrets,
): Connection {
  const resolved = resolveReferences(uri, environment, secrets, encodeURIComponent);
  const url = URL.canParse(resolved) ? new URL(resolved) : undefined;
  const parts = url && [url.username, url.password, url.pathname.slice(1), url.hostname].map(decoded);
  if (url === undefined || parts?.some((part) => part === undefined)) throw invalid(uri);
  const [user = '', password = '', database = '', host = ''] = parts ?? [];
  secrets.add(password);
  return {
    host: host.replace(/^\[|\]$/g, '') || 'localhost',
    port: url.port === '' ? undefined : Number(url.port),
    user,
    password,
    database,
    parameters: url.searchParams,
  };
}

/** Undefined for a `%` that encodes nothing. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function missing(name: string): MldataError {
  return new MldataError(
    'authentication',
    'secret-missing',
    `The environment variable ${name}, which the address of the database names, is not set. Set it and try again.`,
  );
}

function invalid(uri: string): MldataError {
  return new MldataError(
    'config',
    'address-invalid',
    `${shownAddress(uri)} is no address of a database. Write scheme://user:\${env:PASSWORD}@host:port/database, with ` +
      'special characters percent-encoded.',
  );
}
