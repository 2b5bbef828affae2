/** The metrics of one variable: the one that decides, PSI, or all of them. */
import {
  driftMetrics,
  isTest,
  type DriftBinCounts,
  type DriftConvention,
  type DriftMetric,
  type DriftPreset,
  type Levels,
  type MetricValues,
} from '../../protocol';
import { automatic, namedMetric } from './choose';
import { figuresOf, isOrdered, type Figures } from './figures';
import type { Measured } from './judge';
import { psiNoise, rowsForChiSquare, rowsForKs, rowsForPsi } from './metrics';
import type { GroupContext, PreparedVariable } from './prepareGroup';
import { measureAs, type PresetQuestion } from './presets';
import type { Seen } from './variable';

export interface MeasuredVariable {
  readonly metrics: MetricValues;
  readonly conventions: Partial<Record<DriftMetric, DriftConvention>>;
  readonly because: string;
  readonly measured: Measured;
  readonly notes: readonly string[];
  /** Rows that were compared. */
  readonly nBaseline: number;
  readonly nCurrent: number;
}

/** Differences of two samples of the same rows stay below what chance makes of them in so many cases. */
const USUALLY = 0.99;

/** A large difference: of the shares below some value, and as Cohen's w. */
const LARGE = { ks: 0.3, chi2: 0.5 };

export async function measure(
  context: GroupContext,
  { variable, bins }: PreparedVariable,
  counts: DriftBinCounts,
  { before, now }: { readonly before: Seen; readonly now: Seen },
): Promise<MeasuredVariable> {
  const { database, settings, metrics: wanted } = context;
  const { column, baseline, current } = variable;
  const ordered = baseline.kind === 'numbers' && current.kind === 'numbers';
  const used = counts.baseline.filter((count, bin) => count + (counts.current[bin] ?? 0) > 0).length;
  const sizes = { nBaseline: before.rows, nCurrent: now.rows, bins: used };
  const noise = psiNoise(sizes, USUALLY);
  const question = {
    ...{ database, kind: ordered ? ('numbers' as const) : ('categories' as const) },
    integer: [baseline, current].every((values) => values.kind === 'numbers' && values.integer),
    baseline: { relation: before.relation, sql: baseline.sql },
    current: { relation: now.relation, sql: current.sql },
  };
  const named = namedMetric(settings, column, ordered);
  const tool =
    settings.preset && (await measureAs(settings.preset, { ...question, ...(named && { metric: named.metric }) }));
  const { metric, because } =
    tool ??
    named ??
    automatic({
      ...{ ordered, byValue: bins.by === 'values', rows: Math.min(before.rows, now.rows), noise },
      low: settings.thresholds.psi[0],
    });
  const asked =
    wanted === 'all'
      ? driftMetrics.filter((each) => ordered || !isOrdered(each))
      : [...new Set([metric, 'psi' as const])];
  const figures = await figuresOf(
    {
      ...{ database, counts, binning: bins.convention, epsilon: settings.epsilon },
      ...(ordered && { values: { baseline: question.baseline, current: question.current } }),
    },
    asked,
  );
  const { metrics, conventions } = settings.preset
    ? await inPlaceOf(figures, settings.preset, question, asked)
    : figures;
  const levels =
    settings.columns[column]?.thresholds ?? (settings.thresholds as Partial<Record<DriftMetric, Levels>>)[metric];
  return {
    ...{ metrics, conventions, because, notes: sampleNotes(before, now) },
    // Whoever asks for the verdicts of another tool gets those that it gives of few rows too.
    measured: { ...decided(metric, metrics, levels), ...(!tool && limitsOf(metric, { ...sizes, noise }, levels)) },
    nBaseline: before.rows,
    nCurrent: now.rows,
  };
}

/** The figures of another tool, where it has them. */
async function inPlaceOf(
  own: Figures,
  preset: DriftPreset,
  question: Omit<PresetQuestion, 'metric'>,
  asked: readonly DriftMetric[],
): Promise<Figures> {
  let { metrics, conventions } = own;
  for (const metric of asked) {
    const answer = await measureAs(preset, { ...question, metric });
    if (!answer) continue;
    metrics = { ...metrics, ...answer.metrics };
    conventions = { ...conventions, ...answer.conventions };
  }
  return { metrics, conventions };
}

function decided(metric: DriftMetric, metrics: MetricValues, levels: Levels | undefined): Measured {
  const figure = metrics[metric];
  const statistic = typeof figure === 'object' ? (figure?.statistic ?? null) : (figure ?? null);
  const value = typeof figure === 'object' ? (figure?.pValue ?? null) : statistic;
  return { by: metric, value, levels, same: statistic === 0 };
}

interface Sizes {
  readonly nBaseline: number;
  readonly nCurrent: number;
  readonly bins: number;
  /** Of PSI. */
  readonly noise: number;
}

/** Whether there are rows enough for the metric to say anything. */
function limitsOf(
  metric: DriftMetric,
  sizes: Sizes,
  levels: Levels | undefined,
): Pick<Measured, 'noise' | 'needed' | 'rows'> {
  if (!levels) return {};
  const { nBaseline, nCurrent, bins } = sizes;
  // Two samples tell as much as two of the harmonic mean of their sizes.
  const rows = Math.floor((2 * nBaseline * nCurrent) / Math.max(1, nBaseline + nCurrent));
  if (isTest(metric)) {
    const alpha = levels[0];
    const needed =
      metric === 'chi2' ? rowsForChiSquare(LARGE.chi2, bins - 1, { alpha }) : rowsForKs(LARGE.ks, { alpha });
    return { needed, rows };
  }
  const noise = noiseOf(metric, sizes.noise);
  return noise === undefined
    ? {}
    : { noise, rows, ...(metric === 'psi' && { needed: rowsForPsi(levels[0], bins, USUALLY) }) };
}

/**
 * All of these are about the same sum of squares while they are small: of PSI p, KL is half, the squares of the Hellinger
 * and Jensen–Shannon distances are an eighth (in bits 1 / ln 2 of that), and total variation is at most √2 Hellinger.
 */
function noiseOf(metric: DriftMetric, psi: number): number | undefined {
  switch (metric) {
    case 'psi':
      return psi;
    case 'kl':
    case 'klReverse':
      return psi / 2;
    case 'hellinger':
      return Math.sqrt(psi / 8);
    case 'js':
      return Math.sqrt(psi / 8 / Math.LN2);
    case 'tvd':
    case 'linf':
      return Math.sqrt(psi / 4);
    default:
      return undefined;
  }
}

function sampleNotes(before: Seen, now: Seen): string[] {
  return [
    { side: 'the baseline', ...before },
    { side: 'the current side', ...now },
  ].flatMap(({ side, rows, of }) =>
    of === undefined
      ? []
      : [
          `Of ${side} ${rows.toLocaleString('en')} of ${of.toLocaleString('en')} are looked at, chosen by what they are.`,
        ],
  );
}
