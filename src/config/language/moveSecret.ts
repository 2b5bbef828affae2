/** Taking a secret out of a config: what it is, what it may be called, and the text with a reference in its place. */
import type { ConfigPath } from '../../protocol';
import { readDocument } from '../document';
import { referencesIn } from '../secretReferences';
import { isSecretHeader, literalSecrets, type LiteralSecret } from '../secrets';
import { setValue } from './change';
import { withinDataset } from './columns';
import { valueAt } from './place';

export interface MovedSecret {
  readonly name: string;
  readonly value: string;
  /** The whole text afterwards. */
  readonly text: string;
}

/** Undefined where no secret stands at `path`, or where it cannot be replaced there. The text is without a byte order mark. */
export function moveSecret(text: string, path: ConfigPath): MovedSecret | undefined {
  const written = valueAt(readDocument(text).data, path);
  if (typeof written !== 'string') return undefined;
  const secret = literalSecrets(written)[0] ?? headerSecret(path, written);
  if (secret === undefined) return undefined;
  const name = freeName(`${withinDataset(path)?.dataset ?? 'defaults'}-${secret.kind}`, text);
  const changed = setValue(
    text,
    path,
    `${written.slice(0, secret.start)}\${credential:${name}}${written.slice(secret.end)}`,
  );
  return changed === undefined ? undefined : { name, value: secret.value, text: changed };
}

/** Of a header that bears a secret, all but the word for its kind: `Bearer`, `Basic`, `Token`. */
function headerSecret(
  path: ConfigPath,
  written: string,
): Pick<LiteralSecret, 'start' | 'end' | 'value' | 'kind'> | undefined {
  const [name, above] = path.toReversed();
  if (above !== 'headers' || !isSecretHeader(String(name)) || referencesIn(written).length > 0) return undefined;
  const start = /^(?:bearer|basic|token) +/i.exec(written)?.[0].length ?? 0;
  return { start, end: written.length, value: written.slice(start), kind: 'token' };
}

/** A name that the config has no credential of yet. */
function freeName(wanted: string, text: string): string {
  const plain = wanted.replace(/[^A-Za-z0-9_.-]/g, '_').replace(/^(?![A-Za-z_])/, '_');
  let name = plain;
  for (let count = 2; text.includes(`\${credential:${name}}`); count += 1) name = `${plain}-${count}`;
  return name;
}
