/** What the baseline decides about a comparison: bins, how many of its rows fall into each, and what it is like. */
import type { DriftSettings } from '../../config';
import type { Database } from '../duckdb';
import { areValues, binsOf, eachValue, sharesFor, type Bins } from './bins';
import { countValues, type Counted } from './categories';
import { countWithin } from './histogram';
import { lookAt, type Look } from './look';
import { quantilesOf } from './quantiles';
import type { DriftRows } from './rows';
import { spreadsOf, type Spread } from './spread';
import type { VariableGroup, Numbers, Seen, Variable, Values } from './variable';

export interface GroupContext {
  readonly database: Database;
  readonly settings: DriftSettings;
  /** `all` metrics, or the deciding one and PSI. */
  readonly metrics: 'deciding' | 'all';
  /** Begins the names of tables that no other group has. */
  readonly name: string;
}

export interface PreparedGroup {
  readonly group: VariableGroup;
  readonly seen: Seen;
  readonly variables: readonly PreparedVariable[];
}

export interface PreparedVariable {
  readonly variable: Variable;
  readonly look: Look;
  readonly bins: Bins;
  /** Of bins with edges: how many numbers lie within each. */
  readonly counts: readonly number[];
  /** Of bins of values. */
  readonly counted?: Counted | undefined;
  /** Of numbers. */
  readonly shape?: Shape | undefined;
}

/** What charts and tables show of numbers. */
export interface Shape extends Spread {
  /** Between which the middle 98 % lie. */
  readonly low: number;
  readonly high: number;
}

/** Of variables over rows that somebody has looked at already; undefined where nobody has. */
export type KnownLooks = readonly (Look | undefined)[];

export async function prepareGroup(
  context: GroupContext,
  group: VariableGroup,
  baseline: DriftRows,
  known: KnownLooks = [],
): Promise<PreparedGroup> {
  const { database, name } = context;
  const seen = await group.look('baseline', baseline);
  const values = group.variables.map((variable) => variable.baseline);
  const looks = await looksOf(database, seen, values, known, true);
  const { bins, shapes } = await binsAndShapes(context, group, seen, looks);
  const counts = await countEdges(database, seen, values, bins);
  const counted = await countByValue(database, seen, values, bins, `${name}_baseline`);
  return {
    group,
    seen,
    variables: group.variables.flatMap((variable, index): PreparedVariable[] => {
      const [look, own] = [looks[index], bins[index]];
      if (!look || !own) return [];
      return [
        {
          ...{ variable, look, bins: own },
          ...{ counts: counts[index] ?? [], counted: counted[index], shape: shapes[index] },
        },
      ];
    }),
  };
}

/** @param sketch whether to count different values */
export async function looksOf(
  database: Database,
  seen: Seen,
  values: readonly Values[],
  known: KnownLooks,
  sketch: boolean,
): Promise<Look[]> {
  const unknown = values.filter((_, index) => known[index] === undefined);
  const looked = await lookAt(database, seen, unknown, sketch);
  return values.flatMap((_, index) => known[index] ?? looked.shift() ?? []);
}

async function binsAndShapes(
  { database, settings }: GroupContext,
  { variables }: VariableGroup,
  seen: Seen,
  looks: readonly Look[],
): Promise<{ bins: Bins[]; shapes: (Shape | undefined)[] }> {
  const asked = variables.map(({ column, property, baseline }, index) => {
    const look = looks[index];
    const own = property === undefined ? settings.columns[column]?.bins : undefined;
    const byValue = baseline.kind === 'categories' || !look || look.finite === 0 || (!own && areValues(look));
    return { spec: own ?? settings.bins, byValue };
  });
  const shares = [...new Set(asked.flatMap(({ spec }) => sharesFor(spec)))];
  const { quantiles, shapes } = await shapesOf(
    database,
    seen,
    variables.map(({ baseline }) => baseline),
    looks,
    shares,
  );
  const bins = asked.map(({ spec, byValue }, index): Bins => {
    const [look, values] = [looks[index], variables[index]?.baseline];
    if (byValue || !look || values?.kind !== 'numbers') return eachValue;
    const at = (share: number) => quantiles[index]?.[shares.indexOf(share)] ?? NaN;
    return binsOf(spec, sharesFor(spec).map(at), look, values.integer);
  });
  return { bins, shapes };
}

/**
 * @param more shares whose quantiles are wanted too, in their order
 * @param similar looks at other rows that know about how many different values there are
 */
export async function shapesOf(
  database: Database,
  seen: Seen,
  values: readonly Values[],
  looks: readonly Look[],
  more: readonly number[] = [],
  similar: readonly Look[] = looks,
): Promise<{ quantiles: (readonly number[] | undefined)[]; shapes: (Shape | undefined)[] }> {
  const places = [...values.keys()].filter((index) => isNumbers(values[index]) && looks[index]);
  const asked = places.flatMap((index) => {
    const [each, look] = [values[index], looks[index]];
    return isNumbers(each) && look ? [{ values: each, look, distinct: similar[index]?.distinct ?? NaN }] : [];
  });
  const found = await quantilesOf(database, seen, asked, [0.01, 0.5, 0.99, ...more]);
  const spreads = await spreadsOf(
    database,
    seen,
    asked.map((each, index) => ({ ...each, median: found[index]?.[1] ?? NaN })),
  );
  const of = <T>(list: readonly T[], index: number) => list[places.indexOf(index)];
  return {
    quantiles: values.map((_, index) => of(found, index)?.slice(3)),
    shapes: values.map((_, index) => {
      const [spread, quantiles] = [of(spreads, index), of(found, index)];
      return spread && { ...spread, low: quantiles?.[0] ?? NaN, high: quantiles?.[2] ?? NaN };
    }),
  };
}

function isNumbers(values: Values | undefined): values is Numbers {
  return values?.kind === 'numbers';
}

/** Empty where bins have no edges. */
export async function countEdges(
  database: Database,
  { relation }: Seen,
  values: readonly Values[],
  bins: readonly Bins[],
): Promise<(readonly number[])[]> {
  const asked = values.flatMap((each, index) => {
    const own = bins[index];
    return isNumbers(each) && own?.by === 'edges' ? [{ index, ranges: { values: each, edges: own.edges } }] : [];
  });
  const counts = await countWithin(
    database,
    relation,
    asked.map(({ ranges }) => ranges),
  );
  return values.map((_, index) => counts[asked.findIndex((each) => each.index === index)] ?? []);
}

/** Undefined where bins have edges. */
export async function countByValue(
  database: Database,
  seen: Seen,
  values: readonly Values[],
  bins: readonly Bins[],
  name: string,
): Promise<(Counted | undefined)[]> {
  const places = [...values.keys()].filter((index) => bins[index]?.by === 'values');
  const counted = await countValues(
    database,
    seen,
    places.flatMap((index) => values[index] ?? []),
    name,
  );
  return values.map((_, index) => counted[places.indexOf(index)]);
}
