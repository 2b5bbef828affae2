/** Everything that a profile says of one relation. A column that fails takes nothing else with it. */
import { firstLine, literal, type Database, type Row } from '../duckdb';
import { refuseFatal } from '../fatal';
import type { StageColumn } from '../schema';
import { countPresent, kindOf } from '../statistics';
import {
  type ColumnType,
  type ConfigPath,
  type Finding,
  type Profile,
  type ProfileColumn,
  type SemanticType,
} from '../../protocol';
import { columnAlerts, wholeAlerts, type Thresholds } from './alerts/alerts';
import { associations } from './pairs/associations';
import { firstPassOf, orderedOf, profileColumn } from './columns/column';
import { passed } from './columns/firstPass';
import { FAST_SAMPLE, FEW_DRAWN } from './columns/frequencies';
import { unorderedAmong } from './columns/order';
import type { ColumnContext, ColumnFigures, DescribedColumn, ProfileContext } from './context';
import { Together, type Statements } from './together';
import { duplicatesOf } from './rows/duplicates';
import { determined } from './target/leaks';
import { missingOf } from './rows/missing';
import type { ProgressOfProfile } from './progress';
import { targetOf } from './target/target';

export interface DescribeContext extends ProfileContext {
  readonly dataset: string;
  readonly thresholds: Thresholds;
  /** Where the config declares a column; undefined where it does not. */
  readonly placeOf: (column: string) => ConfigPath | undefined;
}

export interface Described {
  readonly columns: readonly ProfileColumn[];
  /** Those that did not fail. */
  readonly whole: readonly DescribedColumn[];
}

/** To take in a statement over a relation of more columns takes longer than to answer it. */
const WIDE = 200;
const COLUMNS_APART = 100;

/** Draws the sample that sketches are of, where they are allowed and it is a small part of the rows. */
export async function drawRows(context: DescribeContext, columns: readonly StageColumn[]): Promise<DescribeContext> {
  const { database, relation, rows, fast, seed } = context;
  if (!fast || rows <= 2 * FAST_SAMPLE || columns.length > WIDE) return context;
  const oneIn = Math.ceil(rows / FAST_SAMPLE);
  const ids = columns.map(({ id }) => `${id}, `).join('');
  const draw = async () => {
    await database.run(
      `CREATE TABLE drawn_of_all AS SELECT ${ids}__row FROM ${relation} WHERE hash(__row, ${literal(seed)}) % ${oneIn} = 0`,
    );
    const told = columns.filter((column) => !['list', 'struct'].includes(kindOf(column)));
    const counts = told.map(
      ({ id }) => `approx_count_distinct(${id}) <= least(${FEW_DRAWN}, count(${id}) / 4) AS ${id}`,
    );
    const row = await database.row(`SELECT ${['count(*) AS drawn', ...counts].join(', ')} FROM drawn_of_all`);
    const few = new Set(told.flatMap(({ id }) => (row[id] === true ? [id] : [])));
    return { ...context, drawn: { relation: 'drawn_of_all', oneIn, rows: Number(row['drawn']), few } };
  };
  return draw().catch((error: unknown) => {
    // A column that cannot be read is found by itself.
    refuseFatal(error);
    return context;
  });
}

/** @param onColumn told of every column that is done, and how many are */
export async function describeColumns(
  context: DescribeContext,
  columns: readonly StageColumn[],
  onColumn: (column: ProfileColumn, done: number) => void = () => undefined,
): Promise<Described> {
  if (columns.length <= WIDE) return describeBeside(context, columns, onColumn);
  const { database, relation } = context;
  // Looking for what many columns have in common takes longer than what it saves.
  await database.run("SET disabled_optimizers = 'common_subexpressions'");
  const parts: Described[] = [];
  for (let start = 0; start < columns.length; start += COLUMNS_APART) {
    const some = columns.slice(start, start + COLUMNS_APART);
    const ids = some.map(({ id }) => id).join(', ');
    await database.run(`CREATE OR REPLACE TABLE some_columns AS SELECT __row, ${ids} FROM ${relation}`);
    const part = await describeBeside({ ...context, relation: 'some_columns' }, some, (column, done) => {
      onColumn(column, start + done);
    });
    parts.push(part);
  }
  await database.run('DROP TABLE some_columns');
  return { columns: parts.flatMap((part) => part.columns), whole: parts.flatMap(({ whole }) => whole) };
}

