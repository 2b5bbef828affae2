/** What one value of a text file looks like. */

export type ValueKind = 'empty' | 'number' | 'date' | 'boolean' | 'text';

/** Hardly ever a value in its own right. */
const plainNulls: ReadonlySet<string> = new Set([
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  '<NA>',
  'null',
  'NULL',
  'Null',
  '\\N',
  'nan',
  'NaN',
  'NAN',
  '-nan',
  'None',
  'none',
  'NONE',
  'nil',
]);
/** Often a value of a text column; only telling where the other values are numbers, dates or booleans. */
export const doubtfulNulls: ReadonlySet<string> = new Set([
  '-',
  '--',
  '—',
  '?',
  '.',
  '*',
  'missing',
  'unknown',
  'Unknown',
]);

export const nullLikes: readonly string[] = [...plainNulls, ...doubtfulNulls];
const anyNullLike: ReadonlySet<string> = new Set(nullLikes);

const booleans: ReadonlySet<string> = new Set(['true', 'false', 'yes', 'no']);

/** The longest of the words above: most values are told by their length. */
const LONGEST_WORD = 7;

/** Whether a value often stands for a missing one. */
export function isNullLike(value: string): boolean {
  return value.length <= LONGEST_WORD && anyNullLike.has(value);
}

/** What stands for a missing value is `empty`. Short values only: nothing longer is a number, and no pattern runs over megabytes. */
export function kindOf(value: string): ValueKind {
  if (value.length > 64) return 'text';
  const text = value.trim();
  if (text === '' || isNullLike(text)) return 'empty';
  // Files are told apart by many values, and what begins with a letter needs no pattern.
  if (/^[A-Za-z]/.test(text)) return isBoolean(text) ? 'boolean' : 'text';
  if (/^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?$/.test(text) || /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text))
    return 'number';
  if (/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d|$)/.test(text) || /^\d{1,2}:\d{2}(:\d{2}|$)/.test(text)) return 'date';
  return 'text';
}

function isBoolean(text: string): boolean {
  return text.length <= LONGEST_WORD && booleans.has(text.toLowerCase());
}
