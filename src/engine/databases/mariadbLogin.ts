/** Connections to a MariaDB or a MySQL. */
import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { createConnection, type Connection, type ConnectionOptions } from 'mysql2';
import { shownAddress } from '../../config';
import { MldataError } from '../../protocol';
import { connectBestWay, isSocketPath, reach, type Access, type Reachable, type Trust } from './access';
import { isAboutSockets, troubleWith, type Trouble } from './troubles';

const CONNECT_MS = 20_000;
const USUAL_PORT = 3306;
/** Numbers of errors of the server. */
const REFUSALS = [1044, 1045, 1049, 1142, 1143, 1370, 1698];
const TIMEOUTS = [1969, 3024];
const LOSSES = [1053, 1927, 2006, 2013];

export type LogIn = (signal: AbortSignal) => Promise<Connection>;

/**
 * What logs in to the server at an address, as often as it is called.
 * Throws `secret-missing`, `address-invalid` and `address-not-allowed`, and so does calling it, which throws
 * `database-unreachable`, `database-login` and `cancelled` too.
 */
export async function loginOf(uri: string, access: Access): Promise<LogIn> {
  const place = await reach(uri, 'ssl-mode', access);
  if (place.ways.includes('host') && isIP(place.host) !== 0) {
    // The client would take the certificate of any `localhost` for it.
    throw new MldataError(
      'config',
      'address-invalid',
      `${shownAddress(uri)} has no name that \`verify_identity\` could look for in a certificate. Write the name of the host.`,
    );
  }
  return async (signal) => {
    const connect = (trust: Trust | undefined) => connected({ ...settingsOf(place), ...tlsOf(trust) }, signal);
    try {
      return await connectBestWay(place.ways, connect, (error) => codeOf(error) === 'HANDSHAKE_NO_SSL_SUPPORT');
    } catch (error) {
      throw troubleWith(error, { uri, signal }, (problem) => (isRefusal(problem) ? 'refused' : 'unreachable'));
    }
  };
}

interface Settings extends ConnectionOptions {
  /** Makes the socket to the server. */
  readonly stream: () => Socket;
}

async function connected({ stream, ...settings }: Settings, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted();
  const socket = stream();
  const connection = createConnection({ ...settings, stream: socket });
  const end = connection.destroy.bind(connection);
  // The client says only that it asks no more: for a minute a server may go on writing rows that nobody reads.
  connection.destroy = () => {
    end();
    socket.destroy();
  };
  // Said again, of a connection that nobody waits for just then, it would end the process.
  connection.on('error', () => undefined);
  try {
    await once(connection, 'connect', { signal });
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

function settingsOf({ host, port = USUAL_PORT, user, password, database, socket }: Reachable): Settings {
  return {
    ...{ host, port, user, password, database },
    stream: () => (isSocketPath(host) ? socket().connect(host) : socket().connect(port, host).setNoDelay()),
    connectTimeout: CONNECT_MS,
    charset: 'utf8mb4',
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    multipleStatements: false,
    typeCast: (field, next) => (field.type === 'GEOMETRY' ? field.buffer() : next()),
    // A server can ask for any file of ours otherwise.
    flags: ['-LOCAL_FILES'],
  };
}

function tlsOf(trust: Trust | undefined): Pick<ConnectionOptions, 'ssl'> {
  if (trust === undefined) return {};
  return { ssl: { rejectUnauthorized: trust !== 'anybody', verifyIdentity: trust === 'host' } };
}

/** Which trouble it is with what a server runs. */
export function troubleAtWork(problem: Error): Trouble {
  if (isRefusal(problem)) return 'refused';
  const number = numberOf(problem);
  if (TIMEOUTS.includes(number)) return 'timeout';
  return isAboutSockets(problem) || codeOf(problem) === 'PROTOCOL_CONNECTION_LOST' || LOSSES.includes(number)
    ? 'lost'
    : 'query';
}

function isRefusal(problem: Error): boolean {
  return REFUSALS.includes(numberOf(problem));
}

function numberOf(problem: Error): number {
  return 'errno' in problem ? Number(problem.errno) : 0;
}

function codeOf(problem: Error): string {
  return 'code' in problem ? String(problem.code) : '';
}
