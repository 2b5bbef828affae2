/** Columns of text in which most values are numbers or dates. */
import { thresholdFor, type MixedTypesParameters } from '../../config';
import { readsAsDate, readsAsNumber, semanticOfTexts } from '../statistics';
import { inYaml, percent, valuesOf } from '../words';
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
      // Names of rows may look like numbers; they are none.
      if (!severity || (await namesRows(context, column, looked, values))) continue;
      findings.push({ ...(await finding(context, column, looked, { kind, read, values })), severity });
    }
    return { findings };
  },
};

function isText({ physicalType, spec: { type = 'string', role } }: CheckedColumn): boolean {
  return physicalType === 'VARCHAR' && type === 'string' && role !== 'id' && role !== 'group';
}

async function namesRows(
  { database }: CheckContext,
  column: CheckedColumn,
  { relation }: Narrowed,
  count: number,
): Promise<boolean> {
  const { id, name, physicalType, spec } = column;
  const row = await database.row(
    `SELECT count(DISTINCT ${id}) AS different, max(length(${id})) AS longest, avg(length(${id})) AS mean, ` +
      `coalesce(bool_or(contains(${id}, ' ')), false) AS spaced FROM ${relation}`,
  );
  const distinct = Number(row['different']);
  const semantic = semanticOfTexts(
    { name, id, type: 'string', physicalType, spec },
    {
      ...{ count, distinct, unique: distinct === count, spaced: row['spaced'] === true },
      ...{ meanLength: Number(row['mean']), maxLength: Number(row['longest']) },
    },
  );
  return semantic === 'identifier';
}

interface Read {
  readonly kind: 'numbers' | 'dates';
  /** How many values read so, of how many. */
  readonly read: number;
  readonly values: number;
}

/** The values that read otherwise are shown; where there are none, the first ones. */
async function finding(
  context: CheckContext,
  { id, name }: CheckedColumn,
  { among }: Narrowed,
  { kind, read, values }: Read,
): Promise<Omit<CheckFinding, 'severity'>> {
  const others = values - read;
  const reads = kind === 'numbers' ? readsAsNumber(id) : readsAsDate(id);
  const shown = await firstRows(context, among(`${id} IS NOT NULL AND ${others > 0 ? 'NOT ' : ''}(${reads})`), id);
  const what = kind === 'numbers' ? 'numbers' : 'dates or times';
  const rest = others > 0 ? `, all but ${valuesOf(others)}` : '';
  const type = kind === 'numbers' ? 'number' : 'datetime';
  const step = `\`cast: { columns: { ${inYaml(name)}: ${type} }, onError: null }\``;
  return {
    code: `${kind}-as-text`,
    message: `${name} is text, and ${percent(read / values)} of its values read as ${what}${rest}.`,
    column: name,
    count: others > 0 ? others : read,
    ...shown,
    suggestion:
      others > 0
        ? `Correct the others, or name them in \`nullValues\` of the source if they stand for missing ones; ${step} makes them missing. If it is text, allow it under \`checks.mixed_types.columns\`.`
        : `Declare another \`type\` for it, or turn it into ${what} with ${step}.`,
    configPath: ['schema', 'columns', name],
  };
}
