/** A config to write in, and data that the editor has looked at; `|` marks the cursor and is not part of the text. */
import assert from 'node:assert/strict';
import type { SourceLook } from '../../../../src/protocol';

export function cursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  assert.ok(offset >= 0, `no cursor in ${marked}`);
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

/** The body of the only dataset `a`, indented below its source. */
export function dataset(body: string): string {
  return `version: 1\ndatasets:\n  a:\n    source: a.csv\n${body.replace(/^(?=.)/gm, '    ')}`;
}

export const look: SourceLook = {
  dataset: 'a',
  fingerprint: 'f',
  rows: 10,
  partial: false,
  columns: [
    { name: 'Age', type: 'number', nulls: 1, distinct: 9, min: '0.4', max: '80' },
    {
      name: 'Sex',
      type: 'string',
      nulls: 0,
      distinct: 2,
      min: 'female',
      max: 'male',
      values: [
        { value: 'male', count: 7 },
        { value: 'female', count: 3 },
      ],
    },
    {
      name: 'Class',
      type: 'integer',
      nulls: 0,
      distinct: 2,
      min: '1',
      max: '3',
      values: [
        { value: '3', count: 6 },
        { value: '1', count: 4 },
      ],
    },
    { name: 'Cabin no', type: 'string', nulls: 0, distinct: 10 },
  ],
  findings: [],
};

export const looks = (name: string): SourceLook | undefined => (name === 'a' ? look : undefined);
