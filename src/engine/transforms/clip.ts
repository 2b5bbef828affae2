import type { clip as declared } from '../../config/transforms/clip';
import { double } from '../duckdb';
import { columnTypeOf, type StageColumn } from '../schema';
import { quantiles } from './quantiles';
import { columnsNamed, replaced } from './table';
import type { FittingAtTimes, ParametersOf } from './transform';

interface Bounds {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** Without bounds where the training rows have no value. */
interface Fitted extends Record<string, unknown> {
  readonly columns: readonly (Bounds & { readonly column: string })[];
}

export const clip: FittingAtTimes<ParametersOf<typeof declared>, Fitted> = {
  fit: async ({ columns, quantiles: shares = [] }, table, context) => {
    const looked = columnsNamed(table, columns);
    const found = await quantiles(looked, shares, context);
    return {
      columns: looked.map(({ name: column }) => {
        const [minimum, maximum] = found.get(column) ?? [];
        return { column, ...(minimum !== undefined && { minimum, maximum }) };
      }),
    };
  },
  apply: ({ columns, ...bounds }, table, _, fitted) =>
    replaced(table, columns, (column) => {
      const learned = fitted?.columns.find((each) => each.column === column.name);
      return clipped(column, learned ?? bounds, fitted === undefined);
    }),
};

/** @param exact whether whole numbers may stay whole */
function clipped({ id, physicalType }: StageColumn, { minimum, maximum }: Bounds, exact: boolean) {
  const whole =
    exact &&
    columnTypeOf(physicalType) === 'integer' &&
    [minimum, maximum].every((bound) => bound === undefined || Number.isSafeInteger(bound));
  const value = whole ? id : `${id}::DOUBLE`;
  const literal = (bound: number) => (whole ? String(bound) : double(bound));
  // To the engine NaN is above all numbers.
  const cases = [
    ...(whole ? [] : [`WHEN isnan(${value}) THEN ${value}`]),
    ...(minimum === undefined ? [] : [`WHEN ${value} < ${literal(minimum)} THEN ${literal(minimum)}`]),
    ...(maximum === undefined ? [] : [`WHEN ${value} > ${literal(maximum)} THEN ${literal(maximum)}`]),
  ];
  return {
    value: cases.length === 0 ? value : `CASE ${cases.join(' ')} ELSE ${value} END`,
    type: whole ? ('integer' as const) : ('number' as const),
  };
}
