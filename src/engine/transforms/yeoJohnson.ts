/**
 * The transformation of Yeo and Johnson (2000) as SQL.
 *
 * Of values of one sign, far from 0, the textbook's formula leaves next to nothing for a lambda that bends them much:
 * 1 - 200^-5 and 1 - 230^-5 differ in the twelfth digit. So powers are taken relative to one of the values, the `origin`
 * (as log(1 + |x|)). That stretches and moves the results, which their standardisation takes back.
 */
import { double } from '../duckdb';

export interface YeoJohnson {
  readonly lambda: number;
  readonly origin: number;
  /** The sign of the values that are seen from the origin; 0: that is 0, and all are. */
  readonly side: 1 | 0 | -1;
}

/** SQL of log(1 + |x|), for small values too. */
export function logOf(x: string): string {
  return `CASE WHEN abs(${x}) < 0.5 THEN 2 * atanh(abs(${x}) / (2 + abs(${x}))) ELSE ln(1 + abs(${x})) END`;
}

/** What lies between the values of one side: the least and the largest log(1 + |x|). */
export interface Spread {
  readonly min: number;
  readonly max: number;
  readonly side: YeoJohnson['side'];
}

/** A lambda with the origin that keeps the digits: all powers lie between 0 and 1. */
export function curveOf(lambda: number, { min, max, side }: Spread): YeoJohnson {
  const power = side === -1 ? 2 - lambda : lambda;
  return { lambda, side, origin: side === 0 ? 0 : power > 0 ? max : min };
}

/**
 * SQL of the transformed value.
 * @param log SQL of log(1 + |x|)
 * @param negative SQL condition that x is below 0
 */
export function transformed(log: string, negative: string, { lambda, origin, side }: YeoJohnson): string {
  const seen = origin === 0 ? log : `(${log} - ${double(origin)})`;
  const power = side === -1 ? 2 - lambda : lambda;
  const start = `${side === -1 ? '-' : ''}${bent(double(origin), power)}`;
  // Values of the other sign, which the training rows do not have, as they look from the origin.
  const moved = (value: string) => (side === 0 ? value : `((${value} - (${start})) * exp(${double(-power * origin)}))`);
  const upper = side === 1 ? bent(seen, lambda) : moved(bent(log, lambda));
  const lower = side === -1 ? `-${bent(seen, 2 - lambda)}` : moved(`-${bent(log, 2 - lambda)}`);
  return `CASE WHEN ${negative} THEN ${lower} ELSE ${upper} END`;
}

/** (exp(power·log) - 1) / power, without loss where that is close to 0. */
function bent(log: string, power: number): string {
  if (power === 0) return `(${log})`;
  const exponent = `(${double(power)} * ${log})`;
  return `(tanh(${exponent} / 2) * (exp(${exponent}) + 1) / ${double(power)})`;
}
