/** A comparison in a sentence and a handful of facts. */
import {
  isTest,
  mostDrifted,
  type Drift,
  type DriftColumn,
  type DriftMeasure,
  type DriftSide,
  type DriftStatus,
  type Levels,
} from '../../protocol';
import type { Numbers } from './numbers';

/** What each measure is called. */
export const measureNames: Readonly<Record<DriftMeasure, string>> = {
  psi: 'PSI',
  kl: 'KL divergence',
  klReverse: 'KL divergence, reversed',
  js: 'Jensen–Shannon distance',
  hellinger: 'Hellinger distance',
  tvd: 'total variation',
  linf: 'L-infinity',
  chi2: 'chi-square p',
  cramersV: 'Cramér’s V',
  ks: 'Kolmogorov–Smirnov p',
  cramerVonMises: 'Cramér–von Mises p',
  wasserstein: 'Wasserstein distance',
  wassersteinNormalized: 'Wasserstein distance ÷ sd',
  energy: 'energy distance',
  missing: 'change of missing',
  meanShift: 'shift of the mean',
};

/**
 * What came of it: `Drift: 7 of 12 columns drifted (58.3 %), city most (PSI 6.53).`
 * @param shown a name as whoever reads it may see it
 */
export function driftVerdict(
  { columns, summary, schema }: Pick<Drift, 'columns' | 'summary' | 'schema'>,
  { count, figure, share }: Numbers,
  shown: (name: string) => string = (name) => name,
): string {
  const { compared, drifted, insufficient } = summary;
  const failed = columns.filter(({ status }) => status === 'failed').length;
  const many = (number: number, one: string) => `${count(number)} ${one}${number === 1 ? '' : 's'}`;
  const part = `${count(drifted)} of ${many(compared, 'column')} drifted`;
  const most = mostText(mostDrifted(columns), { alone: drifted === 1, figure, shown });
  const whole = share(summary.share);
  const changes = [
    [schema.added.length, 'added'],
    [schema.removed.length, 'removed'],
    [schema.retyped.length, 'of another type'],
  ].flatMap(([number = 0, what = '']) => (Number(number) === 0 ? [] : [`${many(Number(number), 'column')} ${what}`]));
  return [
    compared === 0
      ? 'No column was compared.'
      : drifted === 0
        ? `No drift: ${part}.`
        : summary.drift
          ? `Drift: ${part} (${whole})${most}.`
          : `${part}${most}; as a whole the dataset did not (${whole}, drift from ${share(summary.limit)}).`,
    ...(insufficient === 0 ? [] : [`${many(insufficient, 'column')} with too few rows to tell.`]),
    ...(failed === 0 ? [] : [`${many(failed, 'column')} could not be compared.`]),
    ...(changes.length === 0 ? [] : [`${changes.join(', ')}.`]),
  ].join(' ');
}

/** `: city (PSI 6.53)` of one column, `, city most (PSI 6.53)` of several. */
function mostText(
  column: DriftColumn | undefined,
  {
    alone,
    figure,
    shown,
  }: { readonly alone: boolean; readonly shown: (name: string) => string } & Pick<Numbers, 'figure'>,
): string {
  if (!column) return '';
  const { name, decidedBy, decidingProperty, value = null } = column;
  const of = decidingProperty === undefined ? '' : ` of its ${shown(decidingProperty)}`;
  const by = decidedBy === undefined ? '' : ` (${measureNames[decidedBy]}${of} ${figure(value)})`;
  return alone ? `: ${shown(name)}${by}` : `, ${shown(name)} most${by}`;
}

/** What one side is, beyond how it was named. */
export function sideFacts({ of, split, versionId, builtAt, from, to, rows }: DriftSide, { count }: Numbers): string[] {
  return [
    `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`,
    ...(of === 'source' ? ['as the sources are now'] : []),
    ...(split === undefined ? [] : [`split ${split}`]),
    ...(versionId === undefined ? [] : [`version ${versionId}`]),
    ...(builtAt === undefined ? [] : [`built ${builtAt.slice(0, 10)}`]),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(to === undefined ? [] : [`before ${to}`]),
  ];
}

/** From when on a difference by this measure is low, medium and high. */
export function levelsText(measure: DriftMeasure, levels: Levels, { figure }: Numbers): string {
  return `${isTest(measure) ? 'at most' : 'from'} ${levels.map((level) => figure(level)).join(', ')}`;
}

export const driftMarks: Readonly<Record<DriftStatus, string>> = {
  none: '✅ none',
  low: '🟡 low',
  medium: '🟠 medium',
  high: '🔴 high',
  insufficient: '➖ too few rows',
  added: '➕ added',
  removed: '✖️ removed',
  retyped: '🔀 other type',
  failed: '❗ could not be compared',
};
