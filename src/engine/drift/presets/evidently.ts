/** The numbers of Evidently. */
import { chiSquareTail } from '../../statistics';
import type { DriftConvention, DriftMetric, MetricValues } from '../../../protocol';
import { deviationOf, hellinger, js, measureOrdered, type BinCounts, type OrderedMetric } from '../metrics';
import { boundsOf, cleaned, differentUpTo } from './clean';
import { evenBins, fillBins, sturgesWidth } from './evenBins';
import type { Cleaned, PresetAnswer, PresetQuestion } from './preset';
import { valueCounts } from './valueCounts';

/** Up to so many rows of the baseline a test decides. */
const FEW_ROWS = 1000;
/** Up to so many different numbers of both sides are compared as categories are. */
const FEW_VALUES = 5;
/** Up to so many different numbers of the baseline are no bins, but values. */
const UNBINNED = 20;

/** As its `get_binned_data`, `registry` and tests have it (0.7.23); undefined for a metric that it does not have. */
export async function asEvidently(question: PresetQuestion): Promise<PresetAnswer | undefined> {
  const sides = await cleaned(question);
  const { metric, because } = question.metric
    ? { metric: question.metric, because: 'The config names it' }
    : await chosen(question, sides);
  const figure = await figureOf(metric, question, sides);
  return (
    figure && { metric, because, metrics: { [metric]: figure.value }, conventions: { [metric]: figure.convention } }
  );
}

interface Answer<K extends DriftMetric = DriftMetric> {
  readonly value: MetricValues[K];
  readonly convention: DriftConvention;
}

async function chosen({ kind }: PresetQuestion, { database, baseline, current }: Cleaned) {
  const few = baseline.rows <= FEW_ROWS;
  const rows = `${FEW_ROWS.toLocaleString('en')} rows of the baseline`;
  const size = few ? `Evidently: at most ${rows}` : `Evidently: more than ${rows}`;
  const different = await differentUpTo(database, [baseline.relation, current.relation], FEW_VALUES + 1);
  const asAmounts = kind === 'numbers' && different > FEW_VALUES;
  const metric: DriftMetric = few ? (asAmounts ? 'ks' : 'chi2') : asAmounts ? 'wassersteinNormalized' : 'js';
  return { metric, because: `${size}, ${asAmounts ? 'numbers' : 'categories'}` };
}

async function figureOf(metric: DriftMetric, question: PresetQuestion, sides: Cleaned): Promise<Answer | undefined> {
  const isNumbers = question.kind === 'numbers';
  switch (metric) {
    case 'psi':
      return overBins(question, sides, psiOf);
    case 'kl':
      return overBins(question, sides, klOf);
    case 'js': {
      const { counts, convention } = await binned(question, sides);
      return { value: js(counts, 'e').value, convention: { ...convention, zeroPolicy: 'none', logBase: 'e' } };
    }
    case 'hellinger':
      return hellingerOf(question, sides);
    case 'chi2':
      return chiSquareOf(sides, question.metric === undefined);
    case 'ks':
    case 'cramerVonMises':
    case 'energy':
      return isNumbers ? ordered(metric, sides) : undefined;
    case 'wassersteinNormalized':
      return isNumbers ? wassersteinOf(sides) : undefined;
    default:
      return undefined;
  }
}

async function binned(question: PresetQuestion, sides: Cleaned) {
  const { database, baseline, current } = sides;
  const relations = [baseline.relation, current.relation];
  const amounts =
    question.kind === 'numbers' && (await differentUpTo(database, [baseline.relation], UNBINNED + 1)) > UNBINNED;
  if (!amounts) {
    const counts = await valueCounts(sides);
    return { counts, convention: conventionOf(sides, counts, { edgesFrom: 'values', binning: 'categories' }) };
  }
  const bounds = await boundsOf(database, relations);
  const width = sturgesWidth(baseline.rows + current.rows, bounds);
  const counts = await fillBins(sides, evenBins(width, isInteger(question, sides), bounds));
  return { counts, convention: conventionOf(sides, counts, { edgesFrom: 'combined', binning: 'sturges' }) };
}

/** Its tables hold whole numbers with gaps as floating ones. */
function isInteger({ integer }: PresetQuestion, { baseline, current }: Cleaned): boolean {
  return integer && baseline.missing === 0 && current.missing === 0;
}

function conventionOf(
  { baseline, current }: Cleaned,
  counts: BinCounts | undefined,
  rest: Partial<DriftConvention>,
): DriftConvention {
  return {
    ...(counts && { bins: counts.baseline.length }),
    ...rest,
    missing: 'left out',
    nBaseline: baseline.rows,
    nCurrent: current.rows,
  };
}

