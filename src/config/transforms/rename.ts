import * as z from 'zod';
import { columnName, worded } from '../words';
import { checkFree, checkNames, transform, type Columns } from './transform';

const newName = worded(z.string(), 'the name of a column', 'newColumn');

export const rename = transform({
  name: 'rename',
  description: 'Give columns other names.',
  parameters: z.strictObject({
    columns: z.record(columnName, newName).describe('The old names, each with its new one: `{ Fare: fare }`.'),
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
    const gone = new Map(incoming.gone);
    for (const [old, name] of Object.entries(names)) gone.set(old, { by: 'rename', now: name });
    for (const name of Object.values(names)) gone.delete(name);
    return {
      open: incoming.open,
      gone,
      types: new Map(
        Array.from(incoming.types, ([name, type]) => [Object.hasOwn(names, name) ? (names[name] ?? name) : name, type]),
      ),
    };
  },
});
