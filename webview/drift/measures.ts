/** The measures: what they are called, what they are, and how a figure of them came to be. */
import * as l10n from '@vscode/l10n';
import { isTest } from '../../src/protocol/driftLevel';
import type { DriftConvention, DriftMeasure } from '../../src/protocol';
import { count, figure, share } from '../shared/format';

export function measureName(measure: DriftMeasure): string {
  const names: Readonly<Record<DriftMeasure, string>> = {
    psi: 'PSI',
    kl: 'KL',
    klReverse: l10n.t('KL, reverse'),
    js: 'Jensen–Shannon',
    hellinger: 'Hellinger',
    tvd: l10n.t('Total variation'),
    linf: 'L∞',
    chi2: 'χ²',
    cramersV: 'Cramér’s V',
    ks: 'Kolmogorov–Smirnov',
    cramerVonMises: 'Cramér–von Mises',
    wasserstein: 'Wasserstein',
    wassersteinNormalized: l10n.t('Wasserstein, normalized'),
    energy: l10n.t('Energy distance'),
    missing: l10n.t('Missing values'),
    meanShift: l10n.t('Shift of the mean'),
  };
  return names[measure];
}

/** In a sentence, for whoever does not know it. */
export function measureMeaning(measure: DriftMeasure): string {
  const meanings: Readonly<Record<DriftMeasure, string>> = {
    psi: l10n.t('Population stability index: the sum over bins of the change of the share times its logarithm.'),
    kl: l10n.t('Kullback–Leibler divergence: how badly the current side stands for the baseline.'),
    klReverse: l10n.t('Kullback–Leibler divergence the other way: how badly the baseline stands for the current side.'),
    js: l10n.t('Jensen–Shannon distance, 0 to 1: how far both sides are from their middle.'),
    hellinger: l10n.t('Hellinger distance, 0 to 1: of the roots of the shares.'),
    tvd: l10n.t('Total variation distance, 0 to 1: the share of the rows that would have to move to another bin.'),
    linf: l10n.t('The largest change of the share of any one bin, 0 to 1.'),
    chi2: l10n.t('Chi-square test that both sides are of the same shares; the p-value decides.'),
    cramersV: l10n.t('Cramér’s V, 0 to 1: the chi-square statistic, free of the number of rows.'),
    ks: l10n.t('Kolmogorov–Smirnov test: the largest distance between the cumulative shares; the p-value decides.'),
    cramerVonMises: l10n.t('Cramér–von Mises test: all distances between the cumulative shares; the p-value decides.'),
    wasserstein: l10n.t(
      'How far rows would have to move on average to turn one side into the other, in the column’s unit.',
    ),
    wassersteinNormalized: l10n.t('The Wasserstein distance in standard deviations of the baseline.'),
    energy: l10n.t('Energy distance: how much farther rows are from those of the other side than from their own.'),
    missing: l10n.t('How much the share of rows without a value changed.'),
    meanShift: l10n.t('Cosine distance between the mean vectors, 0 to 2.'),
  };
  return meanings[measure];
}

/** A figure of the measure, as it is held against the levels. */
export function measured(measure: DriftMeasure, value: number | null): string {
  if (measure === 'missing' && value !== null) return share(value);
  return isTest(measure) ? `p ${small(value)}` : small(value);
}

/** Below a ten-thousandth it matters to nobody how far. */
export function small(value: number | null): string {
  return value !== null && value > 0 && value < 0.0001 ? `< ${figure(0.0001)}` : figure(value);
}

/** What tools disagree about, in a line each. */
export function conventionLines(convention: DriftConvention): string[] {
  const { bins, binning, edgesFrom, zeroPolicy, logBase, pValue, dividedBy, missing, nBaseline, nCurrent } = convention;
  const ways = {
    quantile: l10n.t('with as many rows each'),
    width: l10n.t('of the same width'),
    sturges: l10n.t('as many as Sturges’ rule says'),
    doane: l10n.t('as many as Doane’s rule says'),
    edges: l10n.t('between given edges'),
    categories: l10n.t('one for each category'),
  };
  const origins = {
    baseline: l10n.t('edges from the baseline'),
    combined: l10n.t('edges from both sides'),
    config: l10n.t('edges from the configuration'),
    values: l10n.t('each value by itself'),
  };
  const treatment = {
    category: l10n.t('missing values are a bin of their own'),
    first: l10n.t('missing values come before all others'),
    'left out': l10n.t('missing values are left out'),
  };
  return [
    ...(bins === undefined
      ? [l10n.t('over all values')]
      : [[l10n.t('{0} bins', count(bins)), ...(binning === undefined ? [] : [ways[binning]])].join(' ')]),
    ...(edgesFrom === undefined ? [] : [origins[edgesFrom]]),
    ...(zeroPolicy === undefined ? [] : [l10n.t('empty shares: {0}', zeroPolicy)]),
    ...(logBase === undefined ? [] : [l10n.t('logarithm to the base {0}', logBase)]),
    ...(pValue === undefined ? [] : [pValue === 'exact' ? l10n.t('exact p-value') : l10n.t('asymptotic p-value')]),
    ...(dividedBy === undefined ? [] : [l10n.t('divided by {0}', dividedBy)]),
    treatment[missing],
    l10n.t('{0} rows against {1}', count(nCurrent), count(nBaseline)),
  ];
}
