import type { fillMissing as declared } from '../../config/transforms/fillMissing';
import type { Scalar } from '../../protocol';
import { finite, text } from '../duckdb';
import { misfit, type StageColumn } from '../schema';
import { categoryOf } from './categories';
import { meansAndDeviations } from './moments';
import { quantiles } from './quantiles';
import { StepError } from './stepError';
import { columnNamed, columnsNamed, replaced, type NewColumn, type Table } from './table';
import type { FitContext, FittingAtTimes, ParametersOf, TransformContext } from './transform';

type Parameters = ParametersOf<typeof declared>;
type Strategy = 'mean' | 'median' | 'mode';

/** Null where the training rows have no value. */
interface Fills extends Record<string, unknown> {
  readonly columns: readonly {
    readonly column: string;
    readonly value: Scalar | null;
    /** JSON of two lists, one text of the manifest: there may be as many groups as rows. */
    readonly groups?: string;
  }[];
}

export const fillMissing: FittingAtTimes<Parameters, Fills> = {
  fit: async ({ columns, strategy, groupBy }, table, context) => {
    const looked = columnsNamed(table, columns);
    const learning = strategy as Strategy;
    const values = await overall(looked, learning, context);
    const filled: { column: string; value: Scalar | null; groups?: string }[] = [];
    for (const column of looked)
      filled.push({
        column: column.name,
        value: values.get(column.name) ?? null,
        ...(groupBy !== undefined && { groups: await byGroup(column, learning, keyOf(groupBy, table), context) }),
      });
    return { columns: filled };
  },
  apply: async (parameters, table, context, fitted) => {
    const { columns, strategy, groupBy } = parameters;
    if (strategy === 'forward' || strategy === 'backward') return neighbours(parameters, table);
    const joins: string[] = [];
    const fills = new Map<string, string[]>();
    for (const name of new Set([columns].flat())) {
      const column = columnNamed(table, name);
      const learned = fitted?.columns.find((each) => each.column === name);
      const value = fitted ? (learned?.value ?? null) : await constant(column, parameters, context);
      const fill: string[] = [];
      if (learned?.groups !== undefined && groupBy !== undefined) {
        const groups = await lookUp(learned.groups, keyOf(groupBy, table), context);
        joins.push(groups.join);
        fill.push(groups.value);
      }
      if (value !== null) fill.push(text(String(value)));
      fills.set(name, fill);
    }
    const change = replaced(table, columns, (column) => filledWith(column, fills.get(column.name) ?? [], strategy));
    return joins.length > 0 ? { ...change, joins } : change;
  },
};

/** @param fills SQL of texts of values, of which the first that is there is taken */
function filledWith(
  { id, physicalType, type }: StageColumn,
  fills: readonly string[],
  strategy: string,
): Omit<NewColumn, 'name'> {
  const becomes = strategy === 'mean' || strategy === 'median' ? 'number' : type;
  const physical = becomes === type ? physicalType : 'DOUBLE';
  const casts = fills.map((fill) => `CAST(${fill} AS ${physical})`);
  return { value: `coalesce(${[`CAST(t.${id} AS ${physical})`, ...casts].join(', ')})`, type: becomes };
}

/** SQL of what rows of `t` agree in that are of one group. */
function keyOf(groupBy: string | readonly string[], table: Table): string {
  return `[${columnsNamed(table, groupBy).map(categoryOf).join(', ')}]`;
}

async function overall(
  columns: readonly StageColumn[],
  strategy: Strategy,
  context: FitContext,
): Promise<ReadonlyMap<string, Scalar | null>> {
  if (strategy === 'mean') {
    const moments = await meansAndDeviations(columns, context);
    return new Map(moments.map(({ column, mean }) => [column, mean]));
  }
  if (strategy === 'median') {
    const medians = await quantiles(columns, [0.5], context);
    return new Map(columns.map(({ name }) => [name, medians.get(name)?.[0] ?? null]));
  }
  const modes = new Map<string, Scalar | null>();
  for (const column of columns) {
    const { value } = await context.database.row(
      `SELECT CAST(${mostFrequent} AS VARCHAR) AS value FROM (${counted(column, "''", context)})`,
    );
    modes.set(column.name, typeof value === 'string' ? asScalar(value, column) : null);
  }
  return modes;
}

/** Of equally frequent values the smallest, as scikit-learn's `SimpleImputer`. */
const mostFrequent = 'first(value ORDER BY rows DESC, value)';

