/** Numbers told apart by edges. */
import { double } from '../../duckdb';

/**
 * SQL for the position of the bin that a number lies in: a bin holds its lower edge, the last one its upper edge too. A
 * tree of comparisons, so that a number on an edge falls where the edge says and not where a division rounds to.
 */
export function binOf(value: string, edges: readonly number[]): string {
  const within = (first: number, end: number): string => {
    if (end - first <= 1) return String(first);
    const middle = Math.floor((first + end) / 2);
    return `CASE WHEN ${value} < ${double(edges[middle] ?? NaN)} THEN ${within(first, middle)} ELSE ${within(middle, end)} END`;
  };
  return within(0, edges.length - 1);
}
