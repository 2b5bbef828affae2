/**
 * From where on a finding is a warning and from where on an error. As written a bare value is `error`; what a threshold
 * leaves out never happens. Some columns of a check may have a threshold of their own, which takes the place of the whole.
 */
import * as z from 'zod';
import type { TableSchema } from '../../protocol';
import { nearest } from '../nearest';
import { parseShare } from '../shorthands';
import { columnName, share, worded } from '../words';
import type { CheckFault } from './check';

/** A threshold in full; what is absent never happens. */
export interface Threshold {
  readonly warn?: number;
  readonly error?: number;
}

/** The threshold of a check, and those of the columns that have another one. */
export interface ColumnThresholds extends Threshold {
  readonly columns: Readonly<Record<string, Threshold>>;
}

type Bound = number | string;
interface Bounds {
  readonly warn?: Bound | undefined;
  readonly error?: Bound | undefined;
}
export type WrittenThreshold = Bound | Bounds;

function thresholdOf<S extends z.ZodType<Bound>>(value: S, expected: string) {
  return worded(
    z.union([
      value,
      z.strictObject({
        warn: value.describe('A warning above this.').optional(),
        error: value.describe('An error above this.').optional(),
      }),
    ]),
    `${expected}, or a map with \`warn\` and \`error\``,
  );
}

const count = worded(z.number().nonnegative(), 'a number, 0 or more');

/** As a value of its own: more than this share of the rows or values. */
export const shareThreshold = thresholdOf(share, 'a share such as 5%');
/** As a value of its own: more than so many. */
export const countThreshold = thresholdOf(count, 'a number');

/** Keys of a check that is one threshold of shares: `{ warn, error, columns }`. */
export const shareThresholds = {
  warn: share.describe('A warning above this share.').optional(),
  error: share.describe('An error above this share.').optional(),
  columns: z.record(columnName, shareThreshold).describe('Columns with a threshold of their own.').optional(),
};
/** A condition in SQL over the columns of a row; only the rows that meet it are looked at. */
export const where = worded(z.string().min(1), 'a condition in SQL', 'expression')
  .describe('Only rows that meet this condition, in SQL over the columns: `Age >= 18`.')
  .optional();

/** @param usual what holds where neither `warn` nor `error` is written */
export function threshold(written: WrittenThreshold | undefined, usual: Threshold = {}): Threshold {
  const { warn, error } = boundsOf(written);
  if (warn === undefined && error === undefined) return usual;
  return {
    ...(warn !== undefined && { warn: parseShare(warn) }),
    ...(error !== undefined && { error: parseShare(error) }),
  };
}

/** The thresholds of a check whose keys are `warn`, `error` and `columns`. */
export function thresholds(
  written: Bounds & { readonly columns?: Readonly<Record<string, WrittenThreshold>> | undefined },
  usual: Threshold = {},
): ColumnThresholds {
  const { columns = {} } = written;
  return {
    ...threshold(written, usual),
    columns: Object.fromEntries(Object.entries(columns).map(([name, own]) => [name, threshold(own, usual)])),
  };
}

/** The threshold that holds for a column. */
export function thresholdFor({ columns, ...all }: ColumnThresholds, column: string): Threshold {
  return Object.hasOwn(columns, column) ? (columns[column] ?? all) : all;
}

/** Reports a warning that an error always comes before. @param at where the threshold is written, within the check */
export function refuseThreshold(
  { warn, error }: Threshold,
  fault: CheckFault,
  at: readonly (string | number)[] = [],
): void {
  if (warn === undefined || error === undefined || warn <= error) return;
  fault({
    code: 'check-parameter',
    at: [...at, 'warn'],
    message: '`warn` lies above `error`: the warning never comes.',
    suggestion: 'Lower `warn`, or raise `error`.',
  });
}

/** Reports the faults of a check's own threshold and of those of its columns, and columns that there are not. */
export function refuseThresholds({ columns, ...all }: ColumnThresholds, schema: TableSchema, fault: CheckFault): void {
  refuseThreshold(all, fault);
  for (const [name, own] of Object.entries(columns)) {
    refuseColumn(name, schema, fault, ['columns', name]);
    refuseThreshold(own, fault, ['columns', name]);
  }
}

/** Reports a column that there is not. @param at where it is named, within the check */
export function refuseColumn(
  name: string,
  { columns, extraColumns }: TableSchema,
  fault: CheckFault,
  at: readonly (string | number)[],
): void {
  if (Object.hasOwn(columns, name) || extraColumns !== 'error') return;
  const meant = nearest(name, Object.keys(columns));
  fault({
    code: 'check-column',
    at,
    message: `There is no column \`${name}\` to check.`,
    ...(meant !== undefined && { suggestion: `Did you mean \`${meant}\`?` }),
  });
}

function boundsOf(written: WrittenThreshold | undefined): Bounds {
  return typeof written === 'object' ? written : { error: written };
}
