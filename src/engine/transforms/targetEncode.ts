import type { targetEncode as declared } from '../../config/transforms/targetEncode';
import { double, finite, text, type Database } from '../duckdb';
import type { StageColumn } from '../schema';
import { categoryOf, lookUp, lookupOf } from './categories';
import { crossFit } from './crossFit';
import { StepError } from './stepError';
import { columnNamed, columnsNamed, replaced, type Table } from './table';
import type { FitContext, Fitting, ParametersOf } from './transform';

interface Means extends Record<string, unknown> {
  readonly target: string;
  /** Of a target of text: the value that counts 1. */
  readonly positive?: string;
  /** Of all training rows; null where none of them has a target. */
  readonly mean: number | null;
  /** A row's fold is the place of md5(`seed|id`) among the training rows, modulo `folds`. */
  readonly folds: number;
  readonly seed: number;
  readonly columns: readonly { readonly column: string; readonly lookup: string }[];
}

/**
 * As scikit-learn's `TargetEncoder` with a number for `smooth`. Missing values are a category; rows without a target
 * teach nothing. What the training rows get is not in `fitted`: they are encoded once, each fold by the others.
 */
export const targetEncode: Fitting<ParametersOf<typeof declared>, Means> = {
  fit: async ({ columns, target, smoothing, folds }, table, context) => {
    const goal = targetOf(table, target, [columns].flat());
    const positive = goal.type === 'string' ? await positiveOf(goal, context) : undefined;
    const looked = columnsNamed(table, columns);
    return context.database.inOrder(async () => {
      const value = numberOf(goal, positive);
      const rows = `(SELECT *, ${value} AS y FROM ${context.training} ORDER BY id)`;
      const whole = await context.database.row(`SELECT kahan_sum(y) / count(y) AS mean FROM ${rows}`);
      const mean = typeof whole['mean'] === 'number' ? whole['mean'] : null;
      const learned: { column: string; lookup: string }[] = [];
      for (const column of looked)
        learned.push({ column: column.name, lookup: await meansOf(column, rows, mean, smoothing, context.database) });
      const { seed } = context;
      return { target: goal.name, ...(positive !== undefined && { positive }), mean, folds, seed, columns: learned };
    });
  },
  apply: async ({ columns, smoothing }, table, context, fitted) => {
    const { training, database, freshName } = context;
    const others =
      training === undefined
        ? undefined
        : await crossFit(
            fitted.columns.map(({ column }) => columnNamed(table, column)),
            numberOf(columnNamed(table, fitted.target), fitted.positive),
            { database, freshName, training, smoothing, folds: fitted.folds, seed: fitted.seed },
          );
    const values = new Map<string, string>();
    const joins = others ? [others.join] : [];
    for (const { column, lookup } of fitted.columns) {
      const all = await lookUp(columnNamed(table, column), lookup, context);
      const value = `coalesce(${all.number}, ${fitted.mean === null ? 'NULL' : double(fitted.mean)})`;
      const own = others?.columns.get(column);
      joins.push(all.join, ...(own ? [own.join] : []));
      values.set(column, others && own ? `CASE WHEN ${others.trained} THEN ${own.number} ELSE ${value} END` : value);
    }
    return {
      ...replaced(table, columns, ({ name }) => ({ value: values.get(name) ?? 'NULL', type: 'number' })),
      joins,
    };
  },
};

/** What each category becomes outside the training rows. */
async function meansOf(
  column: StageColumn,
  rows: string,
  mean: number | null,
  smoothing: number,
  database: Database,
): Promise<string> {
  const sums = await database.rows(
    `SELECT category, sum, rows FROM (SELECT ${categoryOf(column)} AS category, coalesce(kahan_sum(y), 0) AS sum, ` +
      `count(y)::DOUBLE AS rows FROM ${rows} AS t GROUP BY category) ORDER BY category NULLS LAST`,
  );
  return lookupOf(
    sums.map(({ category, sum, rows: count }) => {
      const weight = Number(count) + smoothing;
      return {
        category: category === null ? null : String(category),
        number: mean === null || weight === 0 ? mean : (Number(sum) + smoothing * mean) / weight,
      };
    }),
  );
}

/** Throws when there is no target, or one of the columns is. */
function targetOf(table: Table, target: string | undefined, columns: readonly string[]): StageColumn {
  if (target !== undefined) return columnNamed(table, target);
  const [goal, ...more] = table.columns.filter(({ spec }) => spec.role === 'target');
  const wrong =
    goal === undefined
      ? 'No column has the role `target`.'
      : more.length > 0
        ? 'More than one column has the role `target`.'
        : columns.includes(goal.name)
          ? `The target \`${goal.name}\` cannot be encoded by itself.`
          : !['integer', 'number', 'boolean', 'string'].includes(goal.type)
            ? `The target \`${goal.name}\` is of type ${goal.type}, which has no mean.`
            : undefined;
  if (goal && wrong === undefined) return goal;
  throw new StepError({
    code: 'transform-step',
    message: wrong ?? '',
    suggestion: 'Name another column as `target` of the step.',
    at: [],
  });
}

/** Throws when a target of text has more than two values. */
async function positiveOf({ id, name }: StageColumn, { database, training }: FitContext): Promise<string | undefined> {
  const found = await database.rows(
    `SELECT DISTINCT ${id} AS value FROM ${training} WHERE ${id} IS NOT NULL ORDER BY value LIMIT 3`,
  );
  if (found.length > 2) {
    throw new StepError({
      code: 'transform-step',
      message: `The target \`${name}\` has more than two values, and is no number: it has no mean.`,
      suggestion: 'Name another column as `target` of the step, or make one that is a number with `derive`.',
      at: [],
      column: name,
    });
  }
  const last = found.at(-1)?.['value'];
  return last === undefined ? undefined : String(last);
}

/** SQL of the target as a number. */
function numberOf({ id, type }: StageColumn, positive: string | undefined): string {
  if (type === 'boolean') return `${id}::INTEGER::DOUBLE`;
  if (type !== 'string') return finite(id);
  return positive === undefined ? 'NULL::DOUBLE' : `(${id} = ${text(positive)})::INTEGER::DOUBLE`;
}
