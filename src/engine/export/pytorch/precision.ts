/** What numbers lose as 32-bit ones: Parquet keeps them as they are, tensors do not. */
import type { Finding } from '../../../protocol';
import { changedBy, countedLosses, type Concern } from '../countedLosses';
import type { ReadData } from '../exported';
import type { Form } from '../forms';
import { dtypes, type PlannedColumn } from './kinds';
import type { Extent } from './stats';

/** Whole numbers up to here are all among the 32-bit floats. */
const SURE = 2 ** 24;

/** What has a fraction is rounded always, which nobody takes for a loss; whole numbers may be counts or numbers of things. */
const wholeRounded: Form = (value, type) => {
  if (!/^(U?INTEGER|U?(BIG|HUGE)INT|DOUBLE|DECIMAL\(.*)$/.test(type)) return undefined;
  // Rounded up, the largest of a type are none of it any more.
  const rounded = `try_cast(try_cast(${value} AS FLOAT) AS ${type})`;
  if (/INT/.test(type)) return rounded;
  // Of doubles beyond that it says nothing any more that they are whole.
  const isWhole =
    type === 'DOUBLE' ? `abs(${value}) <= 2 ** 53 AND ${value} = trunc(${value})` : `${value} = trunc(${value})`;
  return `CASE WHEN ${isWhole} THEN ${rounded} ELSE ${value} END`;
};

const withinRange: Form = (value, type) =>
  type === 'DOUBLE' ? `CASE WHEN try_cast(${value} AS FLOAT) IS NOT NULL THEN ${value} END` : undefined;

const losses: readonly Pick<Concern, 'severity' | 'message' | 'suggestion'>[] = [
  {
    severity: 'warning',
    message: (values, one) =>
      `${values} ${one ? 'is a whole number' : 'are whole numbers'} beyond 2^24 that 32-bit floats do not hold: tensors have ${one ? 'it' : 'them'} rounded to the nearest one.`,
    suggestion:
      'Where the number is a name for something, give the column the role `id`, or make text of it with a step `cast`.',
  },
  {
    severity: 'warning',
    message: (values, one) =>
      `${values} ${one ? 'is' : 'are'} larger than 32-bit floats hold: tensors have the largest of those, about 3.4e38, in ${one ? 'its' : 'their'} place.`,
    suggestion: 'Scale the column in the build, such as with a step `log` or `standard_scale`.',
  },
];
const forms = [wholeRounded, withinRange] as const;

/** Of all columns whose values become 32-bit numbers. @param extents by the order of the columns */
export function precisionFindings(
  { database, name }: ReadData,
  columns: readonly PlannedColumn[],
  extents: readonly Extent[],
): Promise<Finding[]> {
  const sampled = columns.filter(
    ({ use, kind }, index) =>
      (use === 'feature' || use === 'target' || use === 'weight') &&
      dtypes[kind] === 'float32' &&
      (extents[index]?.largest ?? Infinity) > SURE,
  );
  const concerns = sampled.flatMap((column) =>
    losses.flatMap((loss, index): Concern[] => {
      const form = forms[index];
      const rows = form && changedBy(form)(column);
      return rows === undefined ? [] : [{ ...loss, column, rows }];
    }),
  );
  return countedLosses(database, name, concerns);
}
