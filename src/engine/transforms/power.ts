import { double, finite } from '../duckdb';
import type { power as declared } from '../../config/transforms/scale';
import type { StageColumn } from '../schema';
import { minimum } from './brent';
import { columnsNamed, replaced } from './table';
import type { FitContext, Fitting, ParametersOf } from './transform';
import { curveOf, logOf, transformed, type YeoJohnson } from './yeoJohnson';

interface Curve extends YeoJohnson {
  readonly mean: number;
  readonly deviation: number;
}

interface Curves extends Record<string, unknown> {
  /** Without a curve: the training rows have no value. */
  readonly columns: readonly { readonly column: string; readonly curve?: Curve }[];
}

/** As scikit-learn's `PowerTransformer`: the likeliest lambda, then mean 0 and population deviation 1. */
export const power: Fitting<ParametersOf<typeof declared>, Curves> = {
  fit: async ({ columns }, table, context) => {
    const learned: { column: string; curve?: Curve }[] = [];
    for (const column of columnsNamed(table, columns)) {
      const curve = await context.database.inOrder(() => fitCurve(column, context));
      learned.push({ column: column.name, ...(curve && { curve }) });
    }
    return { columns: learned };
  },
  apply: ({ columns }, table, _, fitted) =>
    replaced(table, columns, ({ name, id }) => {
      const curve = fitted.columns.find(({ column }) => column === name)?.curve;
      if (!curve) return { value: 'NULL::DOUBLE', type: 'number' };
      const value = transformed(`(${logOf(`${id}::DOUBLE`)})`, `${id} < 0`, curve);
      // What is missing is not below 0, and its logarithm is missing.
      return { value: `((${value}) - ${double(curve.mean)}) / ${double(curve.deviation || 1)}`, type: 'number' };
    }),
};

/** As far from 1 as a power may be so that the squares of the results are numbers; scipy has the same bounds. */
const LOG_LARGEST = (Math.log(Number.MAX_VALUE) + Math.log(Number.EPSILON)) / 2;
const LOG_LEAST = (Math.log(2 ** -1022) - Math.log(Number.EPSILON)) / 2;
const ROOM_FOR_NEW_VALUES = 20;
const TOLERANCE = 1.48e-8;

/** Runs in order: its sums would differ in their last bits, and lambda then in more than that. */
async function fitCurve(
  { id }: StageColumn,
  { database, training, freshName }: FitContext,
): Promise<Curve | undefined> {
  const values = freshName();
  await database.run(
    `CREATE TABLE ${values} AS SELECT x, ${logOf('x')} AS log FROM (SELECT ${finite(id)} AS x FROM ${training} ORDER BY id) WHERE x IS NOT NULL`,
  );
  try {
    const found = await database.row(
      `SELECT count(*)::DOUBLE AS rows, min(x) AS least, max(x) AS largest, min(log) AS min, max(log) AS max, ` +
        `coalesce(kahan_sum(CASE WHEN x < 0 THEN -log ELSE log END), 0) AS sum FROM ${values}`,
    );
    const [rows, least, largest, min, max, sum] = ['rows', 'least', 'largest', 'min', 'max', 'sum'].map((key) =>
      Number(found[key]),
    ) as [number, number, number, number, number, number];
    if (rows === 0) return undefined;
    const standardised = async (curve: YeoJohnson): Promise<Curve> => {
      const value = transformed('log', 'x < 0', curve);
      const { mean } = await database.row(`SELECT kahan_sum(${value}) / count(*) AS mean FROM ${values}`);
      const centred = `(${value}) - ${double(Number(mean))}`;
      const { deviation } = await database.row(
        `SELECT sqrt(kahan_sum((${centred}) ** 2) / count(*)) AS deviation FROM ${values}`,
      );
      return { ...curve, mean: Number(mean), deviation: Number(deviation) };
    };
    if (least === largest) return await standardised({ lambda: 1, origin: 0, side: 0 });
    const spread = { min, max, side: least >= 0 ? 1 : largest < 0 ? -1 : 0 } as const;
    const unlikelihood = async (lambda: number): Promise<number> => {
      const curve = await standardised(curveOf(lambda, spread));
      const bend = (spread.side === -1 ? 2 - lambda : lambda) * curve.origin;
      const likelihood = -rows * (Math.log(curve.deviation) + bend) + (lambda - 1) * sum;
      return Number.isFinite(likelihood) ? -likelihood : Infinity;
    };
    const most = Math.log1p(ROOM_FOR_NEW_VALUES * Math.expm1(max));
    const [lower, upper] = [LOG_LEAST / most, LOG_LARGEST / most];
    const [from, to] = {
      [1]: [lower, upper],
      [-1]: [2 - upper, 2 - lower],
      [0]: [Math.max(2 - upper, lower), Math.min(2 - lower, upper)],
    }[spread.side] as [number, number];
    return await standardised(curveOf(await minimum(unlikelihood, from, to, TOLERANCE), spread));
  } finally {
    await database.run(`DROP TABLE ${values}`);
  }
}
