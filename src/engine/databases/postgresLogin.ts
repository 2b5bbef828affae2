/** Connections to a PostgreSQL. */
import { Client, type ClientConfig } from 'pg';
import { connectBestWay, reach, type Access, type Trust } from './access';
import { isAboutSockets, troubleWith, type Trouble } from './troubles';

const CONNECT_MS = 20_000;
const USUAL_PORT = 5432;

export type LogIn = (signal: AbortSignal) => Promise<Client>;

/**
 * What logs in to the server at an address, as often as it is called.
 * Throws `secret-missing`, `address-invalid` and `address-not-allowed`, and so does calling it, which throws
 * `database-unreachable`, `database-login` and `cancelled` too.
 */
export async function loginOf(uri: string, access: Access): Promise<LogIn> {
  const { host, port = USUAL_PORT, user, password, database, ways, socket } = await reach(uri, 'sslmode', access);
  const settings: ClientConfig = {
    ...{ host, port, user, database },
    // A password in the environment is nobody's to give to any server that a config names.
    password: () => password,
    stream: socket,
    application_name: 'mldata',
    connectionTimeoutMillis: CONNECT_MS,
  };
  return async (signal) => {
    const connect = (trust: Trust | undefined) => connected(new Client({ ...settings, ssl: tlsOf(trust) }), signal);
    try {
      return await connectBestWay(ways, connect, ({ message }) => message.includes('does not support SSL'));
    } catch (error) {
      throw troubleWith(error, { uri, signal }, troubleAtLogin);
    }
  };
}

async function connected(client: Client, signal: AbortSignal): Promise<Client> {
  // Said again, of a connection that nobody waits for just then, it would end the process.
  client.on('error', () => undefined);
  const hangUp = (): void => {
    client.connection.stream.destroy();
  };
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    signal.throwIfAborted();
    return await client.connect();
  } catch (error) {
    hangUp();
    throw error;
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
}

function tlsOf(trust: Trust | undefined): ClientConfig['ssl'] {
  switch (trust) {
    case undefined:
      return false;
    case 'anybody':
      return { rejectUnauthorized: false };
    case 'authorities':
      return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'host':
      return { rejectUnauthorized: true };
  }
}

function troubleAtLogin(problem: Error): Trouble {
  return isRefusal(problem) || /password|SASL|authentication/i.test(problem.message) ? 'refused' : 'unreachable';
}

/** Which trouble it is with what a server runs. */
export function troubleAtWork(problem: Error): Trouble {
  const code = codeOf(problem);
  if (isRefusal(problem)) return 'refused';
  if (code === '57014') return 'timeout';
  return isAboutSockets(problem) || /^(57P|08)/.test(code) || problem.message.startsWith('Connection terminated')
    ? 'lost'
    : 'query';
}

function isRefusal(problem: Error): boolean {
  return /^(28|3D|42501)/.test(codeOf(problem));
}

function codeOf(problem: Error): string {
  return 'code' in problem ? String(problem.code) : '';
}
