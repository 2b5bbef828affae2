/** Profiles written by hand, small enough to read. */
import type { Profile, ProfileColumn } from '../../../../src/protocol';

export function column(name: string, more: Partial<ProfileColumn> = {}): ProfileColumn {
  return {
    name,
    type: 'string',
    physicalType: 'VARCHAR',
    semantic: 'categorical',
    nulls: 0,
    nullRatio: 0,
    distinct: 2,
    distinctExact: true,
    categorical: { top: [{ value: 'yes', count: 3 }], other: 1, otherValues: 1, imbalance: 0.2 },
    alerts: [],
    ...more,
  };
}

export const numeric: Partial<ProfileColumn> = {
  type: 'number',
  physicalType: 'DOUBLE',
  semantic: 'numeric',
  categorical: undefined,
  numeric: {
    mean: 1234.5678,
    stddev: 0.000012345,
    variance: 1,
    min: -2e9,
    max: 12,
    sum: 1,
    zeros: 0,
    negatives: 1,
    nans: 0,
    infinities: 0,
    negativeInfinities: 0,
    skewness: null,
    kurtosis: null,
    quantiles: { '0.01': 0, '0.05': 0, '0.25': 0, '0.5': 0, '0.75': 0, '0.95': 0, '0.99': 0 },
    iqr: 0,
    mad: 0,
    cv: null,
    histogram: { edges: [0, 1, 2, 3, 4], counts: [1, 0, 4, 8] },
    outliers: { lower: null, upper: null, count: 0 },
  },
};

export function profile(columns: readonly ProfileColumn[], more: Partial<Profile> = {}): Profile {
  return {
    kind: 'mldata/profile',
    version: 1,
    generatedAt: '2024-01-31T12:34:56.789Z',
    tool: { name: 'mldata', version: '0.1.0' },
    dataset: 'people',
    of: 'files',
    files: [{ path: 'people.csv', bytes: 2048 }],
    rows: 4,
    fast: false,
    columns: [...columns],
    correlations: [],
    missing: { cells: 0, cellRatio: 0, completeRows: 4, patterns: [], otherPatterns: 0, otherRows: 0 },
    duplicates: { groups: 0, surplusRows: 0 },
    head: [],
    alerts: [],
    durationMs: 12,
    ...more,
  };
}
