/** How likely so large a criterion of Cramér and von Mises is for two small samples. */
import { greatestCommonDivisor } from './divisor';

/** How many paths come to each sum, sums rising. */
interface Frequencies {
  readonly sums: Float64Array;
  readonly paths: Float64Array;
}

/**
 * The share of all orders of n and m rows whose criterion is as large, by counting paths from (0, 0) to (n, m) by the sum
 * of their squared distances from the diagonal (Xiao, Gordon and Yakovlev, A C++ Program for the Cramér–von Mises
 * Two-Sample Test, 2006). Sizes up to 20: all counts are whole doubles.
 * @param u12 twelve times Anderson's U
 */
export function cramerVonMisesExact(n: number, m: number, u12: bigint): number {
  const common = (n / greatestCommonDivisor(n, m)) * m;
  const [a, b] = [common / n, common / m];
  const product = BigInt(n * m);
  const bound =
    (BigInt(common ** 2 * (n + m)) * (u12 - 2n * product * (4n * product - 1n))) / (12n * product * product);
  let row: Frequencies[] = Array.from({ length: n + 1 }, (_, v) => (v === 0 ? one : none));
  for (let u = 0; u <= m; u++) {
    let left = none;
    row = row.map((above, v) => {
      const merged = mergedOf(left, above);
      const off = (a * v - b * u) ** 2;
      left = { sums: merged.sums.map((sum) => sum + off), paths: merged.paths };
      return left;
    });
  }
  const { sums, paths } = row[n] ?? none;
  const all = paths.reduce((sum, count) => sum + count, 0);
  return paths.reduce((sum, count, place) => ((sums[place] ?? 0) >= Number(bound) ? sum + count : sum), 0) / all;
}

const none: Frequencies = { sums: new Float64Array(), paths: new Float64Array() };
const one: Frequencies = { sums: Float64Array.of(0), paths: Float64Array.of(1) };

function mergedOf(a: Frequencies, b: Frequencies): Frequencies {
  const sums = new Float64Array(a.sums.length + b.sums.length);
  const paths = new Float64Array(sums.length);
  let [i, j, length] = [0, 0, 0];
  while (i < a.sums.length || j < b.sums.length) {
    const [x, y] = [a.sums[i] ?? Infinity, b.sums[j] ?? Infinity];
    sums[length] = Math.min(x, y);
    paths[length++] = (x <= y ? (a.paths[i++] ?? 0) : 0) + (y <= x ? (b.paths[j++] ?? 0) : 0);
  }
  return { sums: sums.slice(0, length), paths: paths.slice(0, length) };
}
