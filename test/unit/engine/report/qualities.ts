/** A validation written by hand, with names and values that mean harm. */
import type { CheckResult, Quality, QualityFinding } from '../../../../src/protocol';

export function checkResult(name: CheckResult['name'], rest: Partial<CheckResult> = {}): CheckResult {
  return { name, status: 'passed', errors: 0, warnings: 0, durationMs: 12, ...rest };
}

export const rowFinding: QualityFinding = {
  check: 'schema',
  code: 'constraint-minimum',
  severity: 'error',
  message: '2 values of `Age` are below the minimum 0.',
  column: 'Age',
  count: 2,
  locations: [
    { file: 'raw/people.csv', row: 2, line: 3, column: 4, endColumn: 6, text: '-1' },
    { file: 'raw/people.csv', row: 5, line: 6 },
  ],
  expected: 'at least 0',
  actual: '-2',
  samples: ['-1', '\u001b[31m-2'],
  suggestion: 'Correct the values, or lower `minimum`.',
  configPath: ['datasets', 'people', 'schema', 'columns', 'Age', 'minimum'],
};

export const missingFinding: QualityFinding = {
  check: 'missing',
  code: 'missing-values',
  severity: 'warning',
  message: '`<b>City|</b>` is missing in 3 % of the rows.',
  column: '<b>City|</b>',
  locations: [{ file: 'raw/people.parquet', row: 7 }],
  configPath: ['datasets', 'people', 'checks', 'missing'],
};

export function quality(rest: Partial<Quality> = {}): Quality {
  return {
    kind: 'mldata/quality',
    version: 1,
    generatedAt: '2024-01-31T12:34:56.789Z',
    tool: { name: 'mldata', version: '0.1.0' },
    dataset: 'people',
    of: 'source',
    rows: 1234,
    columns: 3,
    passed: false,
    checks: [
      checkResult('schema', { status: 'failed', errors: 1 }),
      checkResult('missing', { warnings: 1 }),
      checkResult('labels', { status: 'skipped', reason: 'No column has the role target.' }),
      checkResult('custom', { status: 'error', reason: 'There is no column `agee`.' }),
    ],
    gates: [
      { name: 'maxErrors', limit: 0, value: 1, passed: false },
      { name: 'coverage', limit: 0.5, value: 0.75, passed: true },
    ],
    findings: [rowFinding, missingFinding],
    durationMs: 1500,
    ...rest,
  };
}
