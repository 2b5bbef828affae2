/** Brent's method for the minimum of a function of one number within bounds, without derivatives. */

const GOLDEN = (3 - Math.sqrt(5)) / 2;
const ROOT_OF_EPSILON = Math.sqrt(Number.EPSILON);
/** Far more than it takes; a function that is no use is left in the end. */
const MOST_STEPS = 500;

/**
 * Where `f` is least between two bounds: golden sections, and parabolas through the last points where they can be trusted.
 * @see Brent, Algorithms for Minimization Without Derivatives (1973), chapter 5: `localmin`
 */
export async function minimum(
  f: (x: number) => Promise<number>,
  lower: number,
  upper: number,
  tolerance: number,
): Promise<number> {
  let [from, to] = [lower, upper];
  // The best point, the second best, and the second best before.
  let best = from + GOLDEN * (to - from);
  let second = best;
  let third = best;
  let atBest = await f(best);
  let atSecond = atBest;
  let atThird = atBest;
  let step = 0;
  let before = 0;
  for (let count = 0; count < MOST_STEPS; count++) {
    const middle = (from + to) / 2;
    const near = ROOT_OF_EPSILON * Math.abs(best) + tolerance / 3;
    if (Math.abs(best - middle) <= 2 * near - (to - from) / 2) break;
    const parabola = Math.abs(before) > near ? vertex() : undefined;
    if (parabola === undefined) {
      before = best < middle ? to - best : from - best;
      step = GOLDEN * before;
    } else {
      before = step;
      step = parabola;
      const next = best + step;
      if (next - from < 2 * near || to - next < 2 * near) step = best < middle ? near : -near;
    }
    const next = best + (Math.abs(step) >= near ? step : Math.sign(step || 1) * near);
    const atNext = await f(next);
    if (atNext <= atBest) {
      if (next < best) to = best;
      else from = best;
      [third, second, best] = [second, best, next];
      [atThird, atSecond, atBest] = [atSecond, atBest, atNext];
      continue;
    }
    if (next < best) from = next;
    else to = next;
    if (atNext <= atSecond || second === best) {
      [third, second] = [second, next];
      [atThird, atSecond] = [atSecond, atNext];
    } else if (atNext <= atThird || third === best || third === second) {
      third = next;
      atThird = atNext;
    }
  }
  return best;

  /** The step to the vertex of the parabola through the three points; undefined where it leads astray. */
  function vertex(): number | undefined {
    const r = (best - second) * (atBest - atThird);
    const q = (best - third) * (atBest - atSecond);
    const numerator = (best - third) * q - (best - second) * r;
    const divisor = 2 * (q - r);
    const found = -numerator / divisor;
    const trusted =
      Number.isFinite(found) && Math.abs(found) < Math.abs(before / 2) && best + found > from && best + found < to;
    return trusted ? found : undefined;
  }
}
