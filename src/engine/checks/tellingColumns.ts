/**
 * Columns that tell too much or nothing: all of the target, each row from every other, or one value only. Which of them
 * may do so is seen in some of the rows; what is said of them is counted in all.
 */
import type { LeakageParameters, Reaction } from '../../config';
import { double, finite, text, type Row } from '../duckdb';
import { inBatches } from '../inBatches';
import { columnTypeOf, isNested, isNumeric } from '../schema';
import {
  declaredSemantic,
  determinedBy,
  numberTypeOf,
  semanticOfNumbers,
  semanticOfTexts,
  withSample,
  type Clue,
  type Predicted,
} from '../statistics';
import { percent, step } from '../words';
import type { CheckContext, CheckedColumn, CheckFinding } from './check';
import { isFiniteNumber } from './numbers';
import type { Narrowed } from './narrowed';
import { reached } from './severity';
import { isTrainedOn, type Target } from './target';

/** Rows that are looked at first, and their cells: of very many columns fewer rows. Of few rows nothing is said of a target. */
const ROWS = { most: 50_000, least: 50 };
const CELLS = 20_000_000;
const FEWEST = 1000;
const SEED = 42;
const COLUMNS_AT_ONCE = 100;
/** What a sample shows may be so much less than what all rows do. */
const LENIENT = 0.9;
/** A value that is longer is not looked for. */
const LONGEST = 1000;
/** Classes of a target, as a profile tells them. */
const MAX_CLASSES = 100;
/** Fewer values that are all different say nothing. */
const IDENTIFIED = 20;

/** A column as some of the rows show it. */
interface Look {
  readonly column: CheckedColumn;
  readonly count: number;
  readonly distinct: number;
  /** As text; absent where no value makes up half of them. */
  readonly most?: string;
}

/** @param columns of which something is to be said */
export async function tellingColumns(
  context: CheckContext,
  looked: Narrowed,
  columns: readonly CheckedColumn[],
  target: Target | undefined,
  parameters: LeakageParameters,
): Promise<CheckFinding[]> {
  const { database } = context;
  const scalar = columns.filter(({ physicalType }) => !isNested(physicalType));
  const atMost = Math.max(FEWEST, Math.min(ROWS.most, Math.floor(CELLS / Math.max(1, scalar.length))));
  const { rows } = looked;
  const findings: CheckFinding[] = [];
  let done = 0;
  for (const batch of inBatches(scalar, COLUMNS_AT_ONCE)) {
    const ids = [...batch, ...(target ? [target.column] : [])].map(({ id }) => id);
    const from = { database, relation: looked.relation, rows, seed: SEED, table: 'leakage_sample' };
    await withSample(from, ids, { atMost, among: context.columns.length }, async (sample) => {
      const looks = await looksAt(context, sample.relation, batch);
      // A sample of all rows is narrower than they are.
      const all = sample.sampled ? looked : { ...looked, relation: sample.relation };
      findings.push(...(await constants(context, all, looks, parameters)));
      if (!target) return;
      // The names of files tell rows apart; what is learned from is what they name.
      const learned = looks.filter(({ column: { spec } }) => spec.type !== 'image' && spec.type !== 'audio');
      const identifiers = await identifiersAmong(context, all, learned);
      findings.push(...identifiers.flatMap((column) => identifier(context, column, parameters.identifiers)));
      const others = learned.filter(({ column }) => !identifiers.includes(column) && isTrainedOn(context, column));
      findings.push(...(await leaks(context, looked, sample, others, target, parameters)));
    });
    context.onProgress(0.5 + (0.5 * (done += batch.length)) / scalar.length);
  }
  return findings;
}

async function looksAt(
  { database }: CheckContext,
  relation: string,
  columns: readonly CheckedColumn[],
): Promise<Look[]> {
  const counts = columns.map(({ id }) => `count(${id}) AS n_${id}, count(DISTINCT ${id}) AS d_${id}`);
  const counted = await database.row(`SELECT ${counts.join(', ')} FROM ${relation}`);
  const looks = columns.map((column): Look => {
    const of = (kind: string) => Number(counted[`${kind}_${column.id}`]);
    return { column, count: of('n'), distinct: of('d') };
  });
  // Where one value makes up half of them, at most half of them are others.
  const uneven = looks.filter(({ count, distinct }) => count > 0 && 2 * (distinct - 1) <= count);
  if (uneven.length === 0) return looks;
  const modes = uneven.map(({ column: { id } }) => `CAST(mode(${id}) AS VARCHAR) AS ${id}`);
  const row = await database.row(`SELECT ${modes.join(', ')} FROM ${relation}`);
  return looks.map((look) => (uneven.includes(look) ? withMost(look, row) : look));
}

