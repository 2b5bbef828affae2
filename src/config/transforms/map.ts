import * as z from 'zod';
import type { ColumnType, Scalar } from '../../protocol';
import { literalForms, positionOf } from '../literals';
import { worded } from '../words';
import { columns } from './parameters';
import { asNames, checkNames, numeric, retyped, textual, transform } from './transform';

const value = worded(
  z.union([z.string(), z.number(), z.boolean(), z.null()]),
  'text, a number, true, false, or nothing for a missing value',
);

/** What a map of values can be read from. */
const mappable: readonly ColumnType[] = [...textual, ...numeric, 'boolean', 'date', 'datetime', 'time', 'duration'];

export const map = transform({
  name: 'map',
  description: 'Exchange whole values for others; missing values stay missing.',
  parameters: z.strictObject({
    columns,
    values: z.record(z.string(), value).describe('The old values, each with its new one: `{ f: 0, m: 1 }`.'),
    other: worded(z.union([z.enum(['keep', 'null', 'fail']), z.null()]), '`keep`, `null` or `fail`')
      .describe('Any other value: `keep` (the default) it, make it missing (`null`), or `fail`: stop the build.')
      .default('keep'),
  }),
  fitted: false,
  removesRows: false,
  columns: ({ columns: names, values, other }, incoming, fault) => {
    checkNames(names, incoming, fault, 'columns', mappable);
    const targets = Object.values(values).filter((target) => target !== null);
    const made = commonType(targets);
    if (Object.keys(values).length === 0)
      fault({
        code: 'transform-step',
        at: ['values'],
        message: '`map` has no values.',
        suggestion: 'Write old and new values, as `{ f: 0, m: 1 }`.',
      });
    if (made === 'mixed')
      fault({
        code: 'transform-step',
        at: ['values'],
        message: 'The new values are of several types.',
        suggestion: 'Write only texts (in quotes where they look like numbers), only numbers, or only true and false.',
      });
    let outgoing = incoming;
    for (const name of asNames(names)) {
      const type = incoming.types.get(name);
      for (const from of type === undefined ? [] : Object.keys(values)) {
        if (type === undefined || positionOf(type, oldValue(type, from)) !== undefined) continue;
        fault({
          code: 'transform-column',
          at: ['values', from],
          message: `\`${from}\` is no value of \`${name}\`, which is of type ${type}.`,
          suggestion: `Write ${literalForms[type] ?? 'text'}.`,
        });
      }
      const target = made === 'mixed' || made === undefined ? type : made;
      const clashes = other === 'keep' && type !== undefined && target !== undefined && !joins(type, target);
      if (clashes)
        fault({
          code: 'transform-column',
          at: ['values'],
          message: `The new values are of type ${target}, and the values of \`${name}\` that are kept of type ${type}.`,
          suggestion: `Write new values of type ${type}, or \`other: null\` or \`other: fail\`.`,
        });
      outgoing = retyped(outgoing, name, clashes ? type : outcome(type, target, other === 'keep'));
    }
    return outgoing;
  },
});

/** A key as a value of the type. */
export function oldValue(type: ColumnType, key: string): Scalar {
  return type === 'boolean' && /^(true|false)$/.test(key) ? key === 'true' : key;
}

/** The type of new values; undefined: there are none. */
export function commonType(
  values: readonly Scalar[],
): 'string' | 'integer' | 'number' | 'boolean' | 'mixed' | undefined {
  const types = new Set(
    values.map((each) => {
      if (typeof each === 'number') return Number.isSafeInteger(each) ? 'integer' : 'number';
      return typeof each === 'boolean' ? 'boolean' : 'string';
    }),
  );
  if (types.has('number')) types.delete('integer');
  const [type] = types;
  return types.size > 1 ? 'mixed' : type;
}

/** Whether values of the two types can stand in one column. */
function joins(type: ColumnType, target: ColumnType): boolean {
  return (
    type === target ||
    (numeric.includes(type) && numeric.includes(target)) ||
    (textual.includes(type) && target === 'string')
  );
}

/** The type afterwards; undefined: it is not known. */
function outcome(type: ColumnType | undefined, target: ColumnType | undefined, keeps: boolean): ColumnType | undefined {
  if (!keeps) return target ?? type;
  return type === 'integer' && target === 'number' ? 'number' : type;
}
