/** Which metric decides about a variable, and why. docs/drift.md has the table. */
import type { DriftSettings } from '../../config';
import type { DriftMetric } from '../../protocol';

/** These need an order, and distances, between values. */
const ofNumbers: readonly DriftMetric[] = ['ks', 'cramerVonMises', 'wasserstein', 'wassersteinNormalized', 'energy'];

/** Up to so many rows on either side a test decides: its p-value takes their number into account, fixed levels do not. */
export const FEW_ROWS = 1000;

export interface Choosing {
  /** Whether values have an order. */
  readonly ordered: boolean;
  /** Whether each value is a bin. */
  readonly byValue: boolean;
  /** Of the smaller side. */
  readonly rows: number;
  /** What chance alone makes of PSI, and the level from which it counts. */
  readonly noise: number;
  readonly low: number;
}

export interface Chosen {
  readonly metric: DriftMetric;
  readonly because: string;
}

/**
 * The metric that the config names for a column, where its values have what the metric needs.
 * @param name of the column
 */
export function namedMetric(
  { method: whole, columns }: Pick<DriftSettings, 'method' | 'columns'>,
  name: string,
  ordered: boolean,
): Chosen | undefined {
  const { method: own, thresholds } = columns[name] ?? {};
  // Levels alone are those of PSI: of a p-value they would mean the contrary.
  const metric = own ?? (thresholds && whole === 'auto' ? 'psi' : whole);
  if (metric === 'auto' || (!ordered && ofNumbers.includes(metric))) return undefined;
  return { metric, because: own || thresholds ? 'As the config says of this column' : 'As the config says' };
}

/** What decides where nobody says so. */
export function automatic({ ordered, byValue, rows, noise, low }: Choosing): Chosen {
  const test = ordered && !byValue ? 'ks' : 'chi2';
  if (rows <= FEW_ROWS)
    return { metric: test, because: `${FEW_ROWS.toLocaleString('en')} rows or fewer on one side, so a test decides` };
  if (noise < low) return { metric: 'psi', because: `More than ${FEW_ROWS.toLocaleString('en')} rows on both sides` };
  return { metric: test, because: 'Too few rows for so many categories, so a test decides' };
}
