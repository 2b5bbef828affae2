/** Runs the steps of a dataset: each makes a view or a table of the one before. */
import { isFitted, transformOf, type Columns } from '../../config';
import { MldataError, type Finding, type StepRecord, type TransformSpec } from '../../protocol';
import { firstLine, identifier, isAboutValues, type Database } from '../duckdb';
import type { PlacedStep } from '../plan';
import { ExpressionError, inNames } from './expression';
import { lossFinding } from './loss';
import { transforms } from './registry';
import { locatedProblem, StepError } from './stepError';
import { carryOut } from './carryOut';
import { type Change, type Side, type Table } from './table';
import type { Fitted, FittingAtTimes, TransformContext, Unfitted } from './transform';

export interface StepsContext {
  readonly database: Database;
  readonly dataset: string;
  readonly seed: number;
  /** SQL of a relation with the training rows of a table that the step meets. */
  readonly training: (relation: string) => Promise<string>;
  /** What the steps learned before, in the order of the dataset's list; absent: they learn now. */
  readonly learned?: readonly (Fitted | null)[];
  /** What steps take in beside the rows, by their places in the dataset's list. */
  readonly sides: ReadonlyMap<number, Side>;
  /** Told of rows that have other ids from now on: `id` and `__was` of a relation. */
  readonly onRenumbered: (relation: string) => Promise<void>;
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
  // SQL that drops what the steps made, the last of it last.
  const made: string[] = [];
  let table = start;
  let rowsIn = await countRows(database, table);
  for (const { step, index } of steps) {
    context.onStep(step.transform);
    checkColumns(step, index, table, context.dataset);
    const side = context.sides.get(index);
    const fresh = { database, seed: context.seed, freshName: () => freshName(step.transform), ...(side && { side }) };
    const before = table;
    const located = (error: unknown) => locatedError(error, step, index, before, context.dataset);
    const { change, fitted } = await changeOf(step, index, table, fresh, context).catch((error: unknown) => {
      throw located(error);
    });
    for (const warning of change.warnings ?? [])
      findings.push(locatedProblem(warning, 'warning', step, index, context.dataset));
    if (change.columns.length === 0) throw refusal(step, index, [], 'It leaves no column.', context.dataset);
    const carried = await carryOut(table, change, fresh).catch((error: unknown) => {
      throw located(error);
    });
    table = carried.table;
    if (table.renumbered) await context.onRenumbered(table.relation);
    // Nothing reads what came before these rows any more.
    if (carried.stored) for (const drop of made.splice(0).reverse()) await database.run(drop);
    made.push(...carried.drops);
    const rows = carried.stored || change.instead !== undefined ? await countRows(database, table) : rowsIn;
    if (keepsRows(change) && rows !== rowsIn)
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
  if (error instanceof ExpressionError)
    return refusal(step, index, ['query' in step.parameters ? 'query' : 'expression'], error.message, dataset);
  if (error instanceof StepError) return error.located(step, index, dataset);
  const key = ['expression', 'query'].find((name) => name in step.parameters);
  return key !== undefined && isAboutValues(error)
    ? valuesError(error, table, key).located(step, index, dataset)
    : error;
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

function keepsRows({ where, more, instead, detached }: Change): boolean {
  return where === undefined && more === undefined && instead === undefined && detached !== true;
}

function valuesError(error: unknown, table: Table, key: string): StepError {
  return new StepError({
    code: 'transform-values',
    message: inNames(firstLine(error), table),
    suggestion:
      'Correct the values with a step before this one, or write an expression that takes them too, such as with try_cast.',
    at: [key],
  });
}
