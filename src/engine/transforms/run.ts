/** Runs the steps of a dataset: each makes a view or a table of the one before. */
import { isFitted, transformOf, type Columns } from '../../config';
import { MldataError, type Finding, type StepRecord, type TransformSpec } from '../../protocol';
import { firstLine, identifier, type Database } from '../duckdb';
import type { PlacedStep } from '../plan';
import { columnTypeOf, type StageColumn } from '../schema';
import { ExpressionError, inNames } from './expression';
import { lossFinding } from './loss';
import { transforms } from './registry';
import { locatedProblem, StepError } from './stepError';
import { isNew, type Change, type Table } from './table';
import type { Fitted, FittingAtTimes, TransformContext, Unfitted } from './transform';

export interface StepsContext {
  readonly database: Database;
  readonly dataset: string;
  readonly seed: number;
  /** SQL of a relation with the training rows of a table that the step meets. */
  readonly training: (relation: string) => Promise<string>;
  /** What the steps learned before, in the order of the dataset's list; absent: they learn now. */
  readonly learned?: readonly (Fitted | null)[];
  /** Whether a step that takes too many rows away ends the run. */
  readonly lossStops: boolean;
  readonly onStep: (transform: string) => void;
}

export interface StepsResult {
  readonly table: Table;
  readonly records: readonly StepRecord[];
  readonly findings: readonly Finding[];
}

/** Throws a config error, located at its step, for what does not suit the columns; and `rows-lost`. */
export async function runSteps(
  steps: readonly PlacedStep[],
  start: Table,
  context: StepsContext,
): Promise<StepsResult> {
  const { database } = context;
  const records: StepRecord[] = [];
  const findings: Finding[] = [];
  let table = start;
  let rowsIn = await countRows(database, table);
  for (const { step, index } of steps) {
    context.onStep(step.transform);
    checkColumns(step, index, table, context.dataset);
    const fresh = { database, seed: context.seed, freshName: () => freshName(step.transform) };
    const before = table;
    const located = (error: unknown) => locatedError(error, step, index, before, context.dataset);
    const { change, fitted } = await changeOf(step, index, table, fresh, context).catch((error: unknown) => {
      throw located(error);
    });
    for (const warning of change.warnings ?? [])
      findings.push(locatedProblem(warning, 'warning', step, index, context.dataset));
    if (change.columns.length === 0) throw refusal(step, index, [], 'It leaves no column.', context.dataset);
    table = await carryOut(step, table, change, database).catch((error: unknown) => {
      throw located(error);
    });
    const rows = isStored(change) ? await countRows(database, table) : rowsIn;
    if (change.where === undefined && rows !== rowsIn)
      throw new Error(`Step ${index + 1}, ${step.transform}, made ${rows} rows of ${rowsIn}`);
    const loss = lossFinding({ step, index, rowsIn, rowsOut: rows, dataset: context.dataset });
    if (loss?.severity === 'error' && context.lossStops)
      throw new MldataError('buildFailed', loss.code, loss.message, [loss]);
    if (loss) findings.push(loss);
    records.push({ ...step, rowsIn, rowsOut: rows, ...(fitted && { fitted: fitted as StepRecord['fitted'] }) });
    rowsIn = rows;
  }
  return { table, records, findings };
}

function locatedError(error: unknown, step: TransformSpec, index: number, table: Table, dataset: string): unknown {
  if (error instanceof ExpressionError) return refusal(step, index, ['expression'], error.message, dataset);
  if (error instanceof StepError) return error.located(step, index, dataset);
  const written = 'expression' in step.parameters && isAboutValues(error);
  return written ? valuesError(error, table).located(step, index, dataset) : error;
}

let tables = 0;

function freshName(transform: string): string {
  return identifier(`step_${++tables}_${transform}`);
}

async function countRows(database: Database, { relation }: Table): Promise<number> {
  return Number((await database.row(`SELECT count(*) AS rows FROM ${relation}`))['rows']);
}

/** What the editor could not know before the data was read. */
function checkColumns(step: TransformSpec, index: number, { columns }: Table, dataset: string): void {
  const incoming: Columns = { types: new Map(columns.map(({ name, type }) => [name, type])), open: false };
  transformOf(step.transform)?.columns(step.parameters, incoming, ({ at, message, suggestion }) => {
    throw refusal(step, index, at, suggestion === undefined ? message : `${message} ${suggestion}`, dataset);
  });
}

