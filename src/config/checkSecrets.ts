/** Secrets that stand in a config, wherever it has a text: it lies in a repository, and manifests repeat it. */
import type { ConfigPath } from '../protocol';
import type { Report } from './problem';
import { literalSecrets } from './secrets';

/** Says of every text with a secret in it what it is; the secret itself is in no message. */
export function checkSecrets(data: unknown, path: ConfigPath, report: Report): void {
  if (typeof data === 'object' && data !== null) {
    const isList = Array.isArray(data);
    for (const [key, value] of Object.entries(data)) checkSecrets(value, [...path, isList ? Number(key) : key], report);
    return;
  }
  const [secret] = typeof data === 'string' ? literalSecrets(data) : [];
  if (secret === undefined) return;
  report({
    code: 'literal-secret',
    severity: 'error',
    message: `${sentence(secret.what)} stands in the config, for everybody to read.`,
    suggestion:
      'Write `${credential:NAME}` instead and run `mldata auth login NAME`, or `${env:NAME}` and set that variable. ' +
      'Whoever could read the file knows the old one: change it.',
    path,
    part: 'value',
  });
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