async function overBins(
  question: PresetQuestion,
  sides: Cleaned,
  metric: (p: readonly number[], q: readonly number[]) => number,
): Promise<Answer> {
  const { counts, convention } = await binned(question, sides);
  const [n, m] = [sides.baseline.rows, sides.current.rows];
  const [p, q] = [counts.baseline.map((count) => count / n), counts.current.map((count) => count / m)];
  const zeroPolicy = `empty becomes ${filler(p)} (baseline), ${filler(q)} (current)`;
  const value = n === 0 || m === 0 ? null : metric(withoutZeros(p), withoutZeros(q));
  return { value, convention: { ...convention, zeroPolicy, logBase: 'e' } };
}

/** What takes the place of an empty share. */
function filler(shares: readonly number[]): number {
  const least = shares.reduce((min, share) => (share > 0 ? Math.min(min, share) : min), 1);
  return least <= 0.0001 ? least / 10 ** 6 : 0.0001;
}

function withoutZeros(shares: readonly number[]): number[] {
  const filled = filler(shares);
  return shares.map((share) => (share === 0 ? filled : share));
}

function psiOf(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, share, bin) => sum + (share - (q[bin] ?? 0)) * Math.log(share / (q[bin] ?? 0)), 0);
}

/** Of shares that are scaled back to one. */
function klOf(p: readonly number[], q: readonly number[]): number {
  const total = (shares: readonly number[]) => shares.reduce((sum, share) => sum + share, 0);
  const [allP, allQ] = [total(p), total(q)];
  return p.reduce((sum, share, bin) => sum + (share / allP) * Math.log(share / allP / ((q[bin] ?? 0) / allQ)), 0);
}

/** Of numbers over bins whose width follows from how many different ones there are. */
async function hellingerOf(question: PresetQuestion, sides: Cleaned): Promise<Answer> {
  const { database, baseline, current } = sides;
  const relations = [baseline.relation, current.relation];
  if (question.kind === 'categories') {
    const counts = await valueCounts(sides);
    const convention = conventionOf(sides, counts, { edgesFrom: 'values', binning: 'categories', zeroPolicy: 'none' });
    return { value: hellinger(counts).value, convention };
  }
  const bounds = await boundsOf(database, relations);
  const different = await differentUpTo(database, relations, baseline.rows + current.rows);
  const width = sturgesWidth(different, bounds);
  const counts = await fillBins(sides, evenBins(width, isInteger(question, sides), bounds));
  const convention = conventionOf(sides, counts, { edgesFrom: 'combined', binning: 'sturges', zeroPolicy: 'none' });
  return { value: hellinger(counts).value, convention };
}

/**
 * The counts of the current side against those of the baseline, scaled to as many rows; a category that the baseline does
 * not have makes the p-value 0. Of two categories, where nobody named the test, the z-test of proportions: its square is a
 * chi-square too.
 */
async function chiSquareOf(sides: Cleaned, byProportion: boolean): Promise<Answer> {
  const counts = await valueCounts(sides);
  const convention = conventionOf(sides, counts, {
    edgesFrom: 'values',
    binning: 'categories',
    zeroPolicy: 'none',
    pValue: 'asymptotic',
  });
  const [n, m] = [sides.baseline.rows, sides.current.rows];
  const dof = Math.max(0, counts.baseline.length - 1);
  if (n === 0 || m === 0) return { value: { statistic: null, pValue: null, dof }, convention };
  const statistic = dof === 1 && byProportion ? squaredZ(counts, n, m) : scaledChiSquare(counts, m / n);
  return {
    value: { statistic: Number.isFinite(statistic) ? statistic : null, pValue: chiSquareTail(statistic, dof), dof },
    convention,
  };
}

function squaredZ({ baseline: [a = 0], current: [b = 0] }: BinCounts, n: number, m: number): number {
  const pooled = (a + b) / (n + m);
  return (a / n - b / m) ** 2 / (pooled * (1 - pooled) * (1 / n + 1 / m));
}

function scaledChiSquare({ baseline, current }: BinCounts, scale: number): number {
  return baseline.reduce((sum, a, bin) => sum + ((current[bin] ?? 0) - a * scale) ** 2 / (a * scale), 0);
}

async function ordered(metric: OrderedMetric, { database, baseline, current }: Cleaned): Promise<Answer | undefined> {
  const { metrics, conventions } = await measureOrdered(database, { baseline, current }, [metric]);
  const convention = conventions[metric];
  return convention && { value: metrics[metric], convention: { ...convention, missing: 'left out' } };
}

/** By the standard deviation of the baseline, of which it divides by n, but at least by that. */
const LEAST_DEVIATION = 0.001;

async function wassersteinOf(sides: Cleaned): Promise<Answer | undefined> {
  const { database, baseline } = sides;
  const figure = await ordered('wasserstein', sides);
  if (!figure) return undefined;
  const { min, max } = await boundsOf(database, [baseline.relation]);
  const deviation = await deviationOf(database, baseline, Math.max(Math.abs(min), Math.abs(max)));
  const distance = figure.value as number | null;
  return {
    value: distance === null ? null : distance / Math.max(deviation, LEAST_DEVIATION),
    convention: { ...figure.convention, dividedBy: 'standard deviation of the baseline, n, at least 0.001' },
  };
}