/** Several columns at the same time, where there are many: what takes one of them a single thread leaves the others idle. */
async function describeBeside(
  context: DescribeContext,
  columns: readonly StageColumn[],
  onColumn: (column: ProfileColumn, done: number) => void,
): Promise<Described> {
  const { database } = context;
  const seen = await seeAll(context, columns);
  const unordered = await ordersOfAll(context, columns);
  const described: Profiled[] = [];
  let done = 0;
  const describe = async (session: Statements, index: number) => {
    const column = columns[index];
    if (!column) return;
    const known = { seen, ...(unordered && { unordered }) };
    const profiled = await describeColumn({ ...context, ...known, database: session }, column);
    described[index] = profiled;
    onColumn(profiled.column, ++done);
  };
  const light = columns.flatMap((column, index) => (isLight(context, column, seen) ? [index] : []));
  const together = new Together(database);
  await allOf(light.map((index) => describe(together.of(columns[index]?.physicalType ?? ''), index)));
  const others = [...columns.keys()].filter((index) => !light.includes(index));
  const work = async (session: Database) => {
    for (let index = others.shift(); index !== undefined; index = others.shift()) await describe(session, index);
  };
  const sessions = context.rows <= MOST_ROWS_BESIDE && others.length >= database.threads ? database.threads : 1;
  if (sessions === 1) await work(database);
  else await database.onePerSession(() => inSessions(database, sessions, work));
  return {
    columns: described.map(({ column }) => column),
    whole: described.flatMap(({ figures }, index) => {
      const column = columns[index];
      return column && figures ? [{ column, figures }] : [];
    }),
  };
}

/** Rows and bytes of a column whose tables may be held beside those of a hundred others. */
const LIGHT = { rows: 20_000, bytes: 1 << 20 };

/** Whether what is asked of a column is prepared for longer than answered. */
function isLight({ rows }: DescribeContext, column: StageColumn, seen: ReadonlyMap<string, Row>): boolean {
  const bytes = seen.get(column.id)?.['bytes'] ?? 0;
  return rows <= LIGHT.rows && seen.has(column.id) && kindOf(column) !== 'media' && Number(bytes) <= LIGHT.bytes;
}

/** One look at all columns together; of none where one of them cannot be read. */
async function seeAll(context: DescribeContext, columns: readonly StageColumn[]): Promise<ReadonlyMap<string, Row>> {
  const passes = columns.flatMap((column) => {
    const pass = firstPassOf(context, column);
    return pass ? [{ id: column.id, pass }] : [];
  });
  if (passes.length === 0) return new Map();
  const rows = await passed(
    context,
    passes.map(({ pass }) => pass),
  ).catch((error: unknown) => {
    refuseFatal(error);
    return [];
  });
  return new Map(rows.map((row, index) => [passes[index]?.id ?? '', row]));
}

/** One look at the first rows of all columns; undefined where one of them cannot be read. */
async function ordersOfAll(
  context: DescribeContext,
  columns: readonly StageColumn[],
): Promise<ReadonlySet<string> | undefined> {
  const ordered = columns.flatMap((column) => orderedOf(column) ?? []);
  return unorderedAmong(context, ordered).catch((error: unknown) => {
    refuseFatal(error);
    return undefined;
  });
}

interface Profiled {
  readonly column: ProfileColumn;
  /** Absent where it failed. */
  readonly figures?: ColumnFigures;
}

/** Of more rows a column alone takes the memory there is. */
const MOST_ROWS_BESIDE = 10_000_000;

/** Rejects as the first of them does, once all have ended. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}

async function inSessions(
  database: Database,
  count: number,
  work: (session: Database) => Promise<void>,
): Promise<void> {
  const sessions = await Promise.all(Array.from({ length: count }, () => database.connect()));
  try {
    await allOf(sessions.map(work));
  } finally {
    for (const session of sessions) session.close();
  }
}

async function describeColumn(
  context: ColumnContext & Omit<DescribeContext, 'database'>,
  column: StageColumn,
): Promise<Profiled> {
  const { rows, thresholds, dataset, placeOf } = context;
  try {
    const figures = guessMarked(await profileColumn(context, column), column);
    const alerts = columnAlerts(figures, rows, thresholds, dataset, placeOf(column.name));
    return { column: { ...figures, alerts }, figures };
  } catch (error) {
    refuseFatal(error);
    const damage = await unreadable(context, column);
    const [least] = damage === undefined ? await leastOf(context, [column]) : [figuresOf(column, 0, rows)];
    if (!least) throw error;
    const alert =
      damage === undefined ? columnFailed(column, error, dataset) : columnUnreadable(column, damage, dataset);
    return { column: { ...least, alerts: [alert] } };
  }
}

/** Of a trusted guess nobody looked whether each text is written as its type asks. */
function guessMarked(figures: ColumnFigures, { guessed }: StageColumn): ColumnFigures {
  if (guessed !== 'trusted') return figures;
  return { ...figures, approximate: ['type', ...(figures.approximate ?? [])] };
}

