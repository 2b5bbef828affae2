/** Columns of text in which most values are numbers or dates. */
import { thresholdFor, type MixedTypesParameters } from '../../config';
import { asNumbers, asTimes, readingOf, readsAsDate, readsAsNumber, semanticOfTexts } from '../statistics';
import { percent, valuesOf } from '../words';
import type { Check, CheckContext, CheckedColumn, CheckFinding } from './check';
import { firstRows } from './firstRows';
import { narrowed, nothingToLookAt, type Narrowed } from './narrowed';
import { reached } from './severity';

export const mixedTypes: Check<MixedTypesParameters> = {
  name: 'mixed_types',
  run: async (context, { thresholds, where }) => {
    const looked = await narrowed(context, where);
    if (looked.rows === 0) return nothingToLookAt(context);
    const texts = context.columns.filter(isText);
    if (texts.length === 0) return { skipped: 'There are no columns of text.' };
    const count = async (condition: string) => Number(await context.aggregate(`count_if(${looked.among(condition)})`));
    const counted = await Promise.all(
      texts.map(async (column) => {
        const { id } = column;
        const counts = [`${id} IS NOT NULL`, readsAsNumber(id), readsAsDate(id)].map(count);
        const [values = 0, numbers = 0, dates = 0] = await Promise.all(counts);
        return { column, values, numbers, dates };
      }),
    );
    const findings: CheckFinding[] = [];
    for (const { column, values, numbers, dates } of counted) {
      if (values === 0) continue;
      const threshold = thresholdFor(thresholds, column.name);
      const kind = reached(threshold, numbers / values) ? 'numbers' : 'dates';
      const read = kind === 'numbers' ? numbers : dates;
      const severity = read > 0 ? reached(threshold, read / values) : undefined;
      if (!severity) continue;
      const shape = await shapeOf(context, column, looked);
      // Names of rows may look like numbers; they are none.
      if (namesRows(column, shape, values)) continue;
      const found = { kind, read, values, distinct: shape.distinct } as const;
      findings.push({ ...(await finding(context, column, looked, found)), severity });
    }
    return { findings };
  },
};

function isText({ physicalType, spec: { type = 'string', role } }: CheckedColumn): boolean {
  return physicalType === 'VARCHAR' && type === 'string' && role !== 'id' && role !== 'group';
}

interface Shape {
  readonly distinct: number;
  readonly spaced: boolean;
  readonly meanLength: number;
  readonly maxLength: number;
}

async function shapeOf({ database }: CheckContext, { id }: CheckedColumn, { relation }: Narrowed): Promise<Shape> {
  const row = await database.row(
    `SELECT count(DISTINCT ${id}) AS different, max(length(${id})) AS longest, avg(length(${id})) AS mean, ` +
      `coalesce(bool_or(contains(${id}, ' ')), false) AS spaced FROM ${relation}`,
  );
  return {
    ...{ distinct: Number(row['different']), spaced: row['spaced'] === true },
    ...{ meanLength: Number(row['mean']), maxLength: Number(row['longest']) },
  };
}

function namesRows({ name, id, physicalType, spec }: CheckedColumn, shape: Shape, count: number): boolean {
  const column = { name, id, type: 'string', physicalType, spec } as const;
  return semanticOfTexts(column, { ...shape, count, unique: shape.distinct === count }) === 'identifier';
}

interface Read {
  readonly kind: 'numbers' | 'dates';
  /** How many values read so, of how many. */
  readonly read: number;
  readonly values: number;
  /** Different ones among them. */
  readonly distinct: number;
}

/** Chooses the texts by which the formats of dates are chosen. */
const SEED = 0;

/** The values that read otherwise are shown; where there are none, the first ones. */
async function finding(
  context: CheckContext,
  { id, name }: CheckedColumn,
  { among, relation }: Narrowed,
  { kind, read, values, distinct }: Read,
): Promise<Omit<CheckFinding, 'severity'>> {
  const others = values - read;
  const reads = kind === 'numbers' ? readsAsNumber(id) : readsAsDate(id);
  const shown = await firstRows(context, among(`${id} IS NOT NULL AND ${others > 0 ? 'NOT ' : ''}(${reads})`), id);
  const what = kind === 'numbers' ? 'numbers' : 'dates or times';
  const rest = others > 0 ? `, all but ${valuesOf(others)}` : '';
  const table = `(SELECT ${id} AS v, count(*) AS n FROM ${relation} WHERE ${id} IS NOT NULL GROUP BY 1)`;
  const texts = { table, values, distinct, weight: 1 };
  const counts = kind === 'numbers' ? { numbers: read, dates: 0 } : { numbers: 0, dates: read };
  const reading = await readingOf({ database: context.database, seed: SEED }, texts, counts);
  const steps = kind === 'numbers' ? asNumbers(name, reading, values) : asTimes(name, reading, values);
  return {
    code: `${kind}-as-text`,
    message: `${name} is text, and ${percent(read / values)} of its values read as ${what}${rest}.`,
    column: name,
    count: others > 0 ? others : read,
    ...shown,
    suggestion: `${steps} If it is text, allow it under \`checks.mixed_types.columns\`.`,
    configPath: ['schema', 'columns', name],
  };
}
