import * as z from 'zod';
import { asList } from '../shorthands';
import { columnName, oneOrMany } from '../words';
import { check } from './check';
import { refuseColumns } from './columns';
import { refuseThreshold, shareThreshold, threshold, where, type Threshold } from './thresholds';

const reactions = ['ignore', 'info', 'warn', 'error'] as const;
/** What is made of something that is so or not. */
export type Reaction = (typeof reactions)[number];

export interface LeakageParameters {
  /** Share of the rows of validation or test that are in a split before it too. */
  readonly rows: Threshold;
  /** The same, of rows with a key of another split. */
  readonly keys: Threshold;
  /** Columns whose values each belong into one split, beside the primary key and those whose role is `group`. */
  readonly keyColumns: readonly string[];
  /** Of the target, from what share on a column alone determines too much. */
  readonly target: Threshold;
  /** Share of the rows of a split that are later than the first one of a split after it. */
  readonly time: Threshold;
  /** From what share of its values on the most frequent one makes a column all but constant. */
  readonly nearConstant: Threshold;
  readonly constant: Reaction;
  readonly identifiers: Reaction;
  /** Columns that a model may know all the same. */
  readonly ignore: readonly string[];
  readonly where?: string;
}

export const leakage = check({
  name: 'leakage',
  description: 'What a model would know of the test, or of the target, and would not have once it is used.',
  parameters: z.strictObject({
    rows: shareThreshold
      .describe('A larger share of validation or test that is in a split before it too. Default: warn 0.')
      .optional(),
    keys: shareThreshold
      .describe('A larger share of validation or test with a key or group of a split before it. Default: warn 0.')
      .optional(),
    keyColumns: oneOrMany(columnName, 1)
      .describe(
        'Columns of which each value belongs into one split, such as a patient. The primary key and columns whose role is `group` always do.',
      )
      .optional(),
    target: shareThreshold
      .describe('At least this share of the target is determined by a column alone. Default: warn 95%.')
      .optional(),
    time: shareThreshold
      .describe(
        'A larger share of train (or validation) that is later than the first row of a split after it. Default: warn 0.',
      )
      .optional(),
    nearConstant: shareThreshold
      .describe('At least this share of the values of a column is one and the same. Default: warn 99%.')
      .optional(),
    constant: z.enum(reactions).describe('What a column with one value only is. Default: warn.').optional(),
    identifiers: z
      .enum(reactions)
      .describe('What a column is that tells every row apart and is no `id`, beside a target. Default: warn.')
      .optional(),
    ignore: oneOrMany(columnName, 1)
      .describe('Columns that are known when a model is to predict, whatever they tell. Nothing is said of them.')
      .optional(),
    where,
  }),
  byDefault: true,
  resolve: (written): LeakageParameters => ({
    rows: threshold(written.rows, { warn: 0 }),
    keys: threshold(written.keys, { warn: 0 }),
    keyColumns: asList(written.keyColumns),
    target: threshold(written.target, { warn: 0.95 }),
    time: threshold(written.time, { warn: 0 }),
    nearConstant: threshold(written.nearConstant, { warn: 0.99 }),
    constant: written.constant ?? 'warn',
    identifiers: written.identifiers ?? 'warn',
    ignore: asList(written.ignore),
    ...(written.where !== undefined && { where: written.where }),
  }),
  refuse: (parameters, schema, fault) => {
    for (const key of ['rows', 'keys', 'target', 'time', 'nearConstant'] as const)
      refuseThreshold(parameters[key], fault, [key]);
    refuseColumns(parameters.keyColumns, 'keyColumns', schema, fault);
    refuseColumns(parameters.ignore, 'ignore', schema, fault);
  },
});
