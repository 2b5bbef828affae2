/** The numbers of NannyML. */
import { chiSquareTail } from '../../statistics';
import type { DriftConvention, DriftMetric, MetricValues } from '../../../protocol';
import { hellinger, js, linf, measureOrdered, type BinCounts, type OrderedMetric } from '../metrics';
import { boundsOf, cleaned } from './clean';
import { doaneWidth } from './doane';
import { estimatedKs, estimatedWasserstein } from './nannymlEstimates';
import { evenBins, fillBins } from './evenBins';
import type { Cleaned, PresetAnswer, PresetQuestion } from './preset';
import { unseenTogether, valueCounts } from './valueCounts';

/** From so many rows of the baseline it estimates what it calculates below. */
const ESTIMATED_FROM = 10_000;

/** As the methods of its `drift/univariate/methods.py` have it (0.13.1); undefined for a metric that it does not have. */
export async function asNannyml(question: PresetQuestion): Promise<PresetAnswer | undefined> {
  const sides = await cleaned(question);
  const { metric = 'js' } = question;
  const because = question.metric ? 'The config names it' : 'NannyML: its default for numbers and categories';
  const figure = await figureOf(metric, question, sides);
  return (
    figure && { metric, because, metrics: { [metric]: figure.value }, conventions: { [metric]: figure.convention } }
  );
}

interface Answer<K extends DriftMetric = DriftMetric> {
  readonly value: MetricValues[K];
  readonly convention: DriftConvention;
}

async function figureOf(metric: DriftMetric, question: PresetQuestion, sides: Cleaned): Promise<Answer | undefined> {
  const isNumbers = question.kind === 'numbers';
  switch (metric) {
    case 'js': {
      const { counts, convention } = await binned(question, sides);
      return { value: js(counts, '2').value, convention: { ...convention, logBase: '2' } };
    }
    case 'hellinger': {
      const { counts, convention } = await binned(question, sides);
      return { value: hellinger(counts).value, convention };
    }
    case 'linf':
      return isNumbers ? undefined : categorical(sides, (counts) => linf(counts).value);
    case 'chi2':
      return isNumbers ? undefined : categorical(sides, (counts) => chiSquareOf(counts, sides));
    case 'ks':
    case 'wasserstein':
      return isNumbers ? orderedOf(metric, sides) : undefined;
    default:
      return undefined;
  }
}

/** Over bins of the baseline and one for what lies outside; of categories one for those that the baseline does not have. */
async function binned({ kind }: PresetQuestion, sides: Cleaned) {
  const { database, baseline } = sides;
  if (kind === 'categories') {
    const counts = unseenTogether(await valueCounts(sides));
    return { counts, convention: conventionOf(sides, counts, { edgesFrom: 'values', binning: 'categories' }) };
  }
  const bounds = await boundsOf(database, [baseline.relation]);
  const bins = evenBins(await doaneWidth(database, baseline, bounds), false, bounds);
  const { below, above, ...inner } = baseline.rows > 0 ? await fillBins(sides, bins) : empty;
  const outside = below + above > 0 ? [below + above] : [];
  const counts = { baseline: [...inner.baseline, ...outside.map(() => 0)], current: [...inner.current, ...outside] };
  return { counts, convention: conventionOf(sides, counts, { edgesFrom: 'baseline', binning: 'doane' }) };
}

const empty = { baseline: [], current: [], below: 0, above: 0 };

function conventionOf(
  { baseline, current }: Cleaned,
  counts: BinCounts,
  rest: Partial<DriftConvention>,
): DriftConvention {
  return {
    bins: counts.baseline.length,
    ...rest,
    zeroPolicy: 'none',
    missing: 'left out',
    nBaseline: baseline.rows,
    nCurrent: current.rows,
  };
}

async function categorical(sides: Cleaned, metric: (counts: BinCounts) => Answer['value']): Promise<Answer> {
  const counts = await valueCounts(sides);
  return {
    value: metric(counts),
    convention: conventionOf(sides, counts, { edgesFrom: 'values', binning: 'categories' }),
  };
}

/** With Yates's correction where there are two categories, as SciPy's `chi2_contingency`. */
function chiSquareOf({ baseline, current }: BinCounts, sides: Cleaned): MetricValues['chi2'] {
  const [n, m] = [sides.baseline.rows, sides.current.rows];
  const dof = Math.max(0, baseline.length - 1);
  if (n === 0 || m === 0) return { statistic: null, pValue: null, dof };
  const statistic = baseline.reduce((sum, a, bin) => {
    const expected = ((a + (current[bin] ?? 0)) * n) / (n + m);
    const off = Math.abs(a - expected);
    const corrected = dof === 1 ? off - Math.min(0.5, off) : off;
    return sum + corrected ** 2 * (1 / expected + n / m / expected);
  }, 0);
  return { statistic, pValue: chiSquareTail(statistic, dof), dof };
}

async function orderedOf(metric: OrderedMetric & ('ks' | 'wasserstein'), sides: Cleaned): Promise<Answer | undefined> {
  const { database, baseline, current } = sides;
  if (baseline.rows >= ESTIMATED_FROM && current.rows > 0)
    return metric === 'ks' ? estimatedKs(sides) : estimatedWasserstein(sides);
  const { metrics, conventions } = await measureOrdered(database, { baseline, current }, [metric]);
  const convention = conventions[metric];
  return convention && { value: metrics[metric], convention: { ...convention, missing: 'left out' } };
}
