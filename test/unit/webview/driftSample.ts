/** A comparison as the engine writes it, small: a column of every kind of status. */
import { driftSettings } from '../../../src/config';
import { verdictOf, type Drift, type DriftColumn } from '../../../src/protocol';

export const hostileValue = '<img src=x onerror=alert(1)>';
const unmeasured = { metrics: {}, conventions: {} } as const;

function psiColumn(
  name: string,
  psi: number,
  status: DriftColumn['status'],
  more: Partial<DriftColumn> = {},
): DriftColumn {
  return {
    ...{ name, type: 'number', semantic: 'numeric', status },
    metrics: { psi, ks: { statistic: 0.1, pValue: 0.002, adjusted: 0.004 } },
    conventions: {
      psi: {
        ...{ bins: 3, edgesFrom: 'baseline', binning: 'quantile', zeroPolicy: 'at least 0.0001', logBase: 'e' },
        ...{ missing: 'category', nBaseline: 100, nCurrent: 100 },
      },
    },
    ...{ decidedBy: 'psi', method: 'psi', value: psi, levels: [0.1, 0.2, 0.25], threshold: 0.1 },
    missing: { baseline: 0, current: 0 },
    ...more,
  };
}

const bins = { edges: [10, 20], rest: ['missing' as const], baseline: [50, 30, 20, 0], current: [20, 30, 40, 10] };
const density = { edges: [0, 10, 20, 30], baseline: [50, 30, 20], current: [20, 30, 50] };
const moved = { mean: 21, stddev: 9, min: 1, median: 20, max: 29 };

export const columns: readonly DriftColumn[] = [
  psiColumn('age', 0.31, 'high', {
    ...{ bins, density, threshold: 0.25 },
    summary: { baseline: { ...moved, median: 10 }, current: moved },
  }),
  psiColumn('town', 0.12, 'low', {
    ...{ type: 'string', semantic: 'categorical' },
    bins: { categories: ['Oslo', hostileValue], rest: ['other'], baseline: [60, 40, 0], current: [30, 60, 10] },
  }),
  {
    ...{ name: 'comment', type: 'string', semantic: 'text', status: 'medium', ...unmeasured },
    ...{ decidedBy: 'psi', value: 0.21, levels: [0.1, 0.2, 0.25], threshold: 0.2, decidingProperty: 'length' },
    missing: { baseline: 0.1, current: 0.1 },
    properties: [
      {
        ...unmeasured,
        name: 'length',
        status: 'medium',
        decidedBy: 'psi',
        value: 0.21,
        levels: [0.1, 0.2, 0.25],
        bins,
      },
    ],
  },
  psiColumn('fare', 0.02, 'low', {
    ...{ decidedBy: 'missing', value: 0.06, levels: [0.05, 0.1, 0.2], threshold: 0.05 },
    missing: { baseline: 0.02, current: 0.08 },
  }),
  psiColumn('ticket', 0.01, 'none'),
  { name: 'seat', type: 'string', semantic: 'categorical', status: 'insufficient', ...unmeasured },
  { name: 'deck', type: 'string', semantic: 'categorical', status: 'retyped', baselineType: 'integer', ...unmeasured },
  { name: 'boat', type: 'string', semantic: 'categorical', status: 'added', ...unmeasured },
];

export function sampleDrift(): Drift {
  const side = { dataset: 'passengers', of: 'build', rows: 100 } as const;
  return {
    ...{ kind: 'mldata/drift', version: 1, generatedAt: '2026-11-22T03:00:00.000Z', durationMs: 5 },
    tool: { name: 'mldata', version: '0.1.0' },
    baseline: { ...side, reference: 'passengers@production' },
    current: { ...side, reference: 'passengers' },
    settings: driftSettings(),
    columns: [...columns],
    schema: {
      added: ['boat'],
      removed: [],
      retyped: [{ name: 'deck', baseline: 'integer', current: 'string' }],
      breaking: true,
    },
    summary: verdictOf(columns, 0.5),
    findings: [],
  };
}
