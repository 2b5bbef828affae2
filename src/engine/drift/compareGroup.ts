/** The variables of one relation, compared with what the baseline decided about them. */
import type { DriftBinCounts, DriftProperty } from '../../protocol';
import { above, densityEdges } from './bins';
import { categoriesOf, dropCounted, type CategoryCounts } from './categories';
import { countWithin } from './histogram';
import type { Look } from './look';
import { measure, type MeasuredVariable } from './measure';
import {
  countByValue,
  countEdges,
  looksOf,
  shapesOf,
  type KnownLooks,
  type GroupContext,
  type PreparedGroup,
  type PreparedVariable,
} from './prepareGroup';
import type { DriftRows } from './rows';
import type { Seen, Side } from './variable';

/** What was found of one variable, before levels are held against it. */
export interface Found extends MeasuredVariable {
  readonly variable: PreparedVariable['variable'];
  readonly bins: DriftBinCounts;
  /** Of numbers. */
  readonly summary?: DriftProperty['summary'];
  readonly density?: DriftProperty['density'];
}

export interface Detail {
  /** Whether to tell what numbers are like on the current side too, and how dense they lie. */
  readonly summary: boolean;
  readonly density: boolean;
  /** Of the same variables over the same rows, where somebody has looked already. */
  readonly known?: KnownLooks;
  /** Told which variable is measured next, and the share of them that are. */
  readonly onVariable?: (share: number, column: string) => void;
}

/** One for each of the variables, in their order. */
export async function compareGroup(
  context: GroupContext,
  { group, seen: before, variables }: PreparedGroup,
  current: DriftRows,
  { summary, density: charted, known, onVariable }: Detail,
): Promise<Found[]> {
  const { database, name } = context;
  const now = await group.look('current', current);
  const values = variables.map(({ variable }) => variable.current);
  const bins = variables.map((variable) => variable.bins);
  const similar = variables.map(({ look }) => look);
  const looks = await looksOf(database, now, values, known ?? [], false);
  const within = await countEdges(database, now, values, bins);
  const counted = await countByValue(database, now, values, bins, `${name}_current`);
  const pairs = variables.flatMap((variable, index) => {
    const [a, b, look] = [variable.counted, counted[index], looks[index]];
    const rows = { baseline: variable.look.finite, current: look?.finite ?? 0 };
    return a && b ? [{ index, pair: { baseline: a, current: b, rows } }] : [];
  });
  const categories = await categoriesOf(
    database,
    pairs.map(({ pair }) => pair),
  );
  await dropCounted(
    database,
    counted.flatMap((each) => each ?? []),
  );
  const { shapes } = summary || charted ? await shapesOf(database, now, values, looks, [], similar) : { shapes: [] };
  const densities = charted ? await densitiesOf(context, { before, now }, variables, looks, shapes) : [];
  const found: Found[] = [];
  for (const [index, prepared] of variables.entries()) {
    const look = looks[index];
    if (!look) continue;
    onVariable?.(index / variables.length, prepared.variable.column);
    const own = categories[pairs.findIndex((pair) => pair.index === index)];
    const inner = own ? ofValues(own) : ofEdges(prepared, within[index] ?? []);
    const counts = withRest(inner, restOf(prepared.look, before.rows), restOf(look, now.rows));
    const measured = await measure(context, prepared, counts, { before, now });
    const [shapeBefore, shapeNow] = [prepared.shape, shapes[index]];
    const density = densities[index];
    found.push({
      ...measured,
      variable: prepared.variable,
      bins: counts,
      ...(shapeBefore && shapeNow && { summary: { baseline: spread(shapeBefore), current: spread(shapeNow) } }),
      ...(density && { density }),
    });
  }
  return found;
}

export async function releaseGroup({ database }: GroupContext, { group, variables }: PreparedGroup): Promise<void> {
  await dropCounted(
    database,
    variables.flatMap(({ counted }) => counted ?? []),
  );
  await group.release();
}

function ofEdges({ bins, counts }: PreparedVariable, current: readonly number[]): DriftBinCounts {
  const edges = bins.by === 'edges' ? [...bins.edges] : [];
  return { edges, rest: [], baseline: [...counts], current: [...current] };
}

function ofValues({ categories, rest }: CategoryCounts): DriftBinCounts {
  const { other, unseen } = rest ?? {};
  const counts = (side: Side) =>
    [...categories, other, unseen].flatMap((each) => (each === undefined ? [] : [each[side]]));
  return {
    categories: categories.map(({ text }) => text),
    rest: [...(other ? (['other'] as const) : []), ...(unseen ? (['unseen'] as const) : [])],
    baseline: counts('baseline'),
    current: counts('current'),
  };
}

/** What is neither a category nor between edges. */
function restOf({ present, nan, infinity, negativeInfinity }: Look, rows: number) {
  return { missing: rows - present, nan, '-infinity': negativeInfinity, infinity };
}

/** Each is a bin of its own where it occurs on any side. */
function withRest(
  inner: DriftBinCounts,
  baseline: ReturnType<typeof restOf>,
  current: ReturnType<typeof restOf>,
): DriftBinCounts {
  const rest = (['missing', 'nan', '-infinity', 'infinity'] as const).filter((key) => baseline[key] + current[key] > 0);
  return {
    ...inner,
    rest: [...inner.rest, ...rest],
    baseline: [...inner.baseline, ...rest.map((key) => baseline[key])],
    current: [...inner.current, ...rest.map((key) => current[key])],
  };
}

type Shapes = Awaited<ReturnType<typeof shapesOf>>['shapes'];

function spread({ mean, stddev, min, median, max }: NonNullable<Shapes[number]>) {
  return { mean, stddev, min, median, max };
}

async function densitiesOf(
  { database }: GroupContext,
  { before, now }: { readonly before: Seen; readonly now: Seen },
  variables: readonly PreparedVariable[],
  looks: readonly Look[],
  shapes: Shapes,
): Promise<(DriftProperty['density'] | undefined)[]> {
  const asked = variables.flatMap(({ variable, look, shape }, index) => {
    const [{ baseline, current }, lookNow, shapeNow] = [variable, looks[index], shapes[index]];
    if (baseline.kind !== 'numbers' || current.kind !== 'numbers' || !lookNow || !shape || !shapeNow) return [];
    const bounds = [
      { ...shape, min: look.min, max: look.max },
      { ...shapeNow, min: lookNow.min, max: lookNow.max },
    ];
    const integer = baseline.integer && current.integer;
    const edges = densityEdges(
      bounds.filter(({ min }) => Number.isFinite(min)),
      integer,
    );
    return edges ? [{ index, edges, integer, baseline, current }] : [];
  });
  const count = async (side: 'baseline' | 'current', { relation }: Seen) => {
    const counted = await countWithin(
      database,
      relation,
      asked.map(({ edges, integer, ...each }) => ({
        values: each[side],
        edges: integer ? edges : [...edges.slice(0, -1), above(edges.at(-1) ?? 0)],
      })),
    );
    // Without those below the first edge and above the last.
    return counted.map((each) => each.slice(1, -1));
  };
  const [baseline, current] = [await count('baseline', before), await count('current', now)];
  return variables.map((_, index) => {
    const place = asked.findIndex((each) => each.index === index);
    const one = asked[place];
    return one && { edges: one.edges, baseline: baseline[place] ?? [], current: current[place] ?? [] };
  });
}
