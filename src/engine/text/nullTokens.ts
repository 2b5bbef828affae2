/** Values that look as if they stood for a missing one, though only the empty field does. */
import type { Finding } from '../../protocol';
import { MAX_SAMPLES } from '../../protocol';
import type { SampleRecord } from './sample';
import type { RecordSyntax } from './dialect';
import { doubtfulNulls, isNullLike, kindOf, nullLikes } from './valueKind';

interface Token {
  readonly value: string;
  readonly columns: Map<string, number>;
}

/**
 * Whether one of them may stand in a text, which most texts need not be cut into fields for.
 * @param syntax what stands around a field
 */
export function holdsNullLike(text: string, { delimiter, quote, escape }: RecordSyntax): boolean {
  const border = `[\\r\\n${asPattern(delimiter + quote + escape)}]`;
  return new RegExp(`(?:^|${border})(?:${nullLikes.map(asPattern).join('|')})(?:$|${border})`, 'u').test(text);
}

function asPattern(literal: string): string {
  return Array.from(literal, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join('');
}

/** One finding for all of them, with the option that makes them null; none when there are none. */
export function findNullTokens(
  records: readonly SampleRecord[],
  columns: readonly string[],
  nullValues: readonly string[],
  file: string,
): Finding | undefined {
  const declared = new Set(nullValues);
  const tokens = new Map<string, Token>();
  columns.forEach((name, column) => {
    const counts = new Map<string, number>();
    for (const { fields } of records) {
      const value = fields[column] ?? '';
      if (isNullLike(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (const [value, count] of counts) {
      if (declared.has(value) || (doubtfulNulls.has(value) && !isMostlyTyped(records, column))) continue;
      const token = tokens.get(value) ?? { value, columns: new Map<string, number>() };
      token.columns.set(name, (token.columns.get(name) ?? 0) + count);
      tokens.set(value, token);
    }
  });
  if (tokens.size === 0) return undefined;
  const found = [...tokens.values()];
  const where = found.map(({ value, columns: counts }) => `${value} (${someOf(counts)})`).join(', ');
  return {
    code: 'null-like-values',
    severity: 'info',
    message: `Values that look like missing ones are read as text in the first ${records.length} rows: ${where}.`,
    count: found.reduce((sum, { columns: counts }) => sum + [...counts.values()].reduce((a, b) => a + b, 0), 0),
    samples: found.slice(0, MAX_SAMPLES).map(({ value }) => value),
    locations: [{ file }],
    suggestion: `If they stand for missing values, add \`nullValues: [${[...nullValues, ...tokens.keys()].map(yamlScalar).join(', ')}]\` to the source's options.`,
  };
}

/** Whether the values of a column are numbers, dates or booleans, but for one in ten. */
function isMostlyTyped(records: readonly SampleRecord[], column: number): boolean {
  let typed = 0;
  let text = 0;
  for (const { fields } of records) {
    const kind = kindOf(fields[column] ?? '');
    if (kind === 'text') text++;
    else if (kind !== 'empty') typed++;
  }
  return typed > 9 * text;
}

function someOf(counts: ReadonlyMap<string, number>): string {
  const shown = [...counts].slice(0, 3).map(([column, count]) => `${column.slice(0, 100)}: ${count}`);
  return counts.size > shown.length
    ? `${shown.join(', ')} and ${counts.size - shown.length} more columns`
    : shown.join(', ');
}

/** As it stands in a flow list and still is this text. */
function yamlScalar(value: string): string {
  return /^[A-Za-z][A-Za-z/]*$/.test(value) && !/^(null|none|true|false|yes|no)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
