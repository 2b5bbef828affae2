/** The address of a database: what of it may be shown, and what is known at connecting only. */
import { databaseSchemes, shownAddress } from '../../config';
import { MldataError } from '../../protocol';
import { remember, type Credentials } from '../credentials';

export type DatabaseKind = (typeof databaseSchemes)[keyof typeof databaseSchemes];

/** An address with nothing left to look up. Its secrets are in no message: they are remembered, see {@link remember}. */
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

/** Where to connect to. Throws `secret-missing` and `address-invalid`. */
export async function connectionOf(uri: string, credentials: Credentials): Promise<Connection> {
  const resolved = await credentials.resolveAddress(uri);
  const url = URL.canParse(resolved) ? new URL(resolved) : undefined;
  const parts = url && [url.username, url.password, url.pathname.slice(1), url.hostname].map(decoded);
  if (url === undefined || parts?.some((part) => part === undefined)) throw invalid(uri);
  const [user = '', password = '', database = '', host = ''] = parts ?? [];
  remember(password);
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

function invalid(uri: string): MldataError {
  return new MldataError(
    'config',
    'address-invalid',
    `${shownAddress(uri)} is no address of a database. Write scheme://user:\${env:PASSWORD}@host:port/database, with ` +
      'special characters percent-encoded.',
  );
}
