/** Rows that are there more than once. */
import { repeatsOf } from '../../statistics';
import type { Profile } from '../../../protocol';
import type { ColumnFigures, DescribedColumn, ProfileContext } from '../context';

/** Rows are equal where all their columns are, whatever they mean. */
export async function duplicatesOf(
  { database, relation, rows }: ProfileContext,
  columns: readonly DescribedColumn[],
): Promise<Profile['duplicates']> {
  if (columns.length === 0 || columns.some(({ figures }) => tellsRowsApart(figures, rows)))
    return { groups: 0, surplusRows: 0 };
  const ids = columns.map(({ column }) => column.id);
  const { groups, rows: surplusRows } = await repeatsOf(database, relation, ids, { name: 'of_profile', most: 0 });
  return { groups, surplusRows };
}

/** Whether every row has a value of its own in the column. */
function tellsRowsApart({ nulls, distinct, distinctExact, numeric }: ColumnFigures, rows: number): boolean {
  if (nulls > 0) return false;
  if (distinctExact) return distinct === rows;
  // Where that is an estimate, the order may still tell. NaN and what is infinite have no part in it.
  const order = numeric?.order;
  const apart = (numeric?.nans ?? 0) + (numeric?.infinities ?? 0) + (numeric?.negativeInfinities ?? 0);
  return apart === 0 && (order === 'strictlyIncreasing' || order === 'strictlyDecreasing');
}
