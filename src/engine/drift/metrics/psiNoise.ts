/** What PSI comes to though nothing has changed. */
import { chiSquareQuantile } from './chiSquareQuantile';

/** Samples that differ by chance stay below it so often. */
const USUALLY = 0.95;

export interface PsiSizes {
  readonly nBaseline: number;
  readonly nCurrent: number;
  /** In use. */
  readonly bins: number;
}

/**
 * The PSI of two samples of the same rows is about (1/n + 1/m) · χ² with one degree of freedom less than there are bins
 * (Yurdakul, Statistical Properties of Population Stability Index, 2018): that quantile of it. Infinite without rows.
 */
export function psiNoise({ nBaseline, nCurrent, bins }: PsiSizes, usually = USUALLY): number {
  return bins < 2 ? 0 : (1 / nBaseline + 1 / nCurrent) * chiSquareQuantile(usually, bins - 1);
}

/** From how many rows of each side on a threshold of PSI is above what chance makes of it so often. */
export function rowsForPsi(threshold: number, bins: number, usually = USUALLY): number {
  return bins < 2 ? 1 : Math.ceil((2 * chiSquareQuantile(usually, bins - 1)) / threshold);
}
