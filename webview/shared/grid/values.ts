/** Values as they are shown: what is missing, empty, blank or no number is told apart, and nothing hides in a text. */
import { visible } from '../text';

export interface Shown {
  readonly kind: 'null' | 'empty' | 'blank' | 'nan' | 'value';
  readonly text: string;
}

export function shownValue(value: string | null, isNumber: boolean): Shown {
  if (value === null) return { kind: 'null', text: 'null' };
  if (value === '') return { kind: 'empty', text: '""' };
  if (isNumber && value === 'NaN') return { kind: 'nan', text: value };
  if (/^[\s\p{Z}]+$/u.test(value)) return { kind: 'blank', text: visible(value.replaceAll(' ', '␣')) };
  return { kind: 'value', text: visible(value) };
}

/** Over several lines; JSON is indented. */
export function visibleLines(text: string, isNested: boolean): string {
  const parts = (isNested ? indented(text) : text).split(/([\n\t])/);
  return parts.map((part, index) => (index % 2 === 0 ? visible(part) : part)).join('');
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Cut off, or with a NaN: as it is.
    return text;
  }
}
