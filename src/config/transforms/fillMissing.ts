import * as z from 'zod';
import type { ColumnType } from '../../protocol';
import { literalForms, positionOf } from '../literals';
import { columnName, oneOrMany, worded } from '../words';
import { columns } from './parameters';
import { asNames, checkNames, numeric, retyped, textual, transform } from './transform';

const strategies = ['mean', 'median', 'mode', 'constant', 'forward', 'backward'] as const;

/** Values that can be written down: in the config, or in the manifest once they are learned. */
const writable: readonly ColumnType[] = [
  ...numeric,
  ...textual,
  'boolean',
  'date',
  'datetime',
  'time',
  'duration',
  'geopoint',
];

const takes: Readonly<Partial<Record<(typeof strategies)[number], readonly ColumnType[]>>> = {
  mean: numeric,
  median: numeric,
  mode: writable,
  constant: writable,
};

export const fillMissing = transform({
  name: 'fill_missing',
  description: 'Put values in the place of missing ones.',
  parameters: z.strictObject({
    columns,
    strategy: z
      .enum(strategies)
      .describe(
        '`mean`, `median` or `mode` (the most frequent value; of several the smallest) of the training rows, ' +
          'a `constant`, or the value before (`forward`) or after (`backward`) in the order of the rows.',
      ),
    value: worded(z.union([z.string(), z.number(), z.boolean()]), 'text, a number, true or false')
      .describe('The constant.')
      .optional(),
    groupBy: oneOrMany(columnName, 1)
      .describe('Columns: a value for each group of rows that agree in them. Groups without one get that of all rows.')
      .optional(),
  }),
  fitted: ({ strategy }) => strategy === 'mean' || strategy === 'median' || strategy === 'mode',
  removesRows: false,
  columns: ({ columns: names, strategy, value, groupBy }, incoming, fault) => {
    const wrong = (at: string[], message: string, suggestion: string) => {
      fault({ code: 'transform-step', at, message, suggestion });
    };
    if (strategy === 'constant' && value === undefined)
      wrong(['strategy'], 'The constant is missing.', 'Add it as `value`.');
    if (strategy !== 'constant' && value !== undefined)
      wrong(['value'], `\`${strategy}\` takes no \`value\`.`, 'Remove it, or write `strategy: constant`.');
    if (strategy === 'constant' && groupBy !== undefined)
      wrong(['groupBy'], 'A constant is the same for every group.', 'Remove `groupBy`.');
    checkNames(names, incoming, fault, 'columns', takes[strategy]);
    if (groupBy !== undefined) {
      checkNames(groupBy, incoming, fault, 'groupBy');
      const own = asNames(groupBy).find((name) => asNames(names).includes(name));
      if (own !== undefined)
        wrong(['groupBy'], `\`${own}\` cannot be filled by groups of itself.`, 'Name other columns.');
    }
    for (const name of value === undefined ? [] : asNames(names)) {
      const type = incoming.types.get(name);
      if (type === undefined || value === undefined || positionOf(type, value) !== undefined) continue;
      fault({
        code: 'transform-column',
        at: ['value'],
        message: `\`${value}\` is no value of \`${name}\`, which is of type ${type}.`,
        suggestion: `Write ${literalForms[type] ?? 'text'}, or cast the column first with a step \`cast\`.`,
      });
    }
    return strategy === 'mean' || strategy === 'median' ? retyped(incoming, names, 'number') : incoming;
  },
});
