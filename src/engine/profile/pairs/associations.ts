/** How columns go together, by each method that suits some of them. */
import { withSample } from '../../statistics';
import type { AssociationMethod, Correlation } from '../../../protocol';
import type { DescribedColumn, ProfileContext } from '../context';
import { correlationRatios } from './correlationRatio';
import { cramersV } from './cramersV';
import { withCube, type Cube } from './cube';
import { measureOf, type Measure } from './measures';
import { missingTogether } from './missingTogether';
import { pairsOf, withinBudget } from './pairs';
import { pearson } from './pearson';
import { spearman } from './spearman';

/** A column with more values is no column of classes to compare by. */
export const MAX_CLASSES = 100;

/** Ranks take sorting: of more rows than this they are those of a sample, and pairs are fewer. */
const RANKED_ROWS = 50_000;
const RANKED_PAIRS = 1000;
/** Where estimates will do, all of it is of so many rows, and ranks are of fewer. */
const FAST_ROWS = 20_000;
const FAST_RANKED_ROWS = 5_000;

type Pair = Correlation['pairs'][number];

interface Task {
  readonly method: AssociationMethod;
  readonly omitted: number;
  /** Of the columns it reads. */
  readonly ids: readonly string[];
  readonly run: (relation: string, cube: Cube | undefined) => Promise<Pair[]>;
}

/** A column that divides the rows into classes. */
export interface Classes extends DescribedColumn {
  readonly name: string;
  readonly id: string;
  readonly isTarget: boolean;
}

/** Undefined unless it is categorical or boolean, and has from 2 to 100 values. */
export function classesOf(described: DescribedColumn): Classes | undefined {
  const { column, figures } = described;
  const divides = figures.semantic === 'categorical' || figures.semantic === 'boolean';
  if (!divides || figures.distinct < 2 || figures.distinct > MAX_CLASSES) return undefined;
  return { ...described, name: column.name, id: column.id, isTarget: column.spec.role === 'target' };
}

/** Undefined for identifiers: their numbers are names. */
export function numbersOf(described: DescribedColumn): Measure | undefined {
  return described.figures.semantic === 'identifier' ? undefined : measureOf(described);
}

/** Whether its numbers are amounts, not codes of classes. */
export function isAmount({ figures }: DescribedColumn): boolean {
  return figures.semantic === 'numeric';
}

/**
 * One entry for each method of which there are pairs, in the order of `associationMethods`. Columns that are constant or
 * empty have no part in it.
 */
export async function associations(
  context: ProfileContext,
  columns: readonly DescribedColumn[],
): Promise<Correlation[]> {
  const tasks = [
    numeric(context, columns, 'pearson'),
    numeric(context, columns, 'spearman'),
    categorical(context, columns),
    mixed(context, columns),
    missing(context, columns),
  ];
  const ids = tasks.flatMap((task) => task.ids);
  const classes = columns
    .flatMap((column) => classesOf(column) ?? [])
    .map(({ id, figures }) => ({ id, values: figures.distinct }));
  const amounts = columns.filter(isAmount).flatMap((column) => numbersOf(column) ?? []);
  const some = { atMost: context.fast ? FAST_ROWS : Infinity, among: columns.length };
  return withSample(context, ids, some, ({ relation, sampled }) => {
    const rankedRows = context.drawn ? FAST_RANKED_ROWS : sampled ? Infinity : RANKED_ROWS;
    return withCube(context.database, relation, classes, amounts, async (cube) => {
      const found: Correlation[] = [];
      for (const { method, omitted, ids: read, run } of tasks) {
        const atMost = method === 'spearman' ? rankedRows : Infinity;
        const ranked = { atMost, among: new Set(ids).size };
        const correlation = await withSample({ ...context, relation }, read, ranked, async (sample) => ({
          method,
          pairs: strongestFirst(await run(sample.relation, cube)),
          omittedColumns: omitted,
          ...((sample.sampled ?? sampled) && { sampled: sample.sampled ?? sampled }),
        }));
        if (correlation.pairs.length > 0 || omitted > 0) found.push(correlation);
      }
      return found;
    });
  });
}

