/** Categories that are those of the baseline, but written in another way. */
import { text, type Database } from '../duckdb';
import { MAX_SAMPLES, type DriftColumn } from '../../protocol';

export interface Written {
  readonly relation: string;
  /** SQL of the text. */
  readonly sql: string;
}

export type Variants = NonNullable<DriftColumn['variants']>;

const white = String.raw`[\s\p{Z}]+`;

/** How each way of writing is taken back. Of texts that differ in several at once, letter case is named. */
const ways = {
  blanks: (value: string) => `trim(regexp_replace(${value}, ${text(white)}, ' ', 'g'))`,
  case: (value: string) => `lower(${value})`,
  unicode: (value: string) => `nfc_normalize(${value})`,
} as const;

/**
 * Texts of the current side that the baseline does not have, where it has one that differs from them only by letter case,
 * blanks or Unicode normal form: those of most rows first.
 */
export async function variantsOf(database: Database, baseline: Written, current: Written): Promise<Variants> {
  const plain = (value: string) => Object.values(ways).reduce((sql, way) => way(sql), value);
  const values = ({ relation, sql }: Written) =>
    `(SELECT v, count(*) AS n FROM (SELECT ${sql} AS v FROM ${relation}) WHERE v IS NOT NULL GROUP BY v)`;
  const alone = Object.entries(ways).map(([name, way]) => `WHEN ${way('a')} = ${way('b')} THEN ${text(name)}`);
  const rows = await database.rows(
    `SELECT a, b, CASE ${alone.join(' ')} END AS way FROM (` +
      `SELECT now.v AS b, now.n, min(before.v) AS a FROM ` +
      `(SELECT v, n, ${plain('v')} AS k FROM ${values(current)} c ANTI JOIN ${values(baseline)} b USING (v)) now ` +
      `JOIN (SELECT v, ${plain('v')} AS k FROM ${values(baseline)}) before ON now.k = before.k GROUP BY now.v, now.n) ` +
      `ORDER BY n DESC, b LIMIT ${MAX_SAMPLES}`,
  );
  return rows.map(({ a, b, way }) => ({
    baseline: String(a),
    current: String(b),
    by: way === 'blanks' || way === 'unicode' ? way : 'case',
  }));
}
