import * as z from 'zod';
import { columnName } from '../words';
import { checkFree, checkNames, transform, type Columns } from './transform';

export const rename = transform({
  name: 'rename',
  description: 'Give columns other names.',
  parameters: z.strictObject({
    columns: z.record(z.string(), columnName).describe('The old names, each with its new one: `{ Fare: fare }`.'),
  }),
  fitted: false,
  removesRows: false,
  columns: ({ columns: names }, incoming, fault): Columns => {
    const kept = new Map([...incoming.types].filter(([name]) => !Object.hasOwn(names, name)));
    for (const [old, name] of Object.entries(names)) {
      checkNames(
        old,
        incoming,
        (problem) => {
          fault({ ...problem, at: ['columns', old] });
        },
        'columns',
      );
      checkFree(name, { ...incoming, types: kept }, fault, ['columns', old]);
      kept.set(name, undefined);
    }
    return {
      open: incoming.open,
      types: new Map(
        Array.from(incoming.types, ([name, type]) => [Object.hasOwn(names, name) ? (names[name] ?? name) : name, type]),
      ),
    };
  },
});