function refusal(
  { transform }: TransformSpec,
  index: number,
  at: readonly (string | number)[],
  message: string,
  dataset: string,
): MldataError {
  const finding: Finding = {
    code: 'transform-step',
    severity: 'error',
    message: `Step ${index + 1}, ${transform}: ${message}`,
    dataset,
    configPath: ['datasets', dataset, 'transforms', index, transform, ...at],
  };
  return new MldataError('config', finding.code, finding.message, [finding]);
}

async function changeOf(
  step: TransformSpec,
  index: number,
  table: Table,
  context: TransformContext,
  { training, learned }: StepsContext,
): Promise<{ change: Change; fitted?: Fitted }> {
  const { transform, parameters } = step;
  if (!Object.hasOwn(transforms, transform)) throw new Error(`There is no transform ${transform}`);
  // The parameters have been parsed by the schema of this very transform.
  const implementation: Unfitted<TransformSpec['parameters']> | FittingAtTimes<TransformSpec['parameters'], Fitted> =
    transforms[transform as keyof typeof transforms];
  if (!('fit' in implementation)) return { change: await implementation.apply(parameters, table, context) };
  if (!isFitted(step)) return { change: await implementation.apply(parameters, table, context, undefined) };
  const known = learned?.[index];
  if (learned && !known)
    throw new StepError({
      code: 'not-learned',
      message: 'The manifest does not say what it learned.',
      suggestion: 'Build the dataset again, so that its manifest does.',
      at: [],
    });
  if (known) return { change: await implementation.apply(parameters, table, context, known), fitted: known };
  const rows = await training(table.relation);
  const fitting = { ...context, training: rows };
  const fitted = await implementation.fit(parameters, table, fitting);
  return { change: await implementation.apply(parameters, table, fitting, fitted), fitted };
}

function isStored({ where, joins, stored }: Change): boolean {
  return where !== undefined || joins !== undefined || stored === true;
}

/** Most readers of Parquet take names that differ only in case for one. */
function refuseTwins(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined)
      throw new StepError({
        code: 'transform-step',
        message: `It would leave the columns ${twin} and ${name}, whose names are the same but for the case of letters.`,
        suggestion: 'Choose another name.',
        at: [],
        column: name,
      });
    seen.set(name.toLowerCase(), name);
  }
}

/** Whether the engine complains of what a value is, as when text is cast to a number. */
function isAboutValues(error: unknown): boolean {
  return /^(Conversion|Invalid Input|Out of Range) Error/.test(firstLine(error));
}

function valuesError(error: unknown, table: Table): StepError {
  return new StepError({
    code: 'transform-values',
    message: inNames(firstLine(error), table),
    suggestion:
      'Correct the values with a step before this one, or write an expression that takes them too, such as with try_cast.',
    at: ['expression'],
  });
}

/** A view where values only change; a table where rows go, or are looked up elsewhere, so that it is done once. */
async function carryOut(
  { transform }: TransformSpec,
  table: Table,
  change: Change,
  database: Database,
): Promise<Table> {
  const { columns, where, joins } = change;
  let next = Math.max(-1, ...table.columns.map(({ id }) => Number(id.slice(1))));
  const made = columns.map((column) => ({ column, id: isNew(column) ? `c${++next}` : column.id }));
  const list = made.map(({ column, id }) => (isNew(column) ? `${column.value} AS ${id}` : `t.${id}`));
  const query =
    `SELECT ${['t.id', 't.__file', ...list].join(', ')} FROM ${table.relation} AS t ${(joins ?? []).join(' ')}` +
    (where === undefined ? '' : ` WHERE ${where}`);
  const relation = freshName(transform);
  const stored = isStored(change);
  refuseTwins(columns.map(({ name }) => name));
  await database.run(
    stored
      ? `CREATE TABLE ${relation} AS ${query}${joins ? ' ORDER BY t.id' : ''}`
      : `CREATE VIEW ${relation} AS ${query}`,
  );
  const types = new Map((await database.describe(`SELECT * FROM ${relation}`)).map(({ name, type }) => [name, type]));
  return {
    relation,
    columns: made.map(({ column, id }): StageColumn => {
      if (!isNew(column)) return column;
      const physicalType = types.get(id) ?? 'VARCHAR';
      const before = table.columns.find(({ name }) => name === column.name)?.spec;
      // What the schema asks of values, it asks of them as read.
      const { role, title, description } = before ?? {};
      return {
        name: column.name,
        id,
        type: column.type ?? columnTypeOf(physicalType),
        physicalType,
        spec: {
          ...(role && { role }),
          ...(title !== undefined && { title }),
          ...(description !== undefined && { description }),
        },
      };
    }),
  };
}
