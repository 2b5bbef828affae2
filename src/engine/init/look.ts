/** Looks at a file the way a person would before declaring it: types, gaps, distinct values. */
import type { Database } from '../duckdb';
import { inBatches } from '../inBatches';
import { openSource, type OpenContext, type OpenSource, type SourceFile } from '../sources';
import { uniteColumns, valueIn, type StageColumn } from '../schema';
import { evenly } from '../staging';
import type { ColumnType, TableSchema } from '../../protocol';

interface Counts {
  readonly rows: number;
  readonly nulls: number;
  /** Different values: exact where they are few, and where they may be as many as rows. */
  readonly distinct: number;
  /** The values in order, when they are few. */
  readonly values?: readonly (string | number | boolean)[];
}

export interface ColumnLook extends Counts {
  readonly name: string;
  readonly type: ColumnType;
}

export interface Look {
  readonly columns: readonly ColumnLook[];
  /** Texts that stand for missing values. */
  readonly nullValues: readonly string[];
}

/** Columns of text with at most this many values are listed as an enum. */
const FEW = 12;

/** The planner's time grows with the square of the number of expressions. */
const COLUMNS_AT_ONCE = 100;
const nothing: Counts = { rows: 0, nulls: 0, distinct: 0 };
const undeclared: TableSchema = { columns: {}, primaryKey: [], extraColumns: 'ignore', onError: 'fail' };

export function lookAt(
  files: readonly SourceFile[],
  database: Database,
  scratch: string,
  signal: AbortSignal,
): Promise<Look> {
  const context = {
    database,
    dataset: '',
    scratch,
    declared: new Map(),
    signal,
    maxRecordBytes: 32 << 20,
    parseValues: false,
  } as const;
  return evenly((reading, onOpen) => readAll(files, { ...context, ...reading }, onOpen), signal);
}

async function readAll(
  files: readonly SourceFile[],
  context: OpenContext,
  onOpen: (source: OpenSource) => void,
): Promise<Look> {
  const { database } = context;
  const nullValues = new Set<string>();
  let sources = await openAll(files, context);
  sources.forEach(onOpen);
  for (const { code, samples = [] } of sources.flatMap(({ findings }) => findings))
    if (code === 'null-like-values') for (const sample of samples) nullValues.add(sample);
  // With them, `34` and `NA` are numbers with a gap.
  if (nullValues.size > 0) {
    const options = { nullValues: [...nullValues] };
    sources = await openAll(
      files.map((file) => ({ ...file, options })),
      context,
    );
  }
  const { columns } = await uniteColumns(database, sources, undeclared, '');
  const counts: Counts[] = [];
  for (const some of inBatches(columns, COLUMNS_AT_ONCE)) counts.push(...(await countValues(database, sources, some)));
  return {
    columns: columns.map(({ name, type }, index) => ({ name, type, ...(counts[index] ?? nothing) })),
    nullValues: [...nullValues],
  };
}

async function openAll(files: readonly SourceFile[], context: OpenContext): Promise<OpenSource[]> {
  const sources: OpenSource[] = [];
  for (const file of files) sources.push(await openSource(file, context));
  return sources;
}

/** Counts every column in one scan, and lists or counts exactly what is worth it in another. */
async function countValues(
  database: Database,
  sources: readonly OpenSource[],
  columns: readonly StageColumn[],
): Promise<Counts[]> {
  const texts = sources
    .map((source) => {
      const values = columns.map((column) => {
        const found = valueIn(source, column);
        return `${found ? `CAST(${found.raw} AS VARCHAR)` : 'NULL'} AS ${column.id}`;
      });
      return `SELECT ${values.join(', ')} FROM ${source.glance}`;
    })
    .join(' UNION ALL ');
  const figures = columns.map(({ id }) => `count(${id}) AS n${id}, approx_count_distinct(${id}) AS d${id}`);
  const row = await database.row(`SELECT count(*) AS rows, ${figures.join(', ')} FROM (${texts})`);
  const rows = Number(row['rows']);
  const counts = columns.map(({ id }) => ({
    rows,
    nulls: rows - Number(row[`n${id}`]),
    distinct: Number(row[`d${id}`]),
  }));
  const closer = columns.flatMap(({ id, type }, index) => {
    const { nulls, distinct } = counts[index] ?? nothing;
    if (type !== 'string' && type !== 'integer') return [];
    if (distinct > 0 && distinct <= 2 * FEW) return [`to_json(list(DISTINCT ${id}))::VARCHAR AS l${id}`];
    return nulls === 0 && distinct >= rows * 0.8 ? [`count(DISTINCT ${id}) AS e${id}`] : [];
  });
  if (closer.length === 0) return counts;
  const exact = await database.row(`SELECT ${closer.join(', ')} FROM (${texts})`);
  return counts.map((count, index) => {
    const { id, type } = columns[index] ?? {};
    const listed = exact[`l${id}`];
    if (typeof listed !== 'string') return { ...count, distinct: Number(exact[`e${id}`] ?? count.distinct) };
    const texts = (JSON.parse(listed) as (string | null)[]).filter((value) => value !== null);
    const values = type === 'integer' ? texts.map(Number).sort((a, b) => a - b) : texts.sort();
    const few =
      values.length <= FEW && values.every((value) => typeof value === 'string' || Number.isSafeInteger(value));
    return { ...count, distinct: values.length, ...(few && { values }) };
  });
}
