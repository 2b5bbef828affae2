/** What stands in the place of a secret in a config: `${env:NAME}`, or `${credential:NAME}`. */

export interface Reference {
  readonly kind: 'env' | 'credential';
  readonly name: string;
}

/** What a credential may be called: it also names an entry of a keyring. */
const NAME = '[A-Za-z_][A-Za-z0-9_.-]*';
const pattern = new RegExp(`\\$\\{(env|credential):(${NAME})\\}`, 'g');

export function isCredentialName(name: string): boolean {
  return new RegExp(`^${NAME}$`).test(name);
}

/** The environment variable that a credential may also be given by: of names that differ in signs or case only, the same. */
export function variableOf(name: string): string {
  return `MLDATA_CREDENTIAL_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** Each once, in the order of the text. */
export function referencesIn(text: string): Reference[] {
  const all = Array.from(text.matchAll(pattern), ([whole, kind, name = '']): [string, Reference] => [
    whole,
    { kind: kind as Reference['kind'], name },
  ]);
  return [...new Map(all).values()];
}

/** As it is written. */
export function writtenReference({ kind, name }: Reference): string {
  return `\${${kind}:${name}}`;
}

/** The text with other words in the place of its references. */
export function withReferences(text: string, replacement: (reference: Reference) => string): string {
  return text.replace(pattern, (_, kind: Reference['kind'], name: string) => replacement({ kind, name }));
}

/** The credentials that plain data names, each once, wherever it has a text. */
export function credentialNamesIn(data: unknown): string[] {
  if (typeof data === 'string')
    return referencesIn(data).flatMap(({ kind, name }) => (kind === 'credential' ? name : []));
  if (typeof data !== 'object' || data === null) return [];
  return [...new Set(Object.values(data).flatMap(credentialNamesIn))];
}
