/** Pearson's chi-square test of homogeneity: whether both sides may be samples of the same categories. */
import { chiSquareTail } from '../../statistics';
import { conventionOf, totalOf, type BinCounts, type BinnedConvention } from './counts';

export interface ChiSquare {
  readonly statistic: number;
  readonly pValue: number;
  readonly dof: number;
}

export interface ChiSquareFigure {
  /** Null where a side has no rows. */
  readonly value: ChiSquare | null;
  readonly convention: BinnedConvention;
}

/**
 * Σ (observed − expected)² / expected over the table of two rows, without Yates's correction, with one degree of freedom
 * less than there are categories in use (Pearson, 1900; Fisher, On the Interpretation of χ² from Contingency Tables,
 * 1922). The p-value is asymptotic: it wants some five expected rows in each cell.
 */
export function chi2(counts: BinCounts): ChiSquareFigure {
  const convention = { ...conventionOf(counts), zeroPolicy: 'none', pValue: 'asymptotic' as const };
  const { nBaseline: n, nCurrent: m } = convention;
  if (n === 0 || m === 0) return { value: null, convention };
  const statistic = chiSquareOf(counts);
  const dof = (convention.bins ?? 1) - 1;
  return { value: { statistic, pValue: chiSquareTail(statistic, dof), dof }, convention };
}

/** Of two rows it is Σ (m·a − n·b)² / (a + b), divided by n·m. */
function chiSquareOf({ baseline, current }: BinCounts): number {
  const [n, m] = [totalOf(baseline), totalOf(current)];
  return baseline.reduce((sum, a, bin) => {
    const b = current[bin] ?? 0;
    return a + b === 0 ? sum : sum + (a * Math.sqrt(m / n) - b * Math.sqrt(n / m)) ** 2 / (a + b);
  }, 0);
}
