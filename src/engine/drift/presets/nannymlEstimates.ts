/** What NannyML estimates over ten thousand bins of one width where the baseline is large. */
import { double } from '../../duckdb';
import type { DriftConvention, MetricValues } from '../../../protocol';
import { ksTest } from '../metrics';
import { boundsOf } from './clean';
import { evenBins, fillBins, type EvenBins, type FilledBins } from './evenBins';
import type { Cleaned } from './preset';

const BINS = 10_000;

async function filled(sides: Cleaned): Promise<{ bins: EvenBins; counts: FilledBins }> {
  const bounds = await boundsOf(sides.database, [sides.baseline.relation]);
  const bins = { ...evenBins(NaN, false, bounds), count: BINS };
  return { bins, counts: await fillBins(sides, bins) };
}

function conventionOf({ baseline, current }: Cleaned): DriftConvention {
  return {
    bins: BINS,
    edgesFrom: 'baseline',
    binning: 'width',
    missing: 'left out',
    nBaseline: baseline.rows,
    nCurrent: current.rows,
  };
}

/** At the end of each bin, the share of rows up to it; below the first bin are so many of the current side already. */
function distances({ baseline, current }: FilledBins, sides: Cleaned, before: number): number[] {
  let [p, q] = [0, before];
  return baseline.map((count, bin) => {
    p += count / sides.baseline.rows;
    q += (current[bin] ?? 0) / sides.current.rows;
    return Math.abs(p - q);
  });
}

/** The largest distance at the ends of bins. NannyML has no p-value of it; this one is that of the test. */
export async function estimatedKs(sides: Cleaned): Promise<{ value: MetricValues['ks']; convention: DriftConvention }> {
  const { counts } = await filled(sides);
  const distance = distances(counts, sides, counts.below / sides.current.rows).reduce((a, b) => Math.max(a, b), 0);
  const { pValue, by } = ksTest(sides.baseline.rows, sides.current.rows, distance);
  return { value: { statistic: distance, pValue }, convention: { ...conventionOf(sides), pValue: by } };
}

/**
 * The distances at the ends of bins by their width, and how far on average rows lie outside. As there, one row more than
 * there are below the first bin counts into the bins.
 */
export async function estimatedWasserstein(
  sides: Cleaned,
): Promise<{ value: number | null; convention: DriftConvention }> {
  const { database, current } = sides;
  const { bins, counts } = await filled(sides);
  const { out } = await database.row(
    `SELECT coalesce(fsum(greatest(${double(bins.min)} - v, v - ${double(bins.max)}, 0)), 0) / ${current.rows} AS out FROM ${current.relation}`,
  );
  const before = counts.below > 0 ? (counts.below + 1) / current.rows : 0;
  const width = (bins.max - bins.min) / bins.count;
  const within = distances(counts, sides, before).reduce((sum, distance) => sum + distance * width, 0);
  const value = within + Number(out);
  return { value: Number.isFinite(value) ? value : null, convention: conventionOf(sides) };
}
