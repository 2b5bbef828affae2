/** What chi-square stays below so often. */
import quantile from '@stdlib/stats-base-dists-chisquare-quantile';
import { chiSquareTail } from '../../statistics';

/** The library's is off in the fourth digit from some 1,500 degrees on: steps of the secant method mend that. */
const MENDED_FROM = 1000;

/** @param usually from 0 to 1, neither of them */
export function chiSquareQuantile(usually: number, dof: number): number {
  const start = quantile(usually, dof);
  if (dof <= MENDED_FROM) return start;
  const off = (x: number) => 1 - usually - chiSquareTail(x, dof);
  let [before, now] = [start, start * (1 + 1e-4)];
  for (let step = 0; step < 20 && before !== now && off(before) !== off(now); step++)
    [before, now] = [now, now - (off(now) * (now - before)) / (off(now) - off(before))];
  return now;
}
