/** Whether a server of databases lets us in. */
import type { Access } from './access';
import { databaseKind } from './address';

/**
 * Undefined where the address is of no server. Throws `secret-missing`, `address-invalid`, `address-not-allowed`,
 * `database-unreachable`, `database-login` and `cancelled`.
 */
export function askServer(uri: string, access: Access, signal: AbortSignal): Promise<void> | undefined {
  switch (databaseKind(uri)) {
    case 'postgres':
      return import('./postgres').then(({ askPostgres }) => askPostgres(uri, access, signal));
    case 'mariadb':
      return import('./mariadb').then(({ askMariadb }) => askMariadb(uri, access, signal));
    default:
      return undefined;
  }
}
