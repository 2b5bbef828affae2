/** How far rows would have to move on average for one distribution to become the other. */
import { fixedPointSum, fromFixedPoint } from './fixedPoint';
import type { Gaps } from './gaps';
import type { Row } from '../../duckdb';

/**
 * The first Wasserstein distance ∫ |F − G|, in the unit of the column: between neighbouring values both distributions
 * stand still, so it is a sum (Vallender, Calculation of the Wasserstein Distance between Probability Distributions on
 * the Line, 1974). Finite numbers only.
 */
export const wasserstein = {
  aggregate: ({ difference, width }: Gaps): string => fixedPointSum(`abs${difference} * (${width})`),
  read: ({ unit }: Gaps, answer: Row[string] | undefined): number => fromFixedPoint(answer) * unit,
};
