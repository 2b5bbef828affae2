/** Columns of vectors: lists of floating numbers, most of one length. */
import type { StageColumn } from '../../../schema';
import type { EmbeddingProfile } from '../../../../protocol';
import type { ColumnContext } from '../../context';
import { withFrequencies } from '../frequencies';
import { histogramOf, noHistogram } from '../numbers/histogram';
import { isArray, jsonStructure } from './jsonStructure';
import { elementTypeOf, isJson, MIN_DIMENSION, MIN_SHARE } from '../../../statistics';
import { listsOf } from './lists';
import { figure, medianOf } from '../spread';

/** Vectors that tell which dimensions can be constant at all. */
const FIRST_VECTORS = 1000;
/** Constant dimensions that are named. */
const NAMED = 20;

/**
 * Whether a column holds embeddings: lists of FLOAT or DOUBLE, or JSON arrays of numbers not all of which are whole, at
 * least nine in ten of which have one length of 8 or more.
 */
export async function isEmbeddingColumn(context: ColumnContext, column: StageColumn): Promise<boolean> {
  const { id, type, physicalType } = column;
  const json = isJson(column);
  if (json ? type !== 'array' : !/^(FLOAT|DOUBLE)$/.test(elementTypeOf(physicalType) ?? '')) return false;
  const length = json ? `json_array_length(CAST(${id} AS JSON))` : `len(${id})`;
  const { dimension, share } = await dimensionOf(context, `(SELECT ${length} AS length FROM ${context.relation})`);
  if (dimension < MIN_DIMENSION || share < MIN_SHARE) return false;
  if (!json) return true;
  const structure = await jsonStructure(context, id, context.relation);
  return isArray(structure) && structure[0] === 'DOUBLE';
}

/** The most frequent length, the largest of several. */
async function dimensionOf(
  { database }: ColumnContext,
  lengths: string,
): Promise<{ dimension: number; share: number; others: number }> {
  const [first] = await database.rows(
    'SELECT length, n, sum(n) OVER () AS total FROM (SELECT length, count(*) AS n ' +
      `FROM ${lengths} WHERE length IS NOT NULL GROUP BY length) ORDER BY n DESC, length DESC LIMIT 1`,
  );
  if (!first) return { dimension: 0, share: 0, others: 0 };
  const [n, total] = [Number(first['n']), Number(first['total'])];
  return { dimension: Number(first['length']), share: n / total, others: total - n };
}

/** @param column see {@link isEmbeddingColumn} */
export async function embeddingFigures(context: ColumnContext, column: StageColumn): Promise<EmbeddingProfile> {
  const { database } = context;
  const lists = await listsOf(context, column);
  // Sums of squares of single floats have the digits of single floats.
  const vectors = `(SELECT CAST(l AS DOUBLE[]) AS v FROM ${lists.relation})`;
  const { dimension, others } = await dimensionOf(context, `(SELECT len(l) AS length FROM ${lists.relation})`);
  const norms = `norms_${column.id}`;
  await database.run(`CREATE OR REPLACE TEMP TABLE ${norms} AS ${await normsOf(context, vectors)}`);
  try {
    const whole = `length = ${dimension} AND norm IS NOT NULL`;
    const row = await database.row(
      `SELECT count(*) FILTER (WHERE ${whole}) AS count, min(norm) FILTER (WHERE ${whole}) AS min, ` +
        `max(norm) FILTER (WHERE ${whole}) AS max, favg(norm) FILTER (WHERE ${whole}) AS mean, ` +
        `count(*) FILTER (WHERE norm IS NULL) AS nans, count(*) FILTER (WHERE norm = 0 AND length > 0) AS zeros FROM ${norms}`,
    );
    const count = Number(row['count']);
    const values = { name: norms, value: 'norm', where: whole, count, few: false, oneIn: 1 };
    const { median, normHistogram } =
      count === 0
        ? { median: null, normHistogram: noHistogram }
        : await withFrequencies({ ...context, relation: norms }, values, true, async (frequencies) => ({
            median: await medianOf(context, frequencies, { before: 0, count }),
            normHistogram: await histogramOf(context, frequencies, false),
          }));
    const constant = await constantDimensions(context, vectors, dimension);
    return {
      dimension,
      otherDimensions: others,
      norms: { min: figure(row['min']), max: figure(row['max']), mean: figure(row['mean']), median },
      normHistogram,
      nans: Number(row['nans']),
      zeroVectors: Number(row['zeros']),
      constantDimensions: { count: constant.length, first: constant.slice(0, NAMED) },
    };
  } finally {
    await database.run(`DROP TABLE ${norms}`);
  }
}

/**
 * Each vector's length and Euclidean norm, NULL where a component is missing, NaN or infinite. Where squares would leave
 * the range of doubles, the vector is divided by its largest component first.
 */
async function normsOf({ database }: ColumnContext, vectors: string): Promise<string> {
  // The engine refuses to multiply vectors of which any misses a component.
  const { gaps } = await database.row(`SELECT bool_or(list_count(v) < len(v)) AS gaps FROM ${vectors}`);
  const filled =
    gaps === true ? `(SELECT list_transform(v, lambda x: coalesce(x, 'nan'::DOUBLE)) AS v FROM ${vectors})` : vectors;
  const scaled = 'list_transform(v, lambda x: x / largest)';
  return (
    'SELECT length, CASE WHEN largest IS NULL THEN sqrt(square) WHEN largest = 0 THEN 0.0 ' +
    `WHEN isfinite(largest) THEN largest * sqrt(list_inner_product(${scaled}, ${scaled})) END AS norm FROM (` +
    'SELECT v, length, square, CASE WHEN square NOT BETWEEN 1e-280 AND 1e300 AND length > 0 ' +
    'THEN greatest(abs(list_max(v)), abs(list_min(v))) END AS largest ' +
    `FROM (SELECT v, len(v) AS length, list_inner_product(v, v) AS square FROM ${filled}))`
  );
}

/** From 0, in order. What varies among the first vectors varies among all, so that few have to be compared to the end. */
async function constantDimensions(context: ColumnContext, vectors: string, dimension: number): Promise<number[]> {
  const fitting = `(SELECT v FROM ${vectors} WHERE len(v) = ${dimension})`;
  const first = `(SELECT v FROM ${fitting} LIMIT ${FIRST_VECTORS})`;
  const all = Array.from({ length: dimension }, (_, i) => i + 1);
  const possible = await constantAmong(context, first, all);
  const constant = possible.length > 0 ? await constantAmong(context, fitting, possible) : [];
  return constant.map((i) => i - 1);
}

/** Of one vector nothing can be said. */
async function constantAmong(
  { database }: ColumnContext,
  vectors: string,
  dimensions: readonly number[],
): Promise<number[]> {
  const indexes = `[${dimensions.join(', ')}]`;
  const rows = await database.rows(
    `SELECT i FROM (SELECT unnest(${indexes}) AS i, unnest(list_select(v, ${indexes})) AS x FROM ${vectors}) ` +
      'GROUP BY i HAVING min(x) = max(x) AND count(x) = count(*) AND count(*) > 1 ORDER BY i',
  );
  return rows.map(({ i }) => Number(i));
}
