/** Sums of fractions that are the same for any order of their terms, as those of floating point numbers are not. */
import type { Value } from '../../duckdb';

/** Binary digits after the point: with 128 of an integer of the engine there is room for 2³⁶ terms of 1. */
const DIGITS = 90;

/** SQL: the sum of terms within −1 and 1, in whole units that the engine adds exactly; NULL where there is no term. */
export function fixedPointSum(term: string): string {
  return `CAST(sum(CAST((${term}) * ${2 ** DIGITS}::DOUBLE AS HUGEINT)) AS VARCHAR)`;
}

/** What {@link fixedPointSum} answered; 0 for no terms. */
export function fromFixedPoint(answer: Value | undefined): number {
  return Number(BigInt(String(answer ?? 0))) / 2 ** DIGITS;
}
