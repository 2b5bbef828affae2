/**
 * What stands out in a profile, as findings. docs/profile.md says from when on; `profile:` in the config says otherwise.
 */
import type { Thresholds } from '../../../config';
import type { AssociationMethod, ConfigPath, Correlation, Finding, Profile } from '../../../protocol';
import type { Alert } from './alert';
import { figure, percent, rowsOf, step } from '../../words';
import { balanceAlerts, distinctAlerts, missingAlerts } from './columnAlerts';
import type { ColumnFigures } from '../context';
import type { Determined } from '../../statistics';
import { numberAlerts, textAlerts } from './valueAlerts';

export type { Thresholds } from '../../../config';

/** Pairs that are told one by one, the strongest. */
const MAX_PAIRS = 20;

/** About one column alone. @param rows how many the figures are of */
export function columnAlerts(
  figures: ColumnFigures,
  rows: number,
  thresholds: Thresholds,
  dataset: string,
  configPath?: ConfigPath,
): Finding[] {
  const alerts = [missingAlerts, distinctAlerts, balanceAlerts, numberAlerts, textAlerts].flatMap((family) =>
    family(figures, rows, thresholds),
  );
  return alerts.map((alert) => finding(alert, dataset, figures.name, configPath));
}

export interface Whole extends Pick<Profile, 'correlations' | 'duplicates' | 'target'> {
  readonly rows: number;
  /** How much of the target each column alone determines. */
  readonly determined?: readonly Determined[];
}

/** About whole rows, and what lies between columns. */
export function wholeAlerts(
  { rows, duplicates, correlations, target, determined = [] }: Whole,
  thresholds: Thresholds,
  dataset: string,
  placeOf: (column: string) => ConfigPath | undefined = () => undefined,
): Finding[] {
  return [
    ...duplicateAlerts(duplicates, rows, thresholds).map((alert) => finding(alert, dataset)),
    ...leakAlerts(determined, target?.column ?? '', thresholds).map(({ column, alert }) =>
      finding(alert, dataset, column, placeOf(column)),
    ),
    ...correlationAlerts(correlations, target?.column, thresholds).map(({ column, alert }) =>
      finding(alert, dataset, column, column === undefined ? undefined : placeOf(column)),
    ),
  ];
}

function finding(alert: Alert, dataset: string, column?: string, configPath?: ConfigPath): Finding {
  return {
    ...alert,
    dataset,
    ...(column !== undefined && { column }),
    ...(configPath && { configPath: [...configPath] }),
  };
}

function duplicateAlerts(
  { groups, surplusRows }: Profile['duplicates'],
  rows: number,
  { duplicates }: Thresholds,
): Alert[] {
  if (surplusRows <= duplicates * rows) return [];
  return [
    {
      code: 'duplicate-rows',
      severity: 'warning',
      count: surplusRows,
      message: `${rowsOf(surplusRows)} ${surplusRows === 1 ? 'repeats' : 'repeat'} another one in every column (${percent(surplusRows / rows)}; ${groups} different ${groups === 1 ? 'row occurs' : 'rows occur'} more than once).`,
      suggestion: 'Rows on both sides of a split flatter a model: keep each once with `deduplicate: {}` before it.',
    },
  ];
}

interface About<Column> {
  readonly column: Column;
  readonly alert: Alert;
}

function leakAlerts(determined: readonly Determined[], target: string, { leak }: Thresholds): About<string>[] {
  return determined
    .filter(({ share }) => share >= leak)
    .map(({ column, share }) => ({
      column,
      alert: {
        code: 'suspected-leak',
        severity: 'warning',
        message: `${column} alone determines ${share === 1 ? 'all' : percent(share)} of ${target}.`,
        suggestion: `If it is not known when the model is to predict, leave it out with ${step('drop', column)}, or say \`role: ignore\`.`,
      },
    }));
}

const measuredBy: Readonly<Record<AssociationMethod, string>> = {
  pearson: 'Pearson’s r',
  spearman: 'Spearman’s ρ',
  cramersV: 'Cramér’s V',
  correlationRatio: 'correlation ratio η',
  missing: 'φ of being missing',
};

/** Each pair by the method that finds it strongest. What goes with the target is wanted, or a leak. */
function correlationAlerts(
  correlations: readonly Correlation[],
  target: string | undefined,
  { correlation }: Thresholds,
): About<string | undefined>[] {
  const strongest = new Map<string, Correlation['pairs'][number] & { method: AssociationMethod }>();
  for (const { method, pairs } of correlations) {
    if (method === 'missing') continue;
    for (const pair of pairs) {
      const key = JSON.stringify([pair.a, pair.b].sort());
      const known = strongest.get(key);
      if (Math.abs(pair.value) < correlation || pair.a === target || pair.b === target) continue;
      if (!known || Math.abs(pair.value) > Math.abs(known.value)) strongest.set(key, { ...pair, method });
    }
  }
  const found = [...strongest.values()].sort((x, y) => Math.abs(y.value) - Math.abs(x.value));
  const told = found.slice(0, MAX_PAIRS).map(({ a, b, value, method }) => ({
    column: b,
    alert: {
      code: 'correlated-columns',
      severity: 'warning' as const,
      message: `${a} and ${b} go together (${measuredBy[method]} ${Math.trunc(value * 1000) / 1000}).`,
      suggestion: `One of them may do: leave the other out with ${step('drop', b)}.`,
    },
  }));
  const left = found.length - told.length;
  if (left === 0) return told;
  const others: Alert = {
    code: 'correlated-columns',
    severity: 'warning',
    count: left,
    message: `${left} other ${left === 1 ? 'pair of columns goes' : 'pairs of columns go'} together at ${figure(correlation)} or more.`,
    suggestion: 'The correlations of the profile show them all.',
  };
  return [...told, { column: undefined, alert: others }];
}
