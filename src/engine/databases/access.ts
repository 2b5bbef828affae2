/** How a server of databases is reached: by whom, with which encryption, and whether it may be at all. */
import { Socket } from 'node:net';
import { shownAddress } from '../../config';
import { MldataError } from '../../protocol';
import type { Credentials } from '../credentials';
import { checkHost, guardedLookup } from '../fetch';
import { connectionOf, type Connection } from './address';

export interface Access {
  /** What references in the address stand for. */
  readonly credentials: Credentials;
  /** Whether loopback, link-local and private addresses may be asked. */
  readonly allowInner: boolean;
}

/** Whose certificate will do. */
export type Trust = 'anybody' | 'authorities' | 'host';

/** Ways to connect, the best one first; undefined: without encryption. */
type Ways = readonly (Trust | undefined)[];

const preferred: Ways = ['anybody', undefined];

/** What the parameters of addresses say, in the words of each server's own programs. */
const words = {
  sslmode: {
    disable: [undefined],
    allow: preferred,
    prefer: preferred,
    require: ['anybody'],
    'verify-ca': ['authorities'],
    'verify-full': ['host'],
  },
  'ssl-mode': {
    disabled: [undefined],
    preferred,
    required: ['anybody'],
    verify_ca: ['authorities'],
    verify_identity: ['host'],
  },
} as const satisfies Record<string, Readonly<Record<string, Ways>>>;

/** A host to connect to, and how. */
export interface Reachable extends Connection {
  readonly ways: Ways;
  /** Of one connection. */
  readonly socket: () => Socket;
}

/**
 * @param parameter the one that speaks of encryption; an address has no other
 * Throws `secret-missing`, `address-invalid` and `address-not-allowed`.
 */
export async function reach(
  uri: string,
  parameter: keyof typeof words,
  { credentials, allowInner }: Access,
): Promise<Reachable> {
  const connection = await connectionOf(uri, credentials);
  const { host, parameters } = connection;
  checkHost(isSocketPath(host) ? 'localhost' : host, allowInner);
  const known: Readonly<Record<string, Ways>> = words[parameter];
  const mode = parameters.get(parameter)?.toLowerCase();
  const ways = mode === undefined ? preferred : Object.hasOwn(known, mode) ? known[mode] : undefined;
  const stranger = [...parameters.keys()].find((key) => key !== parameter);
  if (ways === undefined || stranger !== undefined) {
    const what =
      stranger === undefined ? `\`${parameter}\` which is none of its values` : `the parameter \`${stranger}\``;
    throw new MldataError(
      'config',
      'address-invalid',
      `${shownAddress(uri)} has ${what}. mldata knows \`?${parameter}=\` with ${Object.keys(known).join(', ')}.`,
    );
  }
  return { ...connection, ways, socket: () => new GuardedSocket(allowInner) };
}

/** A host that is a path is a socket of this machine. */
export function isSocketPath(host: string): boolean {
  return host.startsWith('/');
}

/** Connects the best way that the server offers. @param isWithout whether an error says that it offers no encryption */
export async function connectBestWay<T>(
  ways: Ways,
  connect: (way: Trust | undefined) => Promise<T>,
  isWithout: (error: Error) => boolean,
): Promise<T> {
  const [way, next] = ways;
  try {
    return await connect(way);
  } catch (error) {
    if (ways.length < 2 || !(error instanceof Error && isWithout(error))) throw error;
    return connect(next);
  }
}

/** A name is looked up when it is connected to, so that none leads where nothing may be asked. */
class GuardedSocket extends Socket {
  constructor(private readonly allowInner: boolean) {
    super();
  }

  /** @param place a port, or the path of a socket where no host is said */
  override connect(place: unknown, host?: unknown): this {
    if (typeof host !== 'string') return super.connect({ path: String(place) });
    return super.connect({ port: Number(place), host, lookup: guardedLookup(this.allowInner) });
  }
}
