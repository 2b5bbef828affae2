/** From figures to how much of a difference they are: the engine decides by it, and pages on which thresholds are tried out. */
import type { DriftColumn, DriftStatus, Drift } from './drift';
import { driftLevels, testMetrics } from './driftSpec';
import type { DriftLevel, DriftMeasure, Levels } from './driftSpec';

/** Whether it is a p-value that decides, of which a small one says more. */
export function isTest(measure: DriftMeasure): boolean {
  return testMetrics.some((test) => test === measure);
}

/** The highest level that is reached; a figure that is not defined, and no difference at all, reaches none. */
export function levelOf(measure: DriftMeasure, value: number | null, levels: Levels): DriftLevel | undefined {
  if (value === null) return undefined;
  return driftLevels.findLast((_, index) => {
    const bound = levels[index] ?? NaN;
    // As nothing is at least 0, a level of 0 is one that any difference reaches.
    return isTest(measure) ? value <= bound : value >= bound && value > 0;
  });
}

export function isLevel(status: DriftStatus): status is DriftLevel {
  return (driftLevels as readonly DriftStatus[]).includes(status);
}

const ranks: readonly DriftStatus[] = [
  ...(['none', 'insufficient', 'added', 'removed', 'retyped', 'failed'] as const),
  ...driftLevels,
];

/** From 0; a level comes before everything else. */
export function rankOf(status: DriftStatus): number {
  return ranks.indexOf(status);
}

/**
 * The first of the columns at the highest level. Of those by the same measure it is the one furthest apart, and of those by
 * tests the one with the smallest p-value.
 */
export function mostDrifted<T extends Pick<DriftColumn, 'status' | 'muted' | 'decidedBy' | 'value'>>(
  columns: readonly T[],
): T | undefined {
  return columns
    .filter(({ status, muted }) => isLevel(status) && muted !== true)
    .reduce<T | undefined>((most, each) => (most && !isFurther(each, most) ? most : each), undefined);
}

type Decided = Pick<DriftColumn, 'status' | 'decidedBy' | 'value'>;

function isFurther(one: Decided, other: Decided): boolean {
  const ranks = rankOf(one.status) - rankOf(other.status);
  if (ranks !== 0) return ranks > 0;
  const { decidedBy, value = null } = one;
  const { value: than = null } = other;
  if (decidedBy === undefined || other.decidedBy === undefined || value === null || than === null) return false;
  if (isTest(decidedBy)) return isTest(other.decidedBy) && value < than;
  return decidedBy === other.decidedBy && value > than;
}

/**
 * What all columns together come to. Muted ones have no say in it.
 * @param limit share of the compared columns from which on the dataset drifts
 */
export function verdictOf(
  columns: readonly Pick<DriftColumn, 'status' | 'importance' | 'muted'>[],
  limit: number,
): Drift['summary'] {
  const compared = columns.filter(({ status, muted }) => muted !== true && isCompared(status));
  const drifted = compared.filter(({ status }) => isLevel(status));
  const weight = (some: typeof compared): number => some.reduce((sum, { importance = 1 }) => sum + importance, 0);
  const share = weight(compared) > 0 ? weight(drifted) / weight(compared) : 0;
  return {
    compared: compared.length,
    drifted: drifted.length,
    insufficient: compared.filter(({ status }) => status === 'insufficient').length,
    share,
    limit,
    drift: drifted.length > 0 && share >= limit,
    severity: driftLevels.findLast((level) => drifted.some(({ status }) => status === level)) ?? 'none',
  };
}

function isCompared(status: DriftStatus): boolean {
  return status === 'none' || status === 'insufficient' || isLevel(status);
}
