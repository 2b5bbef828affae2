/** What a comparison goes by where the config does not say. docs/drift.md says why these. */
import type { DriftMeasure, DriftPreset, DriftSpec, Levels } from '../protocol';

/** These are in the units of their column, so that only whoever knows it can say how much is much. */
type InUnits = 'wasserstein' | 'energy';

export type DriftThresholds = Readonly<Record<Exclude<DriftMeasure, InUnits>, Levels>> &
  Readonly<Partial<Record<InUnits, Levels>>>;

type Chosen = 'method' | 'bins' | 'epsilon' | 'correction' | 'share' | 'columns';

/** `drift:` of a dataset with every default filled in. */
export type DriftSettings = { readonly [Key in Chosen]-?: NonNullable<DriftSpec[Key]> } & Omit<
  DriftSpec,
  Chosen | 'thresholds'
> & { readonly thresholds: DriftThresholds };

/** Of a test: at most so large a p-value. */
const pValues: Levels = [0.05, 0.01, 0.001];
/** Of a distance from 0 to 1. */
const distances: Levels = [0.1, 0.2, 0.3];

export const driftThresholds: DriftThresholds = {
  psi: [0.1, 0.2, 0.25],
  // PSI is the sum of the two directions.
  kl: [0.05, 0.1, 0.125],
  klReverse: [0.05, 0.1, 0.125],
  js: distances,
  hellinger: distances,
  tvd: distances,
  linf: distances,
  chi2: pValues,
  // Cohen's small, medium and large effect.
  cramersV: [0.1, 0.3, 0.5],
  ks: pValues,
  cramerVonMises: pValues,
  wassersteinNormalized: [0.1, 0.2, 0.5],
  missing: [0.05, 0.1, 0.2],
  meanShift: [0.05, 0.1, 0.2],
};

/** Where the tools that the presets stand for differ: one bound for every distance, and p-values as they are. */
const presets: Readonly<Record<DriftPreset, Pick<DriftSettings, 'correction' | 'thresholds'>>> = {
  evidently: {
    correction: 'none',
    thresholds: { ...driftThresholds, kl: distances, psi: distances, wassersteinNormalized: distances },
  },
  nannyml: { correction: 'none', thresholds: driftThresholds },
};

/** With what is left out. */
export function driftSettings(spec: DriftSpec = {}): DriftSettings {
  const preset = spec.preset && presets[spec.preset];
  const { thresholds, ...rest } = spec;
  return {
    ...rest,
    method: spec.method ?? 'auto',
    bins: spec.bins ?? { by: 'quantile', count: 10 },
    epsilon: spec.epsilon ?? 1e-4,
    correction: spec.correction ?? preset?.correction ?? 'benjamini-hochberg',
    share: spec.share ?? 0.5,
    columns: spec.columns ?? {},
    thresholds: { ...(preset?.thresholds ?? driftThresholds), ...(thresholds as Partial<DriftThresholds> | undefined) },
  };
}
