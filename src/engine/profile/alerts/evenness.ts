/** Are counts more alike than chance makes them? */
import { chiSquareTail } from '../../statistics';

/** Expected in each bin at the least, for χ² to hold (Cochran, 1954). */
const EXPECTED = 5;
/** Fewer bins say nothing. */
const BINS = 3;

/**
 * The probability that equal shares would by chance be at least as uneven as these counts: Pearson's χ² test. Near 1:
 * they are more even than chance. Undefined for too few bins or values.
 */
export function probabilityOfUnevenness(counts: readonly number[]): number | undefined {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const expected = all / counts.length;
  if (counts.length < BINS || expected < EXPECTED) return undefined;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return chiSquareTail(statistic, counts.length - 1);
}