function withMost(look: Look, row: Row): Look {
  const most = row[look.column.id];
  return typeof most === 'string' && most.length <= LONGEST ? { ...look, most } : look;
}

/** Columns with one value only, or nearly. */
async function constants(
  { database }: CheckContext,
  { relation }: Pick<Narrowed, 'relation'>,
  looks: readonly Look[],
  { constant, nearConstant }: LeakageParameters,
): Promise<CheckFinding[]> {
  const likely = looks.filter(({ most }) => most !== undefined);
  if (likely.length === 0) return [];
  const counts = likely.map(
    ({ column: { id, physicalType }, most = '' }) =>
      `count(${id}) AS n_${id}, count_if(${id} = CAST(${text(most)} AS ${physicalType})) AS e_${id}`,
  );
  const row = await database.row(`SELECT ${counts.join(', ')} FROM ${relation}`);
  const counted = likely.map(({ column, most = '' }) => {
    const [values, equal] = [Number(row[`n_${column.id}`]), Number(row[`e_${column.id}`])];
    return { column, most, values, equal };
  });
  return counted.flatMap(({ column: { name }, most, values, equal }): CheckFinding[] => {
    const at = { column: name, configPath: ['schema', 'columns', name] };
    const value = `\`${most.length > 60 ? `${most.slice(0, 60)}…` : most}\``;
    if (values > 1 && equal === values) {
      const severity = severityOf(constant);
      if (!severity) return [];
      return [
        {
          code: 'constant-column',
          severity,
          message: `${name} has one value only (${value}).`,
          ...at,
          suggestion: `It tells a model nothing: leave it out with ${step('drop', name)}. Where a value is missing in other rows, declare it as a boolean if that means the other one.`,
        },
      ];
    }
    const severity = values > equal ? reached(nearConstant, equal / values) : undefined;
    if (!severity) return [];
    return [
      {
        code: 'near-constant-column',
        severity,
        message: `${percent(equal / values)} of the values of ${name} are ${value}.`,
        ...at,
        count: values - equal,
        suggestion: `The others teach a model little: gather more of them, or leave the column out with ${step('drop', name)}.`,
      },
    ];
  });
}

/** Those that tell every row apart, by the same rule as a profile. */
async function identifiersAmong(
  context: CheckContext,
  { relation, rows }: Pick<Narrowed, 'relation' | 'rows'>,
  looks: readonly Look[],
): Promise<CheckedColumn[]> {
  const found: CheckedColumn[] = [];
  for (const { column, count, distinct } of looks) {
    const { id, physicalType, spec } = column;
    const kind = columnTypeOf(physicalType);
    const declared = declaredSemantic({ spec });
    if (declared === 'identifier') found.push(column);
    const mayBe = declared === undefined && distinct === count && (rows < IDENTIFIED || count >= IDENTIFIED);
    if (!mayBe || (kind !== 'integer' && kind !== 'string')) continue;
    const figures =
      kind === 'integer'
        ? `min(${id})::VARCHAR AS least, max(${id})::VARCHAR AS most`
        : `avg(length(${id}::VARCHAR)) AS mean, max(length(${id}::VARCHAR)) AS longest, coalesce(bool_or(contains(${id}::VARCHAR, ' ')), false) AS spaced`;
    const row = await context.database.row(`SELECT count(${id}) AS n, ${figures} FROM ${relation}`);
    const all = Number(row['n']);
    const seen = { count: all, distinct: all, unique: true };
    const asColumn = { ...column, type: kind };
    const semantic =
      kind === 'integer'
        ? semanticOfNumbers(asColumn, { ...seen, integer: true, min: Number(row['least']), max: Number(row['most']) })
        : semanticOfTexts(asColumn, {
            ...seen,
            meanLength: Number(row['mean']),
            maxLength: Number(row['longest']),
            spaced: row['spaced'] === true,
          });
    if (semantic !== 'identifier') continue;
    // To count different values takes the longest.
    const { d } = await context.database.row(`SELECT count(DISTINCT ${id}) AS d FROM ${relation}`);
    if (Number(d) === all) found.push(column);
  }
  return found;
}

