import type { bin as declared } from '../../config/transforms/bin';
import { double, textList } from '../duckdb';
import { quantiles } from './quantiles';
import { StepError } from './stepError';
import { columnsNamed, replaced } from './table';
import type { FittingAtTimes, ParametersOf } from './transform';

/** No edges where the training rows have no value, one where all are the same. */
interface Fitted extends Record<string, unknown> {
  readonly columns: readonly { readonly column: string; readonly edges: readonly number[] }[];
}

/** As scikit-learn's `KBinsDiscretizer`: a bin begins with its lower edge, the last one also has its upper edge. */
export const bin: FittingAtTimes<ParametersOf<typeof declared>, Fitted> = {
  fit: async ({ columns, uniform, quantile = 1, labels }, table, context) => {
    const looked = columnsNamed(table, columns);
    const shares =
      uniform === undefined ? Array.from({ length: quantile + 1 }, (_, index) => index / quantile) : [0, 1];
    const found = await quantiles(looked, shares, context);
    const learned = looked.map(({ name: column }) => {
      const points = found.get(column) ?? [];
      return { column, edges: [...new Set(uniform === undefined ? points : evenly(points, uniform))] };
    });
    for (const { column, edges } of labels === undefined ? [] : learned) {
      const bins = Math.max(1, edges.length - 1);
      if (edges.length === 0 || bins === labels?.length) continue;
      throw new StepError({
        code: 'transform-step',
        at: ['labels'],
        column,
        message: `The values of ${column} repeat so often that there are only ${bins === 1 ? '1 bin' : `${bins} bins`} for ${labels?.length} labels.`,
        suggestion: 'Ask for fewer bins, write `edges`, or leave the labels out.',
      });
    }
    return { columns: learned };
  },
  apply: ({ columns, edges, labels }, table, _, fitted) =>
    replaced(table, columns, ({ name, id }) => {
      const own = edges ?? fitted?.columns.find(({ column }) => column === name)?.edges ?? [];
      const type = labels === undefined ? ('integer' as const) : ('string' as const);
      const number = binNumber(`${id}::DOUBLE`, own, edges !== undefined);
      return { value: labels === undefined ? number : `list_extract(${textList(labels)}, ${number} + 1)`, type };
    }),
};

/** As NumPy's `linspace`. */
function evenly(extremes: readonly number[], bins: number): readonly number[] {
  const [low, high] = extremes;
  if (low === undefined || high === undefined) return [];
  const step = (high - low) / bins;
  return Array.from({ length: bins + 1 }, (_, index) => (index === bins ? high : low + index * step));
}

/** @param bounded whether values outside the edges have no bin; else they are in the first and the last */
function binNumber(value: string, edges: readonly number[], bounded: boolean): string {
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined) return 'NULL::BIGINT';
  const above = edges.slice(1, -1).map((edge) => `(${value} >= ${double(edge)})::BIGINT`);
  const inside = bounded ? `${value} BETWEEN ${double(first)} AND ${double(last)}` : `NOT isnan(${value})`;
  return `CASE WHEN ${inside} THEN ${above.length === 0 ? '0::BIGINT' : `(${above.join(' + ')})::BIGINT`} END`;
}
