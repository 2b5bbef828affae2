/**
 * Cramér's V with Bergsma's correction for bias (W. Bergsma, "A bias-correction for Cramér's V and Tschuprow's T",
 * Journal of the Korean Statistical Society 42, 2013, 323–328), of the rows in which neither value is missing.
 */
import type { Database } from '../../duckdb';
import { text } from '../../duckdb';
import { columnTypeOf } from '../../schema';
import type { DescribedColumn } from '../context';
import type { Cube } from './cube';
import { inBatches } from '../../inBatches';
import { coefficient } from '../../statistics';

/** Tables of values against values in one statement. */
const TABLES_AT_ONCE = 50;
/** Columns whose values are listed in one statement. */
const COLUMNS_AT_ONCE = 50;
/** Tables of small numbers are counted in a tenth of the time that texts take, but the numbers take as much to make. */
const PAIRS_PER_CODE = 3;
/** A whole number up to this stands for itself. */
const MAX_CODE = 60_000;

type Classes = DescribedColumn;

/**
 * In the order of the pairs; null where fewer than two values are left on one side.
 * @param pairs of columns with few values
 * @param cube where rows are counted by them already
 */
export async function cramersV(
  database: Database,
  relation: string,
  pairs: readonly (readonly [Classes, Classes])[],
  cube?: Cube,
): Promise<(number | null)[]> {
  const columns = [...new Set(pairs.flat())];
  if (cube || pairs.length <= PAIRS_PER_CODE * columns.length)
    return ofTables(database, cube ?? { relation, rows: 'count(*)' }, pairs);
  const codes = await codesOf(database, relation, columns);
  await database.run(`CREATE OR REPLACE TEMP TABLE profile_codes AS SELECT ${codes.join(', ')} FROM ${relation}`);
  try {
    return await ofTables(database, { relation: 'profile_codes', rows: 'count(*)' }, pairs);
  } finally {
    await database.run('DROP TABLE profile_codes');
  }
}

/** Each column as small numbers, one for each value. */
async function codesOf(database: Database, relation: string, columns: readonly Classes[]): Promise<string[]> {
  const listed = columns.filter((column) => numbered(column) === undefined);
  const values = new Map<string, string[]>();
  for (const batch of inBatches(listed, COLUMNS_AT_ONCE)) {
    const queries = batch.map(
      ({ column: { id } }, index) => `SELECT DISTINCT ${index} AS place, ${key(id)} AS value FROM ${relation}`,
    );
    const found = `SELECT * FROM (${queries.join(' UNION ALL ')}) WHERE value IS NOT NULL ORDER BY ALL`;
    for (const row of await database.rows(found)) {
      const id = batch[Number(row['place'])]?.column.id ?? '';
      values.set(id, [...(values.get(id) ?? []), String(row['value'])]);
    }
  }
  return columns.map((column) => {
    const { id } = column.column;
    const known = (values.get(id) ?? ['']).map(text).join(', ');
    const code = numbered(column) ?? `enum_code(CAST(${key(id)} AS ENUM (${known})))`;
    return `CAST(${code} AS USMALLINT) AS ${id}`;
  });
}

/** SQL for a value that is a small number already. */
function numbered({ column: { id, physicalType }, figures: { numeric } }: Classes): string | undefined {
  if (physicalType === 'BOOLEAN') return id;
  const [min, max] = [numeric?.min ?? NaN, numeric?.max ?? NaN];
  const small = Number.isSafeInteger(min) && max - min <= MAX_CODE;
  return small && columnTypeOf(physicalType) === 'integer' ? `${id} - ${min}` : undefined;
}

/** A text that tells values apart and can stand in a statement, however long the value is. */
function key(id: string): string {
  const value = `CAST(${id} AS VARCHAR)`;
  return `CASE WHEN strlen(${value}) <= 64 AND NOT contains(${value}, chr(0)) THEN ${value} ELSE md5(${value}) END`;
}

async function ofTables(
  database: Database,
  { relation, rows: counted }: Cube,
  pairs: readonly (readonly [Classes, Classes])[],
): Promise<(number | null)[]> {
  const values: (number | null)[] = [];
  for (const batch of inBatches(pairs, TABLES_AT_ONCE)) {
    const tables = batch.map(([{ column: a }, { column: b }], index) => {
      const present = `${a.id} IS NOT NULL AND ${b.id} IS NOT NULL`;
      // Texts and booleans do not stand in one column; a hash of 64 bits tells a hundred of either apart.
      return (
        `SELECT ${index} AS pair, hash(${a.id}) AS a, hash(${b.id}) AS b, ${counted}::DOUBLE AS n ` +
        `FROM ${relation} WHERE ${present} GROUP BY ${a.id}, ${b.id}`
      );
    });
    const rows = await database.rows(
      `SELECT pair, sum(n) AS n, count(DISTINCT a) AS a, count(DISTINCT b) AS b, sum(n / in_a * (n / in_b)) AS share ` +
        `FROM (SELECT *, sum(n) OVER (PARTITION BY pair, a) AS in_a, sum(n) OVER (PARTITION BY pair, b) AS in_b ` +
        `FROM (${tables.join(' UNION ALL ')})) GROUP BY pair`,
    );
    // Pearson's χ² over n is the sum of n² over the product of row and column, less 1.
    const found = new Map(
      rows.map((row) => [
        Number(row['pair']),
        coefficient(corrected(Number(row['share']) - 1, Number(row['a']), Number(row['b']), Number(row['n']))),
      ]),
    );
    values.push(...batch.map((_, index) => found.get(index) ?? null));
  }
  return values;
}

/** @param phi2 χ² over n of a table of `rows` × `columns` */
function corrected(phi2: number, rows: number, columns: number, n: number): number {
  const less = (size: number) => size - (size - 1) ** 2 / (n - 1);
  const left = Math.max(0, phi2 - ((rows - 1) * (columns - 1)) / (n - 1));
  const most = Math.min(less(rows), less(columns)) - 1;
  return most > 0 ? Math.sqrt(left / most) : NaN;
}
