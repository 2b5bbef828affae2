/**
 * Changing the text of a config in one place, as `editInPlace` does, also where lists are: comments and formatting stay,
 * and a change that would say something else than was asked is not taken.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ConfigPath } from '../../protocol';
import { readDocument } from '../document';
import { editInPlace, inline } from '../edit';
import type { TextRange } from '../lines';
import { isRecord } from '../shape';
import { applied } from './rename';
import { valueAt } from './place';
import { quoted, quoteOf } from './scalars';

/** Another value at `path`, which exists; undefined where that cannot be written there. */
export function setValue(text: string, path: ConfigPath, value: unknown): string | undefined {
  if (path.every((step) => typeof step === 'string')) return editInPlace(text, path, value);
  const { start, end } = readDocument(text).rangeOf(path, 'value');
  const quote = typeof value === 'string' ? quoteOf(text.slice(start, end)) : '';
  const written = typeof value === 'string' && quote !== '' ? quoted(value, quote) : inline(value);
  return checked(text, [{ range: { start, end }, text: written }], path, value);
}

/** Another name for the key at `path`. */
export function setKey(text: string, path: ConfigPath, key: string): string | undefined {
  const { data, rangeOf } = readDocument(text);
  const range = rangeOf(path, 'key');
  const written = quoted(key, quoteOf(text.slice(range.start, range.end)));
  return checked(text, [{ range, text: written }], [...path.slice(0, -1), key], valueAt(data, path));
}

/** More items at the end of the list at `path`, written as the others are. */
export function addItems(text: string, path: ConfigPath, items: readonly unknown[]): string | undefined {
  const { data, rangeOf } = readDocument(text);
  const list = valueAt(data, path);
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const wanted = [...(list as unknown[]), ...items];
  const whole = rangeOf(path, 'value');
  const last = rangeOf([...path, list.length - 1], 'value');
  if (text[whole.start] === '[') {
    const added = items.map((item) => `, ${inline(item)}`).join('');
    return checked(text, [{ range: { start: last.end, end: last.end }, text: added }], path, wanted);
  }
  const lead = /[^\n]*$/.exec(text.slice(0, last.start))?.[0] ?? '';
  if (!/^ *- +$/.test(lead)) return undefined;
  const lineEnd = last.end + (/^[^\r\n]*/.exec(text.slice(last.end))?.[0].length ?? 0);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = items.map((item) => `${newline}${lead}${inline(item)}`).join('');
  return checked(text, [{ range: { start: lineEnd, end: lineEnd }, text: lines }], path, wanted);
}

/** One more key of a column, which may be written as a type only. */
export function setOfColumn(text: string, column: ConfigPath, key: string, value: unknown): string | undefined {
  const written = valueAt(readDocument(text).data, column);
  if (isRecord(written)) return setValue(text, [...column, key], value);
  return typeof written === 'string' ? setValue(text, column, { type: written, [key]: value }) : undefined;
}

/** The text with edits, if then `value` stands at `path`. */
function checked(
  text: string,
  edits: readonly { readonly range: TextRange; readonly text: string }[],
  path: ConfigPath,
  value: unknown,
): string | undefined {
  const changed = applied(text, edits);
  const { data, problems } = readDocument(changed);
  return problems.length === 0 && isDeepStrictEqual(valueAt(data, path), value) ? changed : undefined;
}

/** The part of a text that differs from another one, and what stands there instead. */
export function differenceOf(before: string, after: string): { readonly range: TextRange; readonly text: string } {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { range: { start, end: before.length - end }, text: after.slice(start, after.length - end) };
}
