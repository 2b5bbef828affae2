/** Whether the first record names the columns. */
import type { SampleRecord } from './sample';
import { kindOf, type ValueKind } from './valueKind';

export interface HeaderGuess {
  readonly header: boolean;
  /** False when the data does not say, as where every column is text. */
  readonly certain: boolean;
}

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
export function columnKind(records: readonly SampleRecord[], column: number): ValueKind {
  const counts = new Map<ValueKind, number>();
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
