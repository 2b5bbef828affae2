/** Hellinger distance. */
import { overShares, sumOver, type BinCounts, type Figure } from './counts';

/** √(½ Σ (√p − √q)²), from 0 to 1 (Hellinger, 1909; Le Cam and Yang, Asymptotics in Statistics, 2000). */
export function hellinger(counts: BinCounts): Figure {
  return overShares(counts, {}, (p, q) =>
    Math.min(1, Math.sqrt(sumOver(p, q, (a, b) => (Math.sqrt(a) - Math.sqrt(b)) ** 2) / 2)),
  );
}
