/** The keyring of the operating system: Keychain, Credential Manager, or the Secret Service of a desktop. */
import type { AsyncEntry } from '@napi-rs/keyring';
import { MldataError } from '../../protocol';

/** Throws `keyring-unavailable`. */
export interface Keyring {
  /** Undefined where it has no such entry. */
  read(name: string, signal?: AbortSignal): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
  /** Whether there was such an entry. */
  remove(name: string): Promise<boolean>;
}

const SERVICE = 'mldata';

/**
 * Loaded when it is first asked. On Linux only the Secret Service: the other one that there is, of the kernel, forgets
 * everything when the machine is switched off.
 */
export const osKeyring: Keyring = {
  read: (name, signal) => asked(name, async (entry) => (await entry.getPassword(signal)) ?? undefined),
  write: (name, value) => asked(name, (entry) => entry.setPassword(value)),
  remove: (name) => asked(name, (entry) => entry.deletePassword()),
};

async function asked<T>(name: string, question: (entry: AsyncEntry) => Promise<T>): Promise<T> {
  try {
    const keyring = await import('@napi-rs/keyring');
    return await question(new keyring.AsyncEntry(SERVICE, name, { linux: { store: 'secret-service' } }));
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new MldataError(
      'authentication',
      'keyring-unavailable',
      `The keyring of this machine cannot be used: ${why?.replace(/[.\s]+$/, '')}. ` +
        'Set environment variables instead: `${env:NAME}` reads NAME, `${credential:name}` reads MLDATA_CREDENTIAL_NAME.',
    );
  }
}
