/** The schemas of rows, and what the values of two sides tell of each other. Runs in a job process of its own. */
import { join } from 'node:path';
import { memoryBytes } from '../config';
import { Database, pathLiteral } from './duckdb';
import {
  columnsToSketch,
  countMissing,
  inferredShape,
  shapeOf,
  sketchColumns,
  suspicionsOf,
  withMissing,
  type RowsToSketch,
  type Suspicions,
} from './evolution';
import { makeFolder } from './folders';
import { engineMemory, type Limits } from './limits';
import { openRows, type Rows, type RowsTarget } from './rows';
import type { DatasetSpec, SchemaColumn, TableSchema, TableShape } from '../protocol';

export interface SchemaJob extends Limits {
  readonly spec: Pick<DatasetSpec, 'name'>;
  readonly target: RowsTarget;
  /** Absolute; removed by whoever made it. */
  readonly scratch: string;
  /** From the values alone. */
  readonly infer: boolean;
  /** A Parquet file of which is told what it says cannot be missing, absolute. */
  readonly stored?: string;
}

export interface SchemaOfRows {
  readonly shape: TableShape;
  readonly rows: number;
  /** Columns of a Parquet file whose values cannot be missing. */
  readonly required?: readonly string[];
  /** Of what was inferred: texts that were taken for missing values. */
  readonly nullValues?: readonly string[];
}

const undeclared: TableSchema = { columns: {}, primaryKey: [], extraColumns: 'ignore', onError: 'null' };

/** Throws what opening the rows throws. */
export async function schemaOfRows(job: SchemaJob, signal: AbortSignal): Promise<SchemaOfRows> {
  const { target, infer } = job;
  if (!infer) {
    const schema = target.of === 'source' ? target.spec.schema : undefined;
    return opened(target, { ...job, place: 'rows', signal }, async (rows, database) => ({
      shape: await shapeOfRows(rows, database, schema),
      rows: rows.rows,
      ...(job.stored !== undefined && { required: await requiredColumns(database, job.stored) }),
    }));
  }
  const free = withoutDeclaration(target);
  const look = (from: RowsTarget, place: string) =>
    opened(from, { ...job, place, signal }, async (rows, database) => ({
      shape: await inferredShape({ ...rows, database }),
      rows: rows.rows,
      nullValues: rows.findings.flatMap(({ code, samples = [] }) => (code === 'null-like-values' ? samples : [])),
    }));
  const first = await look(free, 'first');
  if (first.nullValues.length === 0 || free.of === 'build') return first;
  // With them, `34` and `NA` are numbers with a gap.
  const nullValues = [...new Set(first.nullValues)];
  return { ...(await look(withNullValues(free, nullValues), 'again')), nullValues };
}

/** Of the columns themselves, not of what lies within them. */
async function requiredColumns(database: Database, file: string): Promise<string[]> {
  const elements = await database.rows(
    `SELECT name, coalesce(num_children, 0) AS children, repetition_type FROM parquet_schema(${pathLiteral(file)})`,
  );
  const required: string[] = [];
  // Elements come depth first, the root before all.
  let inner = 0;
  for (const { name, children, repetition_type: repetition } of elements.slice(1)) {
    if (inner === 0 && repetition === 'REQUIRED') required.push(String(name));
    inner = Math.max(0, inner - 1) + Number(children);
  }
  return required;
}

function withoutDeclaration(target: RowsTarget): RowsTarget {
  return target.of === 'source' ? { ...target, spec: { ...target.spec, schema: undeclared } } : target;
}

function withNullValues(
  target: RowsTarget & { readonly of: 'source' | 'files' },
  nullValues: readonly string[],
): RowsTarget {
  const source = (target.of === 'source' ? target.spec.source : target.source).map((entry) => ({
    ...entry,
    options: { ...entry.options, nullValues: [...(entry.options.nullValues ?? []), ...nullValues] },
  }));
  return target.of === 'source' ? { ...target, spec: { ...target.spec, source } } : { ...target, source };
}

export interface SchemaSideJob {
  /** Absent: the rows are not there. */
  readonly target?: RowsTarget;
  /** As the manifest says; absent: as the rows are read. */
  readonly shape?: TableShape;
}

export interface SchemaDiffJob extends Limits {
  readonly spec: Pick<DatasetSpec, 'name'>;
  readonly before: SchemaSideJob;
  readonly after: SchemaSideJob;
  readonly scratch: string;
}

