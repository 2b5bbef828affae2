/** Whether the first record names the columns. */
import type { SampleRecord } from './sample';

export interface HeaderGuess {
  readonly header: boolean;
  /** False when the data does not say, as where every column is text. */
  readonly certain: boolean;
}

type Kind = 'empty' | 'number' | 'date' | 'boolean' | 'text';

/** Share of a column's values that must be of one kind to speak for the column. */
const UNANIMOUS = 0.9;

/**
 * A first record that breaks the type of its columns is a header; one that keeps to it is data. Text alone says nothing:
 * then it is taken for a header, as in nearly every file with text in it.
 */
export function guessHeader(records: readonly SampleRecord[]): HeaderGuess {
  const [first, ...rest] = records;
  if (first === undefined) return { header: true, certain: false };
  const names = first.fields;
  const typedName = names.some((name) => kindOf(name) === 'number' || kindOf(name) === 'date');
  let unlike = 0;
  let alike = 0;
  names.forEach((name, column) => {
    const kind = columnKind(rest, column);
    if (kind === 'empty' || kind === 'text') return;
    const nameKind = kindOf(name);
    if (nameKind === kind) alike++;
    else if (nameKind === 'text') unlike++;
  });
  if (unlike > 0 || alike > 0) return { header: unlike >= alike, certain: unlike === 0 || alike === 0 };
  return { header: !typedName, certain: false };
}

/** What nearly all values of a column are; `text` when they differ. */
export function columnKind(records: readonly SampleRecord[], column: number): Kind {
  const counts = new Map<Kind, number>();
  let filled = 0;
  for (const { fields } of records) {
    const kind = kindOf(fields[column] ?? '');
    if (kind === 'empty') continue;
    filled++;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  if (filled === 0) return 'empty';
  for (const [kind, count] of counts) if (count >= filled * UNANIMOUS) return kind;
  return 'text';
}

const booleans: ReadonlySet<string> = new Set(['true', 'false', 'yes', 'no']);

/** Short values only: nothing longer is a number, and no pattern runs over megabytes. */
export function kindOf(value: string): Kind {
  if (value.length > 64) return 'text';
  const text = value.trim();
  if (text === '') return 'empty';
  if (/^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?$/.test(text) || /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text))
    return 'number';
  if (/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d|$)/.test(text) || /^\d{1,2}:\d{2}(:\d{2}|$)/.test(text)) return 'date';
  return booleans.has(text.toLowerCase()) ? 'boolean' : 'text';
}
