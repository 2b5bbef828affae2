/** Quantiles of type 7 of Hyndman and Fan: between the two neighbours of a position among the sorted values. */
import { double } from '../duckdb';
import { unitsOf, type Known, type NumberType } from './numberType';

export interface Quantile {
  readonly low: Known;
  readonly high: Known;
  /** How far it is from the one to the other, 0–1. */
  readonly share: number;
  readonly value: number;
}

/** The neighbours of a quantile of so many values: their ranks from 0, and how far it is from the one to the other. */
export function placeOfQuantile(quantile: number, count: number): { low: number; high: number; share: number } {
  const position = quantile * (count - 1);
  return { low: Math.floor(position), high: Math.ceil(position), share: position % 1 };
}

/** As NumPy interpolates, from the nearer end; where the distance is beyond a double, from both. */
export function quantileBetween(low: Known, high: Known, share: number): Quantile {
  const distance = high.value - low.value;
  const value = !Number.isFinite(distance)
    ? low.value * (1 - share) + high.value * share
    : share < 0.5
      ? low.value + distance * share
      : high.value - distance * (1 - share);
  return { low, high, share, value };
}

/** From one quantile to another; of exact numbers, before they are rounded to doubles. */
export function quantileDistance(from: Quantile, to: Quantile, type: NumberType): number {
  if (type.held === 'DOUBLE') return to.value - from.value;
  const exactly = (a: Known, b: Known) => Number(unitsOf(b.text) - unitsOf(a.text)) / 10 ** type.decimals;
  return exactly(from.low, to.low) + to.share * exactly(to.low, to.high) - from.share * exactly(from.low, from.high);
}

/** What values lie within. */
export interface Fences {
  readonly lower: number;
  readonly upper: number;
}

/** Beyond the quartiles by so many times their distance (Tukey, Exploratory Data Analysis, 1977). */
export function tukeyFences(q1: Quantile, q3: Quantile, type: NumberType, factor = 1.5): Fences {
  const iqr = quantileDistance(q1, q3, type);
  return { lower: q1.value - factor * iqr, upper: q3.value + factor * iqr };
}

/** SQL condition: whether a value lies outside. */
export function beyondFences(value: string, { lower, upper }: Fences): string {
  return `(${value} < ${double(lower)} OR ${value} > ${double(upper)})`;
}