export interface ComparedSchemas {
  readonly before: TableShape;
  readonly after: TableShape;
  readonly rows: { readonly before?: number; readonly after?: number };
  readonly suspicions: Suspicions;
  /** Whether the values of both sides were looked at, where there was something to find. */
  readonly compared: boolean;
}

/** Throws what opening the rows throws. */
export async function compareSchemas(job: SchemaDiffJob, signal: AbortSignal): Promise<ComparedSchemas> {
  // Both are open at once, each with half of the memory.
  const memoryLimit = `${Math.max(1, Math.floor(memoryBytes(job.memoryLimit) / 2e6))}MB`;
  const side = <T>(name: 'before' | 'after', work: (side: OpenedSide) => Promise<T>): Promise<T> =>
    openSide(job[name], { ...job, memoryLimit, place: name, signal }, work);
  return side('before', (before) => side('after', (after) => compareSides(before, after)));
}

interface OpenedSide {
  readonly shape: TableShape;
  /** Absent: the rows are not there. */
  readonly rows?: RowsToSketch;
}

async function compareSides(before: OpenedSide, after: OpenedSide): Promise<ComparedSchemas> {
  const rows = {
    ...(before.rows && { before: before.rows.rows }),
    ...(after.rows && { after: after.rows.rows }),
  };
  const shapes = { before: before.shape, after: after.shape, rows };
  if (!before.rows || !after.rows) return { ...shapes, suspicions: { renamed: [], scaled: [] }, compared: false };
  return { ...shapes, suspicions: await suspicionsOfRows(shapes, before.rows, after.rows), compared: true };
}

/** What the values say of columns that only one side has, and of numbers that both have. */
export async function suspicionsOfRows(
  shapes: { readonly before: TableShape; readonly after: TableShape },
  before: RowsToSketch,
  after: RowsToSketch,
): Promise<Suspicions> {
  const wanted = columnsToSketch(shapes.before, shapes.after);
  const sketched = async (shape: TableShape, rows: RowsToSketch) => {
    const columns = rows.columns.filter(({ name }) => wanted.has(name));
    return { shape, sketches: await sketchColumns({ ...rows, columns }) };
  };
  return suspicionsOf(await sketched(shapes.before, before), await sketched(shapes.after, after));
}

function openSide<T>(
  { target, shape }: SchemaSideJob,
  place: Place,
  work: (side: OpenedSide) => Promise<T>,
): Promise<T> {
  if (target === undefined) {
    if (shape === undefined) throw new Error('There are neither rows nor a schema');
    return work({ shape });
  }
  const schema = target.of === 'source' ? target.spec.schema : undefined;
  return opened(target, place, async (rows, database) =>
    work({ shape: shape ?? (await shapeOfRows(rows, database, schema)), rows: { ...rows, database } }),
  );
}

async function shapeOfRows(rows: Rows, database: Database, schema: TableSchema | undefined): Promise<TableShape> {
  const missing = await countMissing({ ...rows, database });
  const shape = shapeOf(withMissing(rows.columns, missing), schema);
  // Text without any value is of no type, unless one is declared; Parquet says it itself.
  const unknown = new Set(
    rows.columns.flatMap(({ name, id, spec }) =>
      rows.stored === 'table' && !spec.type && (missing.get(id) ?? rows.rows) === rows.rows ? [name] : [],
    ),
  );
  const columns = shape.columns.map(({ physicalType, ...column }): SchemaColumn => {
    if (unknown.has(column.name)) return { ...column, type: 'any' };
    return { ...column, ...(physicalType !== undefined && { physicalType }) };
  });
  return { ...shape, columns };
}

interface Place extends Limits {
  readonly scratch: string;
  /** A folder of its own in the scratch folder. */
  readonly place: string;
  readonly signal: AbortSignal;
}

async function opened<T>(
  target: RowsTarget,
  { scratch: within, place, signal, ...limits }: Place,
  work: (rows: Rows, database: Database) => Promise<T>,
): Promise<T> {
  const scratch = join(within, place);
  await makeFolder(scratch);
  const database = await Database.open({
    threads: limits.threads,
    memoryLimit: engineMemory(limits.memoryLimit),
    spillFolder: join(scratch, 'spill'),
    signal,
  });
  try {
    const rows = await openRows(target, { database, scratch, signal, onProgress: () => undefined });
    const result = await work(rows, database);
    await rows.assertUnchanged();
    return result;
  } finally {
    database.close();
  }
}
