/** The metrics of numbers that need their order: over all values, in one sorted pass. */
import type { Database, Row } from '../../duckdb';
import { powerOfTwo } from '../../statistics';
import type { DriftConvention, MetricValues } from '../../../protocol';
import { cramerVonMises } from './cramerVonMises';
import { deviationOf } from './deviation';
import { energy } from './energy';
import { fromFixedPoint } from './fixedPoint';
import { gapsOf, type Gaps } from './gaps';
import { ks, type OrderedTest } from './ks';
import { lookAtSides, type Sides, type SidesLook } from './sides';
import { stepsOf } from './steps';
import { wasserstein } from './wasserstein';

export const orderedMetrics = ['ks', 'cramerVonMises', 'wasserstein', 'wassersteinNormalized', 'energy'] as const;
export type OrderedMetric = (typeof orderedMetrics)[number];

export interface OrderedFigures {
  readonly metrics: Pick<MetricValues, OrderedMetric>;
  readonly conventions: Readonly<Partial<Record<OrderedMetric, DriftConvention>>>;
}

/** The two tests take all rows, values that are missing or NaN before all others; the distances take finite numbers. */
const tests: readonly OrderedMetric[] = ['ks', 'cramerVonMises'];

/**
 * As a share of the widest gap. A distance below it is computed again in a unit of its own: where both sides have the same
 * value far out, few digits of it are left in the first one.
 */
const COARSE = 2 ** -40;

/**
 * Null where a side has no rows (tests), or no finite number (distances), or where a figure is beyond a double. The same
 * to the last bit for any order of the rows and any number of threads; what is sorted may spill.
 */
export async function measureOrdered(
  database: Database,
  sides: Sides,
  asked: readonly OrderedMetric[],
): Promise<OrderedFigures> {
  const look = await lookAtSides(database, sides);
  const hasRows = look.baseline.rows > 0 && look.current.rows > 0;
  const wide = look.baseline.finite > 0 && look.current.finite > 0 ? gapsOf(look) : undefined;
  const wantsDistance = asked.includes('wasserstein') || asked.includes('wassersteinNormalized');
  const distancesOf = (within: Gaps) => ({
    ...(wantsDistance && { wasserstein: wasserstein.aggregate(within) }),
    ...(asked.includes('energy') && { energy: energy.aggregate(within) }),
  });
  const aggregates: Record<string, string> = {
    ...(asked.includes('ks') && hasRows && { ks: ks.aggregate(look) }),
    ...(asked.includes('cramerVonMises') && hasRows && { cvm: cramerVonMises.aggregate(look) }),
    ...(wide && distancesOf(wide)),
  };
  const ask = async (asking: Readonly<Record<string, string>>): Promise<Row> => {
    const list = Object.entries(asking).map(([name, sql]) => `${sql} AS ${name}`);
    return list.length === 0 ? {} : database.row(`SELECT ${list.join(', ')} FROM ${stepsOf(sides, look)}`);
  };
  let row = await ask(aggregates);
  let gaps = wide;
  if (wide && ['wasserstein', 'energy'].some((name) => name in row && fromFixedPoint(row[name]) < COARSE)) {
    const { largest } = await ask({ largest: `max(abs${wide.difference} * (${wide.width}))` });
    if (Number(largest) > 0) {
      gaps = gapsOf(look, 2 * powerOfTwo(Number(largest)));
      row = { ...row, ...(await ask(distancesOf(gaps))) };
    }
  }
  const found: { ks?: OrderedTest; cramerVonMises?: OrderedTest } = {
    ...('ks' in row && { ks: ks.read(look, row['ks']) }),
    ...('cvm' in row && { cramerVonMises: cramerVonMises.read(look, row['cvm']) }),
  };
  const distance = gaps && wantsDistance ? wasserstein.read(gaps, row['wasserstein']) : NaN;
  const normalized =
    asked.includes('wassersteinNormalized') && gaps ? await normalizedBy(database, sides, look, distance) : NaN;
  const far = gaps && asked.includes('energy') ? energy.read(gaps, row['energy']) : NaN;
  const metrics: MetricValues = {
    ks: testOf(found.ks),
    cramerVonMises: testOf(found.cramerVonMises),
    wasserstein: figure(distance),
    wassersteinNormalized: figure(normalized),
    energy: figure(far),
  };
  return {
    metrics: Object.fromEntries(asked.map((name) => [name, metrics[name]])),
    conventions: Object.fromEntries(asked.map((name) => [name, conventionOf(name, look, found)])),
  };
}

/** Equal sides are 0 apart in any unit; else a baseline without spread has no unit to offer. */
async function normalizedBy(database: Database, sides: Sides, look: SidesLook, distance: number): Promise<number> {
  if (distance === 0) return 0;
  const population = await deviationOf(database, sides.baseline, Math.max(Math.abs(look.min), Math.abs(look.max)));
  const { finite } = look.baseline;
  return distance / (population * Math.sqrt(finite / (finite - 1)));
}

function conventionOf(
  name: OrderedMetric,
  { baseline, current }: SidesLook,
  found: { readonly ks?: OrderedTest; readonly cramerVonMises?: OrderedTest },
): DriftConvention {
  if (tests.includes(name)) {
    const by = found[name as 'ks' | 'cramerVonMises']?.by;
    return { ...(by && { pValue: by }), missing: 'first', nBaseline: baseline.rows, nCurrent: current.rows };
  }
  return {
    ...(name === 'wassersteinNormalized' && { dividedBy: 'standard deviation of the baseline, n − 1' }),
    missing: 'left out',
    nBaseline: baseline.finite,
    nCurrent: current.finite,
  };
}

function testOf(test: OrderedTest | undefined): MetricValues['ks'] {
  return { statistic: test?.statistic ?? null, pValue: test?.pValue ?? null };
}

function figure(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
