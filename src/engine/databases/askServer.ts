/** Whether a server of databases lets us in. */
import type { Credentials } from '../credentials';
import { databaseKind } from './address';

/**
 * Undefined where the address is of no server. Throws `secret-missing`, `address-invalid`, `database-unreachable`,
 * `database-login` and `cancelled`.
 */
export function askServer(uri: string, credentials: Credentials, signal: AbortSignal): Promise<void> | undefined {
  switch (databaseKind(uri)) {
    case 'postgres':
      return import('./postgres').then(({ askPostgres }) => askPostgres({ uri }, credentials, signal));
    case 'mariadb':
      return import('./mariadb').then(({ askMariadb }) => askMariadb({ uri }, credentials, signal));
    default:
      return undefined;
  }
}
