import { commonType, oldValue, type map as declared } from '../../config/transforms/map';
import { double, literal } from '../duckdb';
import { columnTypeOf, comparison, misfit, physicalType, type StageColumn } from '../schema';
import { misfits } from './misfits';
import { StepError } from './stepError';
import { columnNamed, replaced, type NewColumn } from './table';
import { asText } from './texts';
import type { ParametersOf, Unfitted } from './transform';

type Parameters = ParametersOf<typeof declared>;

export const map: Unfitted<Parameters> = {
  apply: async (parameters, table, { database }) => {
    for (const name of [parameters.columns].flat()) {
      const column = columnNamed(table, name);
      const matches = matchesOf(column, parameters);
      if (parameters.other !== 'fail') continue;
      const found = await misfits(
        database,
        table,
        column.id,
        `${column.id} IS NOT NULL AND NOT (${matches.join(' OR ')})`,
      );
      if (!found) continue;
      throw new StepError({
        code: 'transform-values',
        at: ['values'],
        column: name,
        message: `${found.count === 1 ? '1 row has a value' : `${found.count} rows have values`} of ${name} that the map does not name.`,
        suggestion: 'Add the values, or say what becomes of them: `other: keep` or `other: null`.',
        ...found,
      });
    }
    return replaced(table, parameters.columns, (column) => mapped(column, parameters));
  },
};

/** For each of the values in the map, SQL that is true for it. */
function matchesOf(column: StageColumn, { values }: Parameters): string[] {
  const olds = Object.keys(values).map((key) => {
    const old = oldValue(columnTypeOf(column.physicalType), key);
    const held = misfit(column, old, false);
    if (held === undefined) return old;
    throw new StepError({
      code: 'transform-step',
      at: ['values', key],
      column: column.name,
      message: `The values of ${column.name} are ${held}, and \`${key}\` is none.`,
    });
  });
  const { value, literals } = comparison(column.id, column, olds, false);
  return literals.map((each) => `${value} = ${each}`);
}

function mapped(column: StageColumn, parameters: Parameters): Omit<NewColumn, 'name'> {
  const { values, other } = parameters;
  const news = Object.values(values);
  const common = commonType(news.filter((value) => value !== null));
  // The config has refused values of several types.
  const made = common === 'mixed' ? undefined : common;
  const cases = matchesOf(column, parameters).map((condition, index) => {
    const value = news[index] ?? null;
    return `WHEN ${condition} THEN ${typeof value === 'number' && made === 'number' ? double(value) : literal(value)}`;
  });
  const ended = (rest: string) => `CASE ${cases.join(' ')} ELSE ${rest} END`;
  if (other !== 'keep') {
    const physical = made === undefined ? column.physicalType : physicalType(made);
    return { value: ended(`NULL::${physical}`), type: made ?? column.type };
  }
  // Whole numbers beside others are numbers.
  if (made === 'number' && column.type === 'integer') return { value: ended(`${column.id}::DOUBLE`), type: 'number' };
  return { value: ended(made === 'string' ? asText(column) : column.id), type: column.type };
}