function identifier(context: CheckContext, column: CheckedColumn, reaction: Reaction): CheckFinding[] {
  const { name } = column;
  const severity = severityOf(reaction);
  // Who says that it is one does not train on it.
  if (!severity || !isTrainedOn(context, column)) return [];
  return [
    {
      code: 'unique-values',
      severity,
      message: `Every value of ${name} is different.`,
      column: name,
      suggestion: 'If it only tells rows apart, say `role: id` in the schema, so that nothing is learned from it.',
      configPath: ['schema', 'columns', name],
    },
  ];
}

/** Columns of which each alone determines the target. */
async function leaks(
  context: CheckContext,
  looked: Narrowed,
  sample: { readonly relation: string; readonly rows: number; readonly sampled: unknown },
  looks: readonly Look[],
  target: Target,
  { target: threshold }: LeakageParameters,
): Promise<CheckFinding[]> {
  const { database } = context;
  const bound = Math.min(threshold.warn ?? Infinity, threshold.error ?? Infinity);
  if (looked.rows < ROWS.least || !Number.isFinite(bound)) return [];
  const predicted = await predictedBy(context, sample.relation, target);
  if (!predicted) return [];
  const clues = looks.map((look) => clueOf(look, sample.rows - look.count));
  const seen = await determinedBy(database, sample, predicted, clues);
  const suspects = seen.filter(({ share }) => share >= (sample.sampled ? LENIENT : 1) * bound);
  if (suspects.length === 0) return [];
  const found = sample.sampled
    ? await determinedInAll(
        context,
        looked,
        target,
        looks.filter(({ column: { name } }) => suspects.some(({ column }) => column === name)),
      )
    : suspects;
  return found.flatMap(({ column, share }): CheckFinding[] => {
    const severity = reached(threshold, share);
    if (!severity) return [];
    return [
      {
        code: 'suspected-leak',
        severity,
        message: `${column} alone determines ${share === 1 ? 'all' : percent(share)} of ${target.column.name}.`,
        column,
        suggestion: `If it is not known when the model is to predict, leave it out with ${step('drop', column)}, or say \`role: ignore\`; if it is, name it under \`checks.leakage.ignore\`.`,
        configPath: ['schema', 'columns', column],
      },
    ];
  });
}

async function determinedInAll(context: CheckContext, looked: Narrowed, target: Target, looks: readonly Look[]) {
  const { database } = context;
  const predicted = await predictedBy(context, looked.relation, target);
  if (!predicted) return [];
  const clues = await Promise.all(
    looks.map(async ({ column }) => {
      const { id } = column;
      const row = await database.row(`SELECT count(${id}) AS n, count(DISTINCT ${id}) AS d FROM ${looked.relation}`);
      const count = Number(row['n']);
      return clueOf({ column, count, distinct: Number(row['d']) }, looked.rows - count);
    }),
  );
  return determinedBy(database, looked, predicted, clues);
}

function clueOf({ column, distinct }: Look, nulls: number): Clue {
  const { name, id, physicalType } = column;
  const inTime = ['date', 'datetime'].includes(columnTypeOf(physicalType));
  const amount = isNumeric(physicalType)
    ? finite(id)
    : inTime
      ? `CASE WHEN isfinite(${id}) THEN epoch(${id}) END`
      : undefined;
  return { name, id, physicalType, nulls, distinct, amount };
}

/** Classes as they are; amounts moved to their mean and divided by their range, so that their squares keep their digits. */
async function predictedBy(
  { database }: CheckContext,
  relation: string,
  { column, kind }: Target,
): Promise<Predicted | undefined> {
  const { id, physicalType } = column;
  if (kind === 'lists') return undefined;
  if (kind === 'classes') {
    const there = numberTypeOf(physicalType).floating && isNumeric(physicalType) ? isFiniteNumber(column) : 'true';
    const { d } = await database.row(`SELECT count(DISTINCT ${id}) AS d FROM ${relation} WHERE ${there}`);
    return Number(d) >= 2 && Number(d) <= MAX_CLASSES ? { classes: id } : undefined;
  }
  const value = finite(id);
  const row = await database.row(
    `SELECT min(${value}) AS least, max(${value}) AS most, favg(${value}) AS mean FROM ${relation}`,
  );
  const [least, most, mean] = [Number(row['least']), Number(row['most']), Number(row['mean'])];
  const range = most - least;
  if (!(range > 0) || !Number.isFinite(range)) return undefined;
  return { amount: `((${value}) - ${double(Number.isFinite(mean) ? mean : least)}) / ${double(range)}` };
}

function severityOf(reaction: Reaction): CheckFinding['severity'] | undefined {
  if (reaction === 'ignore') return undefined;
  return reaction === 'warn' ? 'warning' : reaction;
}
