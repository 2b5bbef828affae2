/** Every metric by its name, over bins or over all values. */
import type { Database } from '../duckdb';
import type { DriftBinCounts, DriftConvention, DriftMetric, MetricValues } from '../../protocol';
import type { Binning } from './bins';
import {
  chi2,
  cramersV,
  hellinger,
  js,
  kl,
  klReverse,
  linf,
  measureOrdered,
  orderedMetrics,
  psi,
  tvd,
  type OrderedMetric,
  type Sides,
} from './metrics';

export interface FigureContext {
  readonly database: Database;
  readonly counts: Pick<DriftBinCounts, 'baseline' | 'current'>;
  readonly binning: Binning;
  readonly epsilon: number;
  /** Where values have an order. */
  readonly values?: Sides;
}

export interface Figures {
  readonly metrics: MetricValues;
  readonly conventions: Partial<Record<DriftMetric, DriftConvention>>;
}

const binned = {
  psi: ({ counts, epsilon }: FigureContext) => psi(counts, epsilon),
  kl: ({ counts, epsilon }: FigureContext) => kl(counts, epsilon),
  klReverse: ({ counts, epsilon }: FigureContext) => klReverse(counts, epsilon),
  js: ({ counts }: FigureContext) => js(counts),
  hellinger: ({ counts }: FigureContext) => hellinger(counts),
  tvd: ({ counts }: FigureContext) => tvd(counts),
  linf: ({ counts }: FigureContext) => linf(counts),
  chi2: ({ counts }: FigureContext) => {
    const { value, convention } = chi2(counts);
    return { value: value ?? { statistic: null, pValue: null, dof: 0 }, convention };
  },
  cramersV: ({ counts }: FigureContext) => cramersV(counts),
} as const;

export function isOrdered(metric: DriftMetric): metric is OrderedMetric {
  return orderedMetrics.some((each) => each === metric);
}

/** Of metrics that need an order none where values have none. */
export async function figuresOf(context: FigureContext, asked: readonly DriftMetric[]): Promise<Figures> {
  const { database, binning, values } = context;
  const ofBins = asked.flatMap((metric) => (isOrdered(metric) ? [] : [{ metric, ...binned[metric](context) }]));
  const ordered = values ? asked.filter(isOrdered) : [];
  const exact = values && ordered.length > 0 ? await measureOrdered(database, values, ordered) : undefined;
  return {
    metrics: { ...Object.fromEntries(ofBins.map(({ metric, value }) => [metric, value])), ...exact?.metrics },
    conventions: {
      ...Object.fromEntries(ofBins.map(({ metric, convention }) => [metric, { ...convention, ...binning }])),
      ...exact?.conventions,
    },
  };
}
