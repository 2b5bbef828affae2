/** What one value of a text file looks like. */

export type ValueKind = 'empty' | 'number' | 'date' | 'boolean' | 'text';

/** Hardly ever a value in its own right. */
export const plainNulls: ReadonlySet<string> = new Set([
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

const booleans: ReadonlySet<string> = new Set(['true', 'false', 'yes', 'no']);

/** What stands for a missing value is `empty`. Short values only: nothing longer is a number, and no pattern runs over megabytes. */
export function kindOf(value: string): ValueKind {
  if (value.length > 64) return 'text';
  const text = value.trim();
  if (text === '' || plainNulls.has(text) || doubtfulNulls.has(text)) return 'empty';
  if (/^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?$/.test(text) || /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text))
    return 'number';
  if (/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d|$)/.test(text) || /^\d{1,2}:\d{2}(:\d{2}|$)/.test(text)) return 'date';
  return booleans.has(text.toLowerCase()) ? 'boolean' : 'text';
}
