/** Some columns of both sides, compared, as far as each by itself tells: what all of them decide together comes after. */
import type { Database } from '../duckdb';
import type { DriftSettings } from '../../config';
import type { DriftColumn } from '../../protocol';
import { compareGroup, releaseGroup, type Detail, type Found } from './compareGroup';
import { lookAt, type Look } from './look';
import type { Measured } from './judge';
import type { ColumnPair } from './pairs';
import { lookedAt, planColumn, type ColumnPlan } from './planColumn';
import { prepareGroup, type GroupContext, type PreparedGroup } from './prepareGroup';
import { embeddingOf } from './properties/vectors';
import type { DriftRows } from './rows';
import type { VariableGroup, Side } from './variable';
import { variantsOf } from './variants';

export interface CompareContext {
  readonly database: Database;
  readonly settings: DriftSettings;
  /** `all` metrics, or the deciding one and PSI. */
  readonly metrics: 'deciding' | 'all';
  readonly signal: AbortSignal;
  /** The share of some columns that is done, and the one it is busy with. */
  readonly onProgress: (share: number, column?: string) => void;
}

/** Of some columns, what is done once each step has been taken. */
const STEPS = { looked: 0.15, prepared: 0.45, measured: 0.9 };

/** A column as it is compared, before levels are held against it. */
export interface ComparedColumn {
  readonly plan: ColumnPlan;
  /** Of the values themselves. */
  readonly own?: Found;
  readonly properties: readonly Found[];
  /** Of what is neither. */
  readonly others: readonly Measured[];
  /** Rows without a value, and all. */
  readonly missing: { readonly [Each in Side]: { readonly count: number; readonly rows: number } };
  readonly more: Pick<DriftColumn, 'unseenWords' | 'embedding' | 'variants'>;
  readonly notes: readonly string[];
}

/** Columns that the baseline has decided about; held against any number of current sides. */
export interface PreparedColumns {
  /** The side that the plans were made for: with all that is to be told of it. */
  whole(): Promise<ComparedColumn[]>;
  /** Another one, such as one window of it: only what decides. */
  part(current: DriftRows): Promise<ComparedColumn[]>;
  release(): Promise<void>;
}

export async function prepareColumns(
  context: CompareContext,
  rows: { readonly [Each in Side]: DriftRows },
  pairs: readonly ColumnPair[],
): Promise<PreparedColumns> {
  const { database, signal, onProgress } = context;
  const looks = {
    baseline: await lookAt(
      database,
      rows.baseline,
      pairs.map(({ baseline }) => lookedAt(baseline)),
      true,
    ),
    current: await lookAt(
      database,
      rows.current,
      pairs.map(({ current }) => lookedAt(current)),
      false,
    ),
  };
  const plans: ColumnPlan[] = [];
  for (const [index, pair] of pairs.entries()) {
    const [baseline, current] = [looks.baseline[index], looks.current[index]];
    if (!baseline || !current) continue;
    plans.push(await planColumn({ database, rows, signal, name: `drift_${index}` }, pair, { baseline, current }));
  }
  const groupContext = (name: string): GroupContext => ({ ...context, name });
  onProgress(STEPS.looked);
  const main = await prepareMain(groupContext('drift_values'), plans, rows.baseline);
  const known = knownLooks(plans, 'current');
  const groups = new Map<ColumnPlan, PreparedGroup>();
  for (const [index, plan] of plans.entries()) {
    if (!plan.group) continue;
    groups.set(plan, await prepareGroup(groupContext(`drift_group_${index}`), plan.group.group, rows.baseline));
  }
  const compare = async (current: DriftRows, whole: boolean): Promise<ComparedColumn[]> => {
    const detail: Detail = { summary: whole, density: whole };
    if (whole) onProgress(STEPS.prepared);
    const onVariable = (share: number, column: string) => {
      onProgress(STEPS.prepared + (STEPS.measured - STEPS.prepared) * share, column);
    };
    const values = await compareGroup(groupContext('drift_values'), main, current, {
      ...detail,
      ...(whole && { known, onVariable }),
    });
    const nows = whole
      ? looks.current
      : await lookAt(
          database,
          current,
          pairs.map((pair) => lookedAt(pair.current)),
          false,
        );
    const columns: ComparedColumn[] = [];
    for (const [index, plan] of plans.entries()) {
      const look = nows[index];
      if (!look) continue;
      const group = groups.get(plan);
      const name = plan.pair.current.name;
      const direct = values.filter(({ variable }) => variable.column === name);
      const seen = look.present > 0 ? direct : [];
      const derived =
        group && look.present > 0
          ? await compareProperties(groupContext(`drift_group_${index}`), plan, group, current, detail)
          : nothing;
      const own = seen.find(({ variable }) => variable.property === undefined);
      columns.push({
        plan,
        ...(own && { own }),
        properties: [...seen.filter(({ variable }) => variable.property !== undefined), ...derived.properties],
        others: derived.others,
        missing: {
          baseline: { count: rows.baseline.rows - plan.looks.baseline.present, rows: rows.baseline.rows },
          current: { count: current.rows - look.present, rows: current.rows },
        },
        more: { ...derived.more, ...(whole && own && (await variantsFor(context, plan, own, rows))) },
        notes: [...plan.notes, ...derived.notes],
      });
    }
    return columns;
  };
  return {
    whole: () => compare(rows.current, true),
    part: (current) => compare(current, false),
    release: async () => {
      await releaseGroup(groupContext('drift_values'), main);
      for (const group of groups.values()) await releaseGroup(groupContext(''), group);
    },
  };
}

