import assert from 'node:assert/strict';
import { mergedQuality } from '../../../src/extension/datasets/mergedQuality';
import { checkResult, missingFinding, quality, rowFinding } from '../engine/report/qualities';

describe('a validation of some checks', () => {
  const before = quality({
    checks: [checkResult('schema', { status: 'failed', errors: 1 }), checkResult('missing', { warnings: 1 })],
    findings: [rowFinding, missingFinding],
    passed: false,
  });

  it('takes the place of those checks, and leaves the others as they were', () => {
    const now = quality({ checks: [checkResult('missing')], findings: [], passed: true });
    const merged = mergedQuality(before, now);
    assert.deepEqual(merged.checks, [before.checks[0], now.checks[0]]);
    assert.deepEqual(merged.findings, [rowFinding]);
    assert.equal(merged.passed, false);
  });

  it('passes when the last check that failed passes, and says nothing of gates', () => {
    const merged = mergedQuality(before, quality({ checks: [checkResult('schema')], findings: [] }));
    assert.equal(merged.passed, true);
    assert.equal(merged.gates, undefined);
    assert.deepEqual(merged.findings, [missingFinding]);
  });

  it('is all there is where none was made before', () => {
    const now = quality({ checks: [checkResult('missing')] });
    assert.equal(mergedQuality(undefined, now), now);
  });
});
