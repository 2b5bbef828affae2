/** How strongly categories depend on the side, from 0 to 1. */
import { chi2 } from './chi2';
import type { BinCounts, Figure } from './counts';

/**
 * Cramér's V without its bias: of φ² = χ² / N that of chance, (k − 1)(r − 1) / (N − 1), is taken, but for a negative rest;
 * the numbers of categories k and sides r = 2 are lowered to k − (k − 1)² / (N − 1) (Bergsma, A Bias-Correction for
 * Cramér's V and Tschuprow's T, 2013). 0 where there is one category.
 */
export function cramersV(counts: BinCounts): Figure {
  const { value: test, convention } = chi2(counts);
  const { pValue: _, ...rest } = convention;
  if (!test) return { value: null, convention: rest };
  const total = convention.nBaseline + convention.nCurrent;
  const corrected = (size: number) => size - (size - 1) ** 2 / (total - 1);
  const phi2 = Math.max(0, test.statistic / total - test.dof / (total - 1));
  const smaller = Math.min(corrected(test.dof + 1), corrected(2)) - 1;
  return { value: smaller > 0 ? Math.min(1, Math.sqrt(phi2 / smaller)) : 0, convention: rest };
}
