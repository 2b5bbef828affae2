/**
 * What the values of columns are like, in a few numbers: enough to tell that a column has got another name, or its
 * values another unit. The same for any order of the rows and any number of threads.
 */
import { finite, type Database } from '../duckdb';
import { inBatches } from '../inBatches';
import { asVarchar, columnTypeOf, isNumeric, type StageColumn } from '../schema';
import { withSample } from '../statistics';

export interface ColumnSketch {
  readonly name: string;
  /** Only values of one kind are held against each other. */
  readonly kind: 'numbers' | 'texts' | 'times' | 'others';
  readonly rows: number;
  readonly missing: number;
  /** How many different values there are; an estimate where they are many. */
  readonly distinct: number;
  /** The smallest hashes of different values in their order, as texts of twenty digits; all of them where they are few. */
  readonly hashes: readonly string[];
  /** Of finite numbers, at {@link QUANTILES}; absent where there are none. */
  readonly quantiles?: readonly number[];
}

export interface RowsToSketch {
  readonly database: Database;
  /** With `__row` and the columns by their ids. */
  readonly relation: string;
  readonly rows: number;
  readonly columns: readonly SketchedColumn[];
}

type SketchedColumn = Pick<StageColumn, 'name' | 'id' | 'physicalType'>;

/** Type 7 of Hyndman and Fan, over a sample where the rows are many. */
export const QUANTILES: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Hashes that are kept of a column: of a share of 0.5 they tell within 0.06, two standard errors (Bar-Yossef et al., 2002). */
export const HASHES = 256;
/** Rows that quantiles are told by. */
const SAMPLE = 100_000;
const SEED = 42;
/** The planner's time grows with the square of the number of expressions. */
const COLUMNS_AT_ONCE = 50;
/** To take in a statement over a relation of more columns takes longer than to answer it: some of them are held meanwhile. */
const WIDE = 200;
const HELD_COLUMNS = 500;
const HELD_CELLS = 20_000_000;
const HASH_RANGE = 2n ** 64n;
/** Of the largest hash. */
const DIGITS = 20;

export async function sketchColumns(rows: RowsToSketch): Promise<ColumnSketch[]> {
  const atOnce = Math.min(HELD_COLUMNS, Math.floor(HELD_CELLS / Math.max(1, rows.rows)));
  if (rows.columns.length <= WIDE || atOnce < COLUMNS_AT_ONCE) return sketchAll(rows);
  const sketches: ColumnSketch[] = [];
  for (const columns of inBatches(rows.columns, atOnce))
    sketches.push(...(await withHeld({ ...rows, columns }, sketchAll)));
  return sketches;
}

async function withHeld<T>(rows: RowsToSketch, work: (rows: RowsToSketch) => Promise<T>): Promise<T> {
  const { database, relation, columns } = rows;
  const held = 'sketched_columns';
  const ids = columns.map(({ id }) => id).join(', ');
  await database.run(`CREATE OR REPLACE TEMP TABLE ${held} AS SELECT __row, ${ids} FROM ${relation}`);
  try {
    return await work({ ...rows, relation: held });
  } finally {
    await database.run(`DROP TABLE ${held}`);
  }
}

async function sketchAll(rows: RowsToSketch): Promise<ColumnSketch[]> {
  const sketches: ColumnSketch[] = [];
  for (const columns of inBatches(rows.columns, COLUMNS_AT_ONCE))
    sketches.push(...(await sketchSome({ ...rows, columns })));
  return sketches;
}