/** By absolute value, ties by the names. */
function strongestFirst(pairs: readonly Pair[]): Pair[] {
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...pairs].sort((x, y) => Math.abs(y.value) - Math.abs(x.value) || order(x.a, y.a) || order(x.b, y.b));
}

function numeric(
  { database }: ProfileContext,
  columns: readonly DescribedColumn[],
  method: 'pearson' | 'spearman',
): Task {
  const numbers = columns.flatMap((column) => numbersOf(column) ?? []);
  const budget = method === 'spearman' ? RANKED_PAIRS : undefined;
  const { taken, omitted } = withinBudget(numbers, ({ length }) => length, budget);
  const pairs = pairsOf(taken);
  const values = { pearson, spearman }[method];
  return {
    method,
    omitted,
    ids: idsOf(pairs.flat()),
    run: async (relation) => defined(pairs, await values(database, relation, pairs)),
  };
}

function categorical({ database }: ProfileContext, columns: readonly DescribedColumn[]): Task {
  const { taken, omitted } = withinBudget(
    columns.flatMap((column) => classesOf(column) ?? []),
    ({ length }) => length,
  );
  const pairs = pairsOf(taken);
  return {
    method: 'cramersV',
    omitted,
    ids: idsOf(pairs.flat()),
    run: async (relation, cube) => defined(pairs, await cramersV(database, relation, pairs, cube)),
  };
}

/** The classes are `a`, the numbers `b`. */
function mixed({ database }: ProfileContext, columns: readonly DescribedColumn[]): Task {
  const candidates = columns.flatMap((column): (Classes | Measure)[] => {
    const found = classesOf(column) ?? (isAmount(column) ? numbersOf(column) : undefined);
    return found ? [found] : [];
  });
  const isMeasure = (candidate: Classes | Measure): candidate is Measure => 'value' in candidate;
  const { taken, omitted } = withinBudget(
    candidates,
    (before, next) => before.filter((other) => isMeasure(other) !== isMeasure(next)).length,
  );
  const amounts = taken.filter(isMeasure);
  const classes = taken.filter((one): one is Classes => !isMeasure(one));
  return {
    method: 'correlationRatio',
    omitted,
    ids: amounts.length > 0 && classes.length > 0 ? idsOf(taken) : [],
    run: async (relation, cube) => {
      const pairs: Pair[] = [];
      for (const one of amounts.length > 0 ? classes : []) {
        const values = await correlationRatios(database, relation, one.id, amounts, cube);
        pairs.push(
          ...defined(
            amounts.map((amount) => [one, amount] as const),
            values,
          ),
        );
      }
      return pairs;
    },
  };
}

function missing({ database, rows }: ProfileContext, columns: readonly DescribedColumn[]): Task {
  const partly = columns.filter(({ figures }) => figures.nulls > 0 && figures.nulls < rows);
  const { taken, omitted } = withinBudget(
    partly.map(({ column }) => ({ ...column, isTarget: column.spec.role === 'target' })),
    ({ length }) => length,
  );
  const pairs = pairsOf(taken);
  return {
    method: 'missing',
    omitted,
    ids: idsOf(pairs.flat()),
    run: async (relation) => defined(pairs, await missingTogether(database, relation, pairs)),
  };
}

function idsOf(columns: readonly { readonly id: string }[]): string[] {
  return [...new Set(columns.map(({ id }) => id))];
}

type Named = { readonly name: string };

/** The pairs for which there is a value. */
function defined(pairs: readonly (readonly [Named, Named])[], values: readonly (number | null)[]): Pair[] {
  return pairs.flatMap(([a, b], index) => {
    const value = values[index] ?? null;
    return value === null ? [] : [{ a: a.name, b: b.name, value }];
  });
}
