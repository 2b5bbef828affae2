import * as z from 'zod';
import { columnName, oneOrMany, otherName, worded } from '../words';
import { allowLoss, checkTaken, entriesOf, oneDataset, oneFile } from './parameters';
import { added, asNames, checkFree, checkNames, transform, type Columns } from './transform';

const on = worded(
  z.union([oneOrMany(columnName, 1), z.record(columnName, otherName)]),
  'the name of a column, a list of names, or a map of names here and names there',
);

export const join = transform({
  name: 'join',
  description: 'Add columns of another file or dataset, looked up by one or more columns that both have.',
  parameters: z.strictObject({
    file: oneFile,
    dataset: oneDataset,
    on: on.describe(
      'The columns that have to agree: a name, a list of names, or a map of names here and names there, such as ' +
        '`{ city: name }`. A missing value agrees with nothing.',
    ),
    how: z
      .enum(['left', 'inner'])
      .describe('`left` (the default) keeps rows that find nothing, with missing values; `inner` leaves them out.')
      .default('left'),
    columns: oneOrMany(otherName, 1)
      .describe('The columns that are added. Left out: all there are beside those of `on`.')
      .optional(),
    prefix: z.string().describe('What is put before the names of the columns that are added.').default(''),
    suffix: z.string().describe('What is put behind the names of the columns that are added.').default(''),
    many: z
      .boolean()
      .describe(
        'Whether a row may find several rows there, and then stands as often. Otherwise several rows with the same ' +
          'key stop the build.',
      )
      .default(false),
    allowLoss,
  }),
  fitted: false,
  removesRows: false,
  remakesRows: true,
  detaches: ({ many }) => many,
  beside: (parameters) => ({
    entries: entriesOf(parameters),
    alike: new Map(joinKeys(parameters.on).map(({ here, there }) => [there, here])),
  }),
  columns: (parameters, incoming, fault) => {
    checkTaken('join', parameters, fault);
    const keys = joinKeys(parameters.on);
    if (keys.length === 0)
      fault({
        code: 'transform-step',
        at: ['on'],
        message: '`join` has no columns that have to agree.',
        suggestion: 'Name them, as `on: city` or `on: { city: name }`.',
      });
    for (const { here, at } of keys)
      checkNames(
        here,
        incoming,
        (problem) => {
          fault({ ...problem, at });
        },
        'on',
      );
    let outgoing: Columns = incoming;
    for (const [index, name] of asNames(parameters.columns ?? []).entries()) {
      const made = joinedName(name, parameters);
      checkFree(
        made,
        outgoing,
        (problem) => {
          fault({
            ...problem,
            suggestion: 'Give the columns of the join a `prefix` or a `suffix`, or drop that column first.',
          });
        },
        typeof parameters.columns === 'string' ? ['columns'] : ['columns', index],
      );
      outgoing = added(outgoing, made, undefined);
    }
    // What it brings may have any name, also one that was given up before.
    return parameters.columns === undefined ? { types: outgoing.types, open: true } : outgoing;
  },
});

/** Two columns that have to agree, and the parameter that says so. */
export interface JoinKey {
  readonly here: string;
  readonly there: string;
  readonly at: readonly (string | number)[];
}

export function joinKeys(columns: z.output<typeof on>): JoinKey[] {
  if (typeof columns === 'string') return [{ here: columns, there: columns, at: ['on'] }];
  return Array.isArray(columns)
    ? columns.map((name, index) => ({ here: name, there: name, at: ['on', index] }))
    : Object.entries(columns).map(([here, there]) => ({ here, there, at: ['on', here] }));
}

/** What a column from there is called here. */
export function joinedName(
  name: string,
  { prefix, suffix }: { readonly prefix: string; readonly suffix: string },
): string {
  return `${prefix}${name}${suffix}`;
}