/** What the engine says of values that cannot be read; undefined where they can. Counts alone come from the file's footer. */
async function unreadable({ database, relation }: ColumnContext, { id }: StageColumn): Promise<unknown> {
  try {
    await database.row(`SELECT max(hash(${id})) AS read FROM ${relation}`);
    return undefined;
  } catch (error) {
    refuseFatal(error);
    return error;
  }
}

/** The least that is to be said of columns: what is missing. */
export async function leastOf(
  { database, relation, rows }: ColumnContext,
  columns: readonly StageColumn[],
): Promise<ColumnFigures[]> {
  const present = await countPresent(database, relation, columns);
  return columns.map((column) => figuresOf(column, rows - (present.get(column.id) ?? 0), rows));
}

function figuresOf({ name, type, physicalType, spec }: StageColumn, nulls: number, rows: number): ColumnFigures {
  return {
    ...{ name, type, physicalType, semantic: nulls === rows ? 'empty' : (semantics[type] ?? 'text') },
    ...(spec.role && { role: spec.role }),
    ...{ nulls, nullRatio: rows === 0 ? 0 : nulls / rows, distinct: 0, distinctExact: false },
  };
}

/** By the type alone. */
const semantics: Partial<Record<ColumnType, SemanticType>> = {
  integer: 'numeric',
  number: 'numeric',
  boolean: 'boolean',
  date: 'datetime',
  datetime: 'datetime',
  time: 'datetime',
  array: 'list',
  object: 'struct',
  image: 'image',
  audio: 'audio',
};

function columnUnreadable({ name }: StageColumn, error: unknown, dataset: string): Finding {
  return {
    code: 'column-unreadable',
    severity: 'error',
    message: `The values of ${name} cannot be read: ${firstLine(error)}`,
    dataset,
    column: name,
    suggestion: 'The file is damaged: copy or write it again. Figures of rows are without this column.',
  };
}

function columnFailed({ name }: StageColumn, error: unknown, dataset: string): Finding {
  return {
    code: 'column-failed',
    severity: 'warning',
    message: `The column ${name} could not be described: ${firstLine(error)}`,
    dataset,
    column: name,
    suggestion: 'Declare another `type` for it, or profile a sample. The other columns are described in full.',
  };
}

/** What stands between columns and in whole rows. A part that fails is a finding, and the others are whole. */
export async function describeWhole(
  context: DescribeContext,
  { columns, whole }: Described,
  progress?: ProgressOfProfile,
): Promise<Pick<Profile, 'correlations' | 'missing' | 'duplicates' | 'target' | 'alerts'>> {
  const { rows, thresholds, dataset, placeOf } = context;
  const failures: Finding[] = [];
  const attempt = async <T>(what: string, otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      refuseFatal(error);
      failures.push({
        code: 'figures-failed',
        severity: 'warning',
        message: `${what} could not be calculated: ${firstLine(error)}`,
        dataset,
        suggestion: 'Raise the memory limit, or profile a sample. All other figures are whole.',
      });
      return otherwise;
    }
  };
  progress?.report('pairs', 0);
  const correlations = await attempt('The correlations', [], () => associations(context, whole));
  const target = await attempt('The associations with the target', undefined, () => targetOf(context, whole));
  const leaks = await attempt('What each column tells of the target', [], () =>
    target ? determined(context, whole, target.associations) : Promise.resolve([]),
  );
  progress?.report('rows', 0);
  const missing = await attempt('The patterns of missing values', missingOfColumns(rows, columns), () =>
    missingOf(context, whole),
  );
  progress?.report('rows', 0.3);
  const duplicates = await attempt('The number of duplicate rows', { groups: 0, surplusRows: 0 }, () =>
    duplicatesOf(context, whole),
  );
  const found = { rows, correlations, duplicates, ...(target && { target }), determined: leaks };
  return {
    correlations,
    missing,
    duplicates,
    ...(target && { target }),
    alerts: [...failures, ...wholeAlerts(found, thresholds, dataset, placeOf)],
  };
}

/** What the columns by themselves tell. */
function missingOfColumns(rows: number, columns: readonly ProfileColumn[]): Profile['missing'] {
  const cells = columns.reduce((sum, { nulls }) => sum + nulls, 0);
  const cellRatio = cells === 0 ? 0 : cells / (rows * columns.length);
  return { cells, cellRatio, completeRows: 0, patterns: [], otherPatterns: 0, otherRows: 0 };
}