async function sketchSome({ database, relation, rows, columns }: RowsToSketch): Promise<ColumnSketch[]> {
  const hashes = columns.map((column) => `hash(${comparable(column)})`);
  const counts = await database.row(
    `SELECT ${columns
      .flatMap(({ id }, index) => [
        `count(${id}) AS n${index}`,
        // The sketch of the engine is the same in any order of the values.
        `approx_count_distinct(${hashes[index] ?? ''}) FILTER (WHERE ${id} IS NOT NULL) AS d${index}`,
      ])
      .join(', ')} FROM ${relation}`,
  );
  const kept = await database.row(
    `SELECT ${columns
      .map(({ id }, index) => {
        const limit = hashLimit(Number(counts[`d${index}`]));
        const hash = hashes[index] ?? '';
        const fits = `${id} IS NOT NULL${limit === undefined ? '' : ` AND ${hash} < ${limit}::UBIGINT`}`;
        // The keys of a histogram are different ones in their order, and it is planned faster than a list of such.
        return `map_keys(histogram(${hash}) FILTER (WHERE ${fits}))[1:${HASHES}]::VARCHAR AS h${index}`;
      })
      .join(', ')} FROM ${relation}`,
  );
  const quantiles = await quantilesOf({ database, relation, rows, columns });
  return columns.map((column, index): ColumnSketch => {
    const found = kept[`h${index}`];
    const list = typeof found === 'string' ? hashesIn(found) : [];
    const at = quantiles.get(column.id);
    return {
      name: column.name,
      kind: kindOf(column),
      rows,
      missing: rows - Number(counts[`n${index}`]),
      distinct: list.length < HASHES ? list.length : Number(counts[`d${index}`]),
      hashes: list,
      ...(at && { quantiles: at }),
    };
  });
}

/** Of a list as the engine writes it; padded, so that texts have the order of numbers. */
function hashesIn(list: string): string[] {
  return (list.match(/\d+/g) ?? []).map((hash) => hash.padStart(DIGITS, '0'));
}

/**
 * Below it lie some four times as many hashes as are kept, so that never all are gathered; undefined where there are no
 * more than that.
 */
function hashLimit(distinct: number): bigint | undefined {
  const wanted = 4 * HASHES;
  return distinct <= wanted ? undefined : (HASH_RANGE / BigInt(Math.ceil(distinct))) * BigInt(wanted);
}

function kindOf({ physicalType }: SketchedColumn): ColumnSketch['kind'] {
  if (isNumeric(physicalType)) return 'numbers';
  const type = columnTypeOf(physicalType);
  if (type === 'string') return 'texts';
  return type === 'date' || type === 'datetime' ? 'times' : 'others';
}

/** SQL of a value that is the same for the same number or time of another type. */
function comparable(column: SketchedColumn): string {
  const { id, physicalType } = column;
  switch (kindOf(column)) {
    case 'numbers':
      // -0 and 0 are one number.
      return `(${id}::DOUBLE + 0.0)`;
    case 'times':
      return `epoch_us(${id}::TIMESTAMP)`;
    default:
      return asVarchar(id, physicalType);
  }
}

async function quantilesOf({ database, relation, rows, columns }: RowsToSketch): Promise<Map<string, number[]>> {
  const numbers = columns.filter(({ physicalType }) => isNumeric(physicalType));
  const found = new Map<string, number[]>();
  if (numbers.length === 0 || rows === 0) return found;
  const row = await withSample(
    { database, relation, rows, seed: SEED },
    numbers.map(({ id }) => id),
    { atMost: SAMPLE, among: numbers.length },
    async (sample) =>
      database.row(
        `SELECT ${numbers
          .map(
            ({ id }, index) => `to_json(quantile_cont(${finite(id)}, [${QUANTILES.join(', ')}]))::VARCHAR AS q${index}`,
          )
          .join(', ')} FROM ${sample.relation}`,
      ),
  );
  for (const [index, { id }] of numbers.entries()) {
    const text = row[`q${index}`];
    const values = typeof text === 'string' ? (JSON.parse(text) as (number | null)[] | null) : null;
    const known = (values ?? []).filter(
      (value): value is number => typeof value === 'number' && Number.isFinite(value),
    );
    if (known.length === QUANTILES.length) found.set(id, known);
  }
  return found;
}
