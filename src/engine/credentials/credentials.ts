/** Where the secrets are found that a config only names. */
import { referencesIn, variableOf, withReferences, writtenReference, type Reference } from '../../config';
import { MldataError } from '../../protocol';
import { osKeyring, type Keyring } from './keyring';
import { remember } from './redact';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Found {
  readonly value: string;
  readonly from: 'environment' | 'editor' | 'keyring';
}

export interface CredentialsOptions {
  readonly environment?: Environment;
  readonly keyring?: Keyring;
  /** What the editor keeps, by name. */
  readonly handed?: Readonly<Record<string, string>>;
}

/** Looks secrets up when they are needed, and in memory only. What it finds is never told, see {@link redact}. */
export class Credentials {
  readonly environment: Environment;
  private readonly keyring: Keyring;
  private handed: ReadonlyMap<string, string>;

  constructor({ environment = process.env, keyring = osKeyring, handed = {} }: CredentialsOptions = {}) {
    this.environment = environment;
    this.keyring = keyring;
    this.handed = new Map(Object.entries(handed));
  }

  /** Takes what the editor keeps, in the place of what it gave before. */
  hand(values: Readonly<Record<string, string>>): void {
    this.handed = new Map(Object.entries(values));
    Object.values(values).forEach(remember);
  }

  /** These, and as if the editor kept some more. */
  with(values: Readonly<Record<string, string>>): Credentials {
    Object.values(values).forEach(remember);
    const { environment, keyring, handed } = this;
    return new Credentials({ environment, keyring, handed: { ...Object.fromEntries(handed), ...values } });
  }

  /**
   * What of the editor's a text names: for a process that works for this one, which gets it in a message, not as an
   * argument, nor in its environment.
   */
  handedFor(text: string): Record<string, string> {
    const names = referencesIn(text).flatMap(({ kind, name }) => (kind === 'credential' ? name : []));
    return Object.fromEntries([...this.handed].filter(([name]) => names.includes(name)));
  }

  /**
   * The environment wins, then what the editor keeps, then the keyring. Undefined where none of them has it. Throws
   * `keyring-unavailable` where only a keyring could have had it and there is none.
   */
  async find({ kind, name }: Reference, signal?: AbortSignal): Promise<Found | undefined> {
    const variable = kind === 'env' ? name : variableOf(name);
    const set = Object.hasOwn(this.environment, variable) ? this.environment[variable] : undefined;
    const handed = kind === 'credential' ? this.handed.get(name) : undefined;
    const found: Found | undefined = set
      ? { value: set, from: 'environment' }
      : handed
        ? { value: handed, from: 'editor' }
        : kind === 'credential'
          ? await this.kept(name, signal)
          : undefined;
    if (found) remember(found.value);
    return found;
  }

  private async kept(name: string, signal: AbortSignal | undefined): Promise<Found | undefined> {
    const value = await this.keyring.read(name, signal);
    return value ? { value, from: 'keyring' } : undefined;
  }

  /**
   * The text with its references replaced by what they stand for. Throws `secret-missing`.
   * @param encode how a value is written in the text
   */
  async resolve(
    text: string,
    encode: (value: string) => string = (value) => value,
    signal?: AbortSignal,
  ): Promise<string> {
    const values = new Map<string, string>();
    for (const reference of referencesIn(text)) {
      const found = await this.find(reference, signal).catch((error: unknown) => {
        throw missing(reference, error);
      });
      if (found === undefined) throw missing(reference);
      values.set(writtenReference(reference), encode(found.value));
    }
    return withReferences(text, (reference) => values.get(writtenReference(reference)) ?? '');
  }

  /** The address with its references replaced. One that is nothing but a reference is taken as it is found. */
  resolveAddress(text: string, signal?: AbortSignal): Promise<string> {
    const [only] = referencesIn(text);
    const isWhole = only !== undefined && writtenReference(only) === text;
    return this.resolve(text, isWhole ? undefined : encodeURIComponent, signal);
  }
}

/** Headers with their references replaced; a line end at the end of a secret is none of it. Throws `secret-missing`. */
export async function resolvedHeaders(
  headers: Readonly<Record<string, string>>,
  credentials: Credentials,
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  const resolved: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    resolved[name.toLowerCase()] = await credentials.resolve(value, (secret) => secret.trim(), signal);
  }
  return resolved;
}

function missing({ kind, name }: Reference, error?: unknown): MldataError {
  const noKeyring = error instanceof MldataError ? ` ${error.message}` : '';
  const message =
    kind === 'env'
      ? `The environment variable ${name}, which the config names, is not set. Set it and try again.`
      : `The credential ${name}, which the config names, is not set. Run \`mldata auth login ${name}\`, use “ML Data: Set Credential…” in the editor, or set ${variableOf(name)}.${noKeyring}`;
  return new MldataError('authentication', 'secret-missing', message);
}
