/** What many files are like. */
import { max, mean, median, min } from 'simple-statistics';
import type { Spread, ValueCount } from '../../../../protocol';
import { noSpread } from '../spread';

export function spreadOf(values: readonly number[]): Spread {
  const numbers = [...values];
  if (numbers.length === 0) return noSpread;
  return { min: min(numbers), max: max(numbers), mean: mean(numbers), median: median(numbers) };
}

/** Most frequent first, ties by value. */
export function countsOf(values: readonly (string | number)[]): ValueCount[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return Array.from(counts, ([value, count]) => ({ value, count })).sort(
    (a, b) => b.count - a.count || (a.value < b.value ? -1 : 1),
  );
}
