/** How many values lie in each bin. */
import { double } from '../../../duckdb';
import type { Histogram } from '../../../../protocol';
import type { ColumnContext } from '../../context';
import { readableEdges } from './edges';
import { countsBefore, placesOfRanks, type Frequencies } from '../frequencies';

export const noHistogram: Histogram = { edges: [], counts: [] };

/**
 * Counts between edges, from how many values lie below each of those between the first and the last. Those of a sample
 * stand for all, and add up to them.
 */
export function binCounts(
  below: readonly number[],
  { values, weight }: Pick<Frequencies, 'values' | 'weight'>,
): number[] {
  const bounds = [0, ...below, values].map((count) => Math.round(count * weight));
  return bounds.slice(1).map((bound, i) => bound - (bounds[i] ?? 0));
}

/** SQL conditions under which a value lies at the edge or above it, for the edges inside. */
export function fromEdges(edges: readonly number[], integer: boolean): string[] {
  return edges.slice(1, -1).map((edge) => `v >= ${integer ? BigInt(edge) : double(edge)}`);
}

/** Of numbers in an ordered table, the smallest and largest of which may be known from elsewhere. */
export async function histogramOf(
  context: ColumnContext,
  frequencies: Frequencies,
  integer: boolean,
): Promise<Histogram> {
  const { values, distinct } = frequencies;
  const [first, last] = await placesOfRanks(context, frequencies, [0, values - 1]);
  if (!first || !last) return noHistogram;
  const edges = readableEdges({ min: first.value, max: last.value, values, distinct, integer });
  const [below] = await countsBefore(context, frequencies, fromEdges(edges, integer));
  return { edges, counts: binCounts(below, frequencies) };
}
