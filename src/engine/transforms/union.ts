import type { union as declared } from '../../config/transforms/union';
import { listed, numeric, textual } from '../../config/transforms/transform';
import type { ColumnType } from '../../protocol';
import type { StageColumn } from '../schema';
import { StepError, type StepProblem } from './stepError';
import type { NewColumn, Side } from './table';
import type { ParametersOf, TransformContext, Unfitted } from './transform';

type Parameters = ParametersOf<typeof declared>;

/** By the names of the columns, as `UNION ALL BY NAME` and pandas' `concat`, but that a column more is not taken unawares. */
export const union: Unfitted<Parameters> = {
  apply: async ({ extraColumns }, table, { database, side }) => {
    if (!side) throw new Error('A union needs other files');
    const names = new Set(table.columns.map(({ name }) => name));
    const extra = [...side.held.keys()].filter((name) => !names.has(name));
    if (extra.length > 0 && extraColumns === 'error') throw tooMany(extra, side);
    const missing = [...names].filter((name) => !side.held.has(name));
    const columns: (StageColumn | NewColumn)[] = [];
    const values: string[] = [];
    for (const here of table.columns) {
      const there = side.held.has(here.name) ? side.columns.find(({ name }) => name === here.name) : undefined;
      if (!there) {
        columns.push(here);
        values.push('NULL');
        continue;
      }
      const other = [there.type, ...(side.held.get(here.name) ?? [])].find((type) => !fits(here.type, type));
      if (other !== undefined) throw clash(here, other, side);
      const common = await commonType(here, there, database);
      columns.push(
        common === here.physicalType ? here : { name: here.name, value: `t.${here.id}::${common}`, type: here.type },
      );
      values.push(`s.${there.id}::${common}`);
    }
    return {
      columns,
      more: { side, values },
      ...(missing.length > 0 && { warnings: [tooFew(missing, side)] }),
    };
  },
};

/** Whether values of a type can stand among those of a column. */
function fits(column: ColumnType, type: ColumnType): boolean {
  return (
    column === type ||
    (column === 'number' && type === 'integer') ||
    (textual.includes(column) && textual.includes(type)) ||
    // What has no type of its own in files is text there.
    (!numeric.includes(column) && type === 'string' && !['boolean', 'date', 'datetime', 'time'].includes(column))
  );
}

/** The engine's type for the values of both. */
async function commonType(
  { physicalType: here }: StageColumn,
  { physicalType: there }: StageColumn,
  database: TransformContext['database'],
): Promise<string> {
  if (here === there) return here;
  const [made] = await database.describe(`SELECT NULL::${here} AS value UNION ALL SELECT NULL::${there}`);
  return (made?.type ?? here).replace(/^U?HUGEINT$/, 'DECIMAL(38,0)');
}

function clash(here: StageColumn, type: ColumnType, { name }: Side): StepError {
  return new StepError({
    code: 'transform-step',
    at: [],
    column: here.name,
    message: `The column \`${here.name}\` is of type ${here.type}, and in ${name} of type ${type}.`,
    suggestion:
      'Cast one of them: the column here with a step `cast` before this one, or there in a dataset of its own.',
  });
}

function tooMany(extra: readonly string[], { name }: Side): StepError {
  return new StepError({
    code: 'transform-step',
    at: [],
    message: `${name} has columns that are not here: ${listed(extra)}.`,
    suggestion: 'Rename them there if they are meant to be others, or leave them out with `extraColumns: ignore`.',
  });
}

function tooFew(missing: readonly string[], { name }: Side): StepProblem {
  return {
    code: 'union-missing',
    at: [],
    count: missing.length,
    message: `${name} has no ${listed(missing)}; ${missing.length === 1 ? 'it is' : 'they are'} missing in the rows from there.`,
    suggestion: 'Check the names, or fill the values with a step after this one.',
  };
}
