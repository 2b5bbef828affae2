/** Credentials of one config that an environment variable could not tell apart. */
import type { ConfigPath } from '../protocol';
import type { Report } from './problem';
import { referencesIn, variableOf, writtenReference } from './secretReferences';

/** Says so where a second name stands. @param taken the name that each variable stands for so far */
export function checkCredentials(
  data: unknown,
  path: ConfigPath,
  report: Report,
  taken = new Map<string, string>(),
): void {
  if (typeof data === 'object' && data !== null) {
    const isList = Array.isArray(data);
    for (const [key, value] of Object.entries(data))
      checkCredentials(value, [...path, isList ? Number(key) : key], report, taken);
    return;
  }
  if (typeof data !== 'string') return;
  for (const reference of referencesIn(data)) {
    if (reference.kind !== 'credential') continue;
    const variable = variableOf(reference.name);
    const first = taken.get(variable) ?? reference.name;
    taken.set(variable, first);
    if (first === reference.name) continue;
    report({
      code: 'invalid-value',
      severity: 'error',
      message: `\`${writtenReference(reference)}\` cannot be told from \`${writtenReference({ kind: 'credential', name: first })}\`: the environment variable ${variable} would set both.`,
      suggestion: 'Give one of them a name that differs in more than its signs and the case of its letters.',
      path,
      part: 'value',
    });
  }
}
