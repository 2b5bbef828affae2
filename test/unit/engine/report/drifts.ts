/** A comparison for tests of what is made of it. */
import { driftSettings } from '../../../../src/config';
import { driftSchema, type Drift, type DriftColumn } from '../../../../src/protocol';

const convention = { missing: 'category', nBaseline: 1000, nCurrent: 900 } as const;

export const shifted: DriftColumn = {
  name: 'Fare',
  type: 'number',
  semantic: 'numeric',
  status: 'high',
  metrics: { psi: 0.31, wassersteinNormalized: 0.83 },
  conventions: { psi: { ...convention, bins: 10, edgesFrom: 'baseline', binning: 'quantile', logBase: 'e' } },
  decidedBy: 'wassersteinNormalized',
  value: 0.83,
  levels: [0.1, 0.2, 0.5],
  threshold: 0.5,
  missing: { baseline: 0, current: 0.031 },
};
const gone: DriftColumn = {
  ...{ name: 'Cabin', type: 'string', semantic: 'categorical', status: 'removed', metrics: {}, conventions: {} },
};
const steady: DriftColumn = {
  name: 'Sex',
  type: 'string',
  semantic: 'categorical',
  status: 'none',
  metrics: { psi: 0.004 },
  conventions: {},
  decidedBy: 'psi',
  value: 0.004,
  levels: [0.1, 0.2, 0.25],
  threshold: 0.1,
  missing: { baseline: 0, current: 0 },
};

export function drift(more: Partial<Drift> = {}): Drift {
  const { thresholds, ...settings } = driftSettings();
  return driftSchema.parse({
    kind: 'mldata/drift',
    version: 1,
    generatedAt: '2026-11-22T12:00:00.000Z',
    tool: { name: 'mldata', version: '1.0.0' },
    baseline: {
      ...{ reference: 'people@previous', dataset: 'people', of: 'build', versionId: 'ab12', rows: 1000 },
      ...{ split: 'train', builtAt: '2026-11-20T08:00:00.000Z' },
    },
    current: { reference: 'people', dataset: 'people', of: 'source', rows: 900 },
    settings: { ...settings, thresholds },
    columns: [shifted, gone, steady],
    schema: { added: [], removed: ['Cabin'], retyped: [], breaking: true },
    summary: { compared: 2, drifted: 1, insufficient: 0, share: 0.5, limit: 0.5, drift: true, severity: 'high' },
    findings: [
      {
        ...{ code: 'drift-column', severity: 'warning', dataset: 'people', column: 'Fare' },
        message: '`Fare` drifted: 0.83 standard deviations.',
        configPath: ['datasets', 'people', 'drift'],
      },
    ],
    durationMs: 12,
    ...more,
  } satisfies Record<keyof Omit<Drift, 'config' | 'dataset' | 'windows'>, unknown>);
}
