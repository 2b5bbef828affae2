/** Between neighbouring values: how far apart the two distributions are there, and for how long. */
import { double } from '../../duckdb';
import { powerOfTwo } from '../../statistics';
import type { SidesLook } from './sides';

export interface Gaps {
  /** SQL over the steps: the difference of the shares of both sides up to there, of finite numbers. */
  readonly difference: string;
  /** SQL over the steps: how far it is to the next value, in `unit`; NULL where either is not finite, or the two do not differ. */
  readonly width: string;
  /** A power of two, so that dividing by it loses nothing. */
  readonly unit: number;
}

/**
 * Both sides have finite numbers.
 * @param largest of the gaps in which the two differ, as a share of `unit`: there is no larger term than this
 */
export function gapsOf({ baseline, current, min, max }: SidesLook, largest = 1): Gaps {
  // First in units of the largest value, for the distance of two doubles may be beyond a double.
  const size = powerOfTwo(Math.max(Math.abs(min), Math.abs(max)));
  const reach = 2 * powerOfTwo(max / size - min / size) * largest;
  const share = (name: string, { first, finite }: SidesLook['baseline']) =>
    `CAST(${name} - ${first} AS DOUBLE) / ${double(finite)}`;
  const difference = `(${share('b', baseline)} - ${share('c', current)})`;
  return {
    difference,
    width: `CASE WHEN isfinite(v) AND isfinite(next) AND ${difference} <> 0 THEN (next / ${double(size)} - v / ${double(size)}) / ${double(reach)} END`,
    unit: reach * size,
  };
}