/** SQL of the values of a column in each group, and how often each occurs. */
function counted(column: StageColumn, key: string, { training }: FitContext): string {
  const number = finite(`t.${column.id}`);
  // 0 and -0 are one value, written 0.
  const value = column.type === 'number' ? `CASE WHEN ${number} = 0 THEN 0 ELSE ${number} END` : `t.${column.id}`;
  return (
    `SELECT key, value, count(*) AS rows FROM (SELECT ${key} AS key, ${value} AS value FROM ${training} AS t) ` +
    `WHERE value IS NOT NULL GROUP BY ALL`
  );
}

/** As the manifest holds it: numbers as numbers if JavaScript's hold all their digits. */
function asScalar(value: string, { type, physicalType }: StageColumn): Scalar {
  if (type === 'boolean') return value === 'true';
  const number = Number(value);
  const kept = type === 'integer' ? Number.isSafeInteger(number) : physicalType === 'DOUBLE';
  return kept ? number : value;
}

/** The groups that have a value, and its text. */
async function byGroup(column: StageColumn, strategy: Strategy, key: string, context: FitContext): Promise<string> {
  const rows = `(SELECT ${key} AS key, ${finite(`t.${column.id}`)} AS value, t.id FROM ${context.training} AS t)`;
  const learned = {
    // Sums of floating point numbers depend on their order.
    mean: `SELECT key, kahan_sum(value ORDER BY id) / count(value) AS value FROM ${rows} GROUP BY key`,
    median: `SELECT key, quantile_cont(value, 0.5) AS value FROM ${rows} GROUP BY key`,
    mode: `SELECT key, ${mostFrequent} AS value FROM (${counted(column, key, context)}) GROUP BY key`,
  };
  const row = await context.database.row(
    `SELECT CAST(to_json({keys: list(key ORDER BY key), values: list(CAST(value AS VARCHAR) ORDER BY key)}) AS VARCHAR) AS groups ` +
      `FROM (${learned[strategy]}) WHERE value IS NOT NULL`,
  );
  return String(row['groups']);
}

/** Looks the value of a row's group up. */
async function lookUp(
  groups: string,
  key: string,
  { database, freshName }: TransformContext,
): Promise<{ join: string; value: string }> {
  const name = freshName();
  const lists = `from_json(${text(groups)}, '{"keys": [["VARCHAR"]], "values": ["VARCHAR"]}')`;
  await database.run(
    `CREATE TABLE ${name} AS SELECT unnest(lists.keys) AS key, unnest(lists.values) AS value FROM (SELECT ${lists} AS lists)`,
  );
  return { join: `LEFT JOIN ${name} ON ${name}.key = ${key}`, value: `${name}.value` };
}

/** The value before or after in the order of the rows, within the group. */
function neighbours({ columns, strategy, groupBy }: Parameters, table: Table) {
  const groups = groupBy === undefined ? '' : `PARTITION BY ${keyOf(groupBy, table)} `;
  const [nearest, frame] =
    strategy === 'forward'
      ? ['last_value', 'UNBOUNDED PRECEDING AND CURRENT ROW']
      : ['first_value', 'CURRENT ROW AND UNBOUNDED FOLLOWING'];
  const names = [...new Set([columns].flat())];
  const found = names.map(
    (name, index) => `${nearest}(t.${columnNamed(table, name).id} IGNORE NULLS) OVER rows AS f${index}`,
  );
  const window = `WINDOW rows AS (${groups}ORDER BY t.id ROWS BETWEEN ${frame})`;
  return {
    ...replaced(table, names, ({ name, type }) => ({ value: `f.f${names.indexOf(name)}`, type })),
    joins: [
      `JOIN (SELECT t.id AS row, ${found.join(', ')} FROM ${table.relation} AS t ${window}) AS f ON f.row = t.id`,
    ],
  };
}

/** The constant of the config, if it is a value of the column. */
async function constant(
  column: StageColumn,
  { value = '' }: Parameters,
  { database }: TransformContext,
): Promise<Scalar> {
  const row = await database.row(`SELECT try_cast(${text(String(value))} AS ${column.physicalType}) IS NULL AS wrong`);
  const held = misfit(column, value, false);
  if (held === undefined && row['wrong'] !== true) return value;
  throw new StepError({
    code: 'transform-step',
    at: ['value'],
    column: column.name,
    message: `\`${value}\` is no value of ${column.name}, which ${held === undefined ? `cannot hold it` : `holds ${held}`}.`,
    suggestion: 'Correct the value, or cast the column first with a step `cast`.',
  });
}
