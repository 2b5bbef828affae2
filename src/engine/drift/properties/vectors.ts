/** What embeddings are like: where their mean points, how long they are, and how each dimension is distributed. */
import { literal, type Database } from '../../duckdb';
import { elementTypeOf, isJson, MIN_DIMENSION, MIN_SHARE } from '../../statistics';
import type { StageColumn } from '../../schema';
import type { DriftColumn } from '../../../protocol';
import type { Found } from '../compareGroup';
import type { Measured } from '../judge';
import type { ColumnPair } from '../pairs';
import type { DriftRows } from '../rows';
import { numbers, type VariableGroup, type Side, type Variable } from '../variable';
import { lengthOf } from './lists';

/** Vectors of each side that are looked at: of more, those whose hashes come first. */
const MOST_VECTORS = 5000;

/** The length that nine in ten lists of decimal numbers have; undefined where they are no embeddings. */
export async function dimensionOf(
  database: Database,
  column: StageColumn,
  { relation }: DriftRows,
): Promise<number | undefined> {
  const { id, physicalType } = column;
  if (!isJson(column) && !/^(FLOAT|DOUBLE)$/.test(elementTypeOf(physicalType) ?? '')) return undefined;
  const [first] = await database.rows(
    `SELECT length, n, sum(n) OVER () AS total FROM (SELECT ${lengthOf(column)} AS length, count(*) AS n FROM ${relation} ` +
      `WHERE ${id} IS NOT NULL GROUP BY length) WHERE length IS NOT NULL ORDER BY n DESC, length DESC LIMIT 1`,
  );
  if (!first || Number(first['length']) < MIN_DIMENSION || Number(first['n']) < MIN_SHARE * Number(first['total']))
    return undefined;
  if (!isJson(column)) return Number(first['length']);
  const { decimal } = await database.row(
    `SELECT bool_or(contains(t, '.')) AND NOT bool_or(regexp_matches(t, '["{]|^\\s*\\[\\s*\\[')) AS decimal ` +
      `FROM (SELECT CAST(${id} AS VARCHAR) AS t FROM ${relation} WHERE ${id} IS NOT NULL)`,
  );
  return decimal === true ? Number(first['length']) : undefined;
}

/** The first variable is the norm, the others are the dimensions from 0 on. Lists of another length are left out. */
export function vectorGroup(database: Database, name: string, pair: ColumnPair, dimension: number): VariableGroup {
  const table = (side: Side) => `${name}_${side}`;
  const both = (property: string, sql: string): Variable => {
    const values = numbers(sql, { floating: true });
    return { property, column: pair.current.name, baseline: values, current: values };
  };
  return {
    variables: [
      both('norm', 'norm'),
      ...Array.from({ length: dimension }, (_, index) => both(String(index), `v[${index + 1}]`)),
    ],
    look: async (side, { relation }) => {
      const column = pair[side];
      const { id } = column;
      const vector = isJson(column)
        ? `TRY_CAST(json_extract_string(${id}, '$[*]') AS DOUBLE[])`
        : `CAST(${id} AS DOUBLE[])`;
      const { n } = await database.row(
        `SELECT count(*) AS n FROM ${relation} WHERE ${lengthOf(column)} = ${literal(dimension)}`,
      );
      const oneIn = Math.max(1, Math.ceil(Number(n) / MOST_VECTORS));
      const some = oneIn > 1 ? ` AND hash(${id}) % ${literal(oneIn)} = 0` : '';
      await database.run(
        `CREATE OR REPLACE TEMP TABLE ${table(side)} AS SELECT v, CASE WHEN list_count(v) = ${literal(dimension)} ` +
          `THEN sqrt(list_sum(list_transform(v, lambda x: x * x))) END AS norm ` +
          `FROM (SELECT ${vector} AS v FROM ${relation} WHERE ${lengthOf(column)} = ${literal(dimension)}${some})`,
      );
      const { count } = await database.row(`SELECT count(*) AS count FROM ${table(side)}`);
      return { relation: table(side), rows: Number(count), ...(oneIn > 1 && { of: Number(n) }) };
    },
    release: async () => {
      for (const side of ['baseline', 'current'] as const) await database.run(`DROP TABLE IF EXISTS ${table(side)}`);
    },
  };
}

/** How far the means are from each other, and how many dimensions drift. */
export function embeddingOf(
  dimensions: readonly Found[],
  { psi: low, meanShift }: { readonly psi: number; readonly meanShift: Measured['levels'] },
): { embedding: NonNullable<DriftColumn['embedding']>; measured: Measured } {
  const psis = dimensions.map(({ metrics }) => metrics.psi ?? 0);
  const max = Math.max(0, ...psis);
  const { value, noise } = shiftOf(dimensions);
  const share = (count: number) => (psis.length === 0 ? null : rounded(count / psis.length));
  return {
    embedding: {
      dimension: psis.length,
      meanShift: value,
      psi: {
        share: share(psis.filter((psi) => psi >= low).length),
        mean: share(psis.reduce((sum, psi) => sum + psi, 0)),
        max: psis.length === 0 ? null : max,
        ...(psis.length > 0 && { maxDimension: psis.indexOf(max) }),
      },
    },
    measured: { by: 'meanShift', value, levels: meanShift, noise, same: value === 0 },
  };
}

/**
 * The cosine distance of the means. Two samples of one distribution differ by about half the variance of the difference
 * of their means, in units of the mean's length; twice that is what chance makes of it at most.
 */
function shiftOf(dimensions: readonly Found[]): { value: number | null; noise: number } {
  let [product, before, now, variance] = [0, 0, 0, 0];
  for (const { summary, nBaseline, nCurrent } of dimensions) {
    const [a, b] = [summary?.baseline, summary?.current];
    product += (a?.mean ?? 0) * (b?.mean ?? 0);
    before += (a?.mean ?? 0) ** 2;
    now += (b?.mean ?? 0) ** 2;
    variance += (a?.stddev ?? 0) ** 2 / nBaseline + (b?.stddev ?? 0) ** 2 / nCurrent;
  }
  const length = Math.sqrt(before * now);
  if (length === 0) return { value: null, noise: 2 };
  const distance = Math.min(2, Math.max(0, 1 - product / length));
  // Without the last digits, in which the order of a sum may show.
  return { value: distance < 1e-12 ? 0 : rounded(distance), noise: Math.min(2, variance / length) };
}

function rounded(value: number): number {
  return Number(value.toPrecision(10));
}
