/** The two empirical distributions, as one pass over the sorted values of both sides sees them. */
import type { Sides, SidesLook } from './sides';

/**
 * SQL of a relation with one row for each different value `v`, in order: `b` and `c` rows of the baseline and of the
 * current side up to it and with it, `b0` and `c0` before it, and `next`, the value after it (NULL at the end). Values
 * that are missing, and NaN, are −∞. The sort may spill; what follows streams.
 */
export function stepsOf({ baseline, current }: Sides, { few }: SidesLook): string {
  const first = "'-infinity'::DOUBLE";
  const side = ({ relation, sql }: Sides['baseline'], mark: string) =>
    `SELECT CASE WHEN x IS NULL OR isnan(x) THEN ${first} ELSE x END AS v, ${mark} AS mark ` +
    `FROM (SELECT CAST(${sql} AS DOUBLE) AS x FROM ${relation})`;
  const pooled = `(${side(baseline, '1::TINYINT')} UNION ALL ${side(current, 'NULL::TINYINT')})`;
  const upTo = 'OVER (ROWS UNBOUNDED PRECEDING)';
  // Of many different values, sorting all and keeping the last of equal ones takes half the time.
  const sorted = few
    ? `SELECT v, CAST(sum(b) ${upTo} AS BIGINT) AS b, CAST(sum(n) ${upTo} AS BIGINT) AS n, lead(v) OVER () AS next ` +
      `FROM (SELECT v, count(mark) AS b, count(*) AS n FROM ${pooled} GROUP BY v ORDER BY v)`
    : `SELECT v, count(mark) ${upTo} AS b, row_number() OVER () AS n, lead(v) OVER () AS next ` +
      `FROM (SELECT v, mark FROM ${pooled} ORDER BY v)`;
  return (
    '(SELECT v, b, c, next, lag(b, 1, 0) OVER () AS b0, lag(c, 1, 0) OVER () AS c0 ' +
    `FROM (SELECT v, b, n - b AS c, next FROM (${sorted}) WHERE next IS DISTINCT FROM v))`
  );
}
