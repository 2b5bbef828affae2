/** Energy distance. */
import { fixedPointSum, fromFixedPoint } from './fixedPoint';
import type { Gaps } from './gaps';
import type { Row } from '../../duckdb';

/**
 * √(2 ∫ (F − G)²), which is √(2 E|X − Y| − E|X − X′| − E|Y − Y′|); its square is in the unit of the column (Székely,
 * E-statistics: The Energy of Statistical Samples, 2003; Cramér, 1928). Finite numbers only.
 */
export const energy = {
  aggregate: ({ difference, width }: Gaps): string => fixedPointSum(`${difference} * ${difference} * (${width})`),
  read: ({ unit }: Gaps, answer: Row[string] | undefined): number =>
    Math.sqrt(2 * fromFixedPoint(answer)) * Math.sqrt(unit),
};