type Derived = Pick<ComparedColumn, 'properties' | 'others' | 'notes' | 'more'>;

const nothing: Derived = { properties: [], others: [], notes: [], more: {} };

/** Numbers and categories compare what is compared of most columns; all of them are counted together. */
function prepareMain(context: GroupContext, plans: readonly ColumnPlan[], baseline: DriftRows): Promise<PreparedGroup> {
  const group: VariableGroup = {
    variables: plans.flatMap(({ variables }) => variables),
    look: (_, { relation, rows }) => Promise.resolve({ relation, rows }),
    release: () => Promise.resolve(),
  };
  return prepareGroup(context, group, baseline, knownLooks(plans, 'baseline'));
}

/** Of the values themselves the plans know. */
function knownLooks(plans: readonly ColumnPlan[], side: Side): (Look | undefined)[] {
  return plans.flatMap(({ variables, looks }) =>
    variables.map(({ property }) => (property === undefined ? looks[side] : undefined)),
  );
}

async function compareProperties(
  context: GroupContext,
  { group: kind }: ColumnPlan,
  prepared: PreparedGroup,
  current: DriftRows,
  detail: Detail,
): Promise<Derived> {
  if (!kind) return nothing;
  // The mean of embeddings is read from what their dimensions are like.
  const found = await compareGroup(context, prepared, current, {
    summary: detail.summary || kind.of === 'vectors',
    density: detail.density && kind.of !== 'vectors',
  });
  switch (kind.of) {
    case 'text': {
      const { baseline, current: now } = await kind.group.unseenWords();
      const isMore = (now ?? 0) > (baseline ?? 0);
      return {
        ...nothing,
        properties: found.map((each) => (isMore || each.variable.property !== 'unseenWords' ? each : asNoChange(each))),
        more: { unseenWords: now },
      };
    }
    case 'media':
      return { ...nothing, properties: found, notes: kind.group.notes() };
    case 'elements':
      return { ...nothing, properties: found };
    case 'vectors': {
      const [norm, ...dimensions] = found;
      const { thresholds } = context.settings;
      const { embedding, measured } = embeddingOf(dimensions, {
        psi: thresholds.psi[0],
        meanShift: thresholds.meanShift,
      });
      return { ...nothing, properties: norm ? [norm] : [], others: [measured], more: { embedding } };
    }
  }
}

/** Rows that both sides share have no new words, which is no change either. */
function asNoChange(found: Found): Found {
  return { ...found, measured: { ...found.measured, noise: Infinity, same: true } };
}

async function variantsFor(
  { database }: CompareContext,
  { pair }: ColumnPlan,
  { variable, bins }: Found,
  rows: { readonly [Each in Side]: DriftRows },
): Promise<Pick<DriftColumn, 'variants'>> {
  const { baseline, current } = variable;
  if (baseline.kind !== 'categories' || current.kind !== 'categories' || pair.current.type === 'boolean') return {};
  const isNew = bins.current.some(
    (count, index) =>
      count > 0 && (bins.baseline[index] === 0 || bins.rest[index - (bins.categories?.length ?? 0)] === 'unseen'),
  );
  if (!isNew) return {};
  const variants = await variantsOf(
    database,
    { relation: rows.baseline.relation, sql: baseline.sql },
    { relation: rows.current.relation, sql: current.sql },
  );
  return variants.length > 0 ? { variants } : {};
}
