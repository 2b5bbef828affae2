/** Smallest, largest, mean and median of one number per value. */
import type { Value } from '../../duckdb';
import type { Spread } from '../../../protocol';
import type { ColumnContext } from '../context';
import { placesOfRanks, type Frequencies } from './frequencies';

export const noSpread: Spread = { min: null, max: null, mean: null, median: null };

/** A number for a document: null where there is none, or one that JSON has no sign for. */
export function figure(value: Value | undefined): number | null {
  const number = value === null || value === undefined ? NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

/**
 * The value in the middle of an ordered table, or halfway between the two in the middle.
 * @param before how many values of the table stand before those that count, and how many those are
 */
export async function medianOf(
  context: ColumnContext,
  frequencies: Frequencies,
  { before, count }: { readonly before: number; readonly count: number },
): Promise<number | null> {
  if (count === 0) return null;
  const middle = before + (count - 1) / 2;
  const [low, high] = await placesOfRanks(context, frequencies, [Math.floor(middle), Math.ceil(middle)]);
  const [below, above] = [low?.value ?? null, high?.value ?? null];
  return below === null || above === null ? null : below / 2 + above / 2;
}
