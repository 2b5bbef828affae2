/** P-values of many columns, corrected so that few of those that are told are chance. */

/**
 * Of the i-th smallest of m p-values the least of p · m / i over it and all larger ones, at most 1: columns told at level
 * α are wrong in a share α at most (Benjamini and Hochberg, Controlling the False Discovery Rate, 1995). In the order
 * given; null stays null and counts for nothing.
 */
export function benjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  const falling = pValues
    .flatMap((pValue, place) => (pValue === null ? [] : [{ pValue, place }]))
    .sort((a, b) => b.pValue - a.pValue);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let least = 1;
  for (const [larger, { pValue, place }] of falling.entries()) {
    least = Math.min(least, (pValue * falling.length) / (falling.length - larger));
    adjusted[place] = least;
  }
  return adjusted;
}
