/** Which pairs of columns are looked at, and how many at a time. */

/** Of one method. All pairs of 100 columns are 4,950. */
export const MAX_PAIRS = 5000;

/** Aggregates of one statement. The planner's time grows with the square of their number. */
export const MAX_AGGREGATES = 100;

export interface Chosen<T> {
  readonly taken: readonly T[];
  readonly omitted: number;
}

/**
 * The columns whose pairs stay within a budget: the target first, then each in the order of the data that still fits.
 * @param partners with how many of those already taken the next one makes a pair
 */
export function withinBudget<T extends { readonly isTarget: boolean }>(
  candidates: readonly T[],
  partners: (taken: readonly T[], next: T) => number,
  budget = MAX_PAIRS,
): Chosen<T> {
  const taken: T[] = [];
  let pairs = 0;
  const first = [...candidates].sort((a, b) => Number(b.isTarget) - Number(a.isTarget));
  for (const candidate of first) {
    const more = partners(taken, candidate);
    if (pairs + more > budget) continue;
    pairs += more;
    taken.push(candidate);
  }
  const kept = new Set(taken);
  return { taken: candidates.filter((candidate) => kept.has(candidate)), omitted: candidates.length - taken.length };
}

/** Each with each that comes after it. */
export function pairsOf<T>(columns: readonly T[]): (readonly [T, T])[] {
  return columns.flatMap((a, index) => columns.slice(index + 1).map((b) => [a, b] as const));
}
