import assert from 'node:assert/strict';
import { parseConfig, plannedChecks } from '../../../src/config';
import { passedChecks } from '../../../src/extension/datasets/passedChecks';
import { checkResult, quality } from '../engine/report/qualities';

describe('the checks of a dataset that passed', () => {
  const [spec] = parseConfig(
    'version: 1\ndatasets:\n  people:\n    source: a.csv\n    checks: { duplicates: false, custom: [{ rule: "age > 0", name: adults }] }\n',
    '.mldata.yaml',
  ).drafts;
  const usual = plannedChecks(spec?.checks, 'usual').map(({ name }) => checkResult(name));

  it('are all of them once all that are usually made were, those too that had nothing to look at', () => {
    const checks = usual.map((result, index) => (index === 0 ? { ...result, status: 'skipped' as const } : result));
    assert.equal(passedChecks(quality({ checks, findings: [], passed: true }), spec), 'all');
  });

  it('are counted where only some were made', () => {
    const checks = [checkResult('schema'), checkResult('missing'), checkResult('labels', { status: 'skipped' })];
    assert.equal(passedChecks(quality({ checks, findings: [], passed: true }), spec), 2);
  });

  it('are counted while the config has errors, or one failed', () => {
    assert.equal(passedChecks(quality({ checks: usual, passed: true }), undefined), usual.length);
    assert.equal(passedChecks(quality({ checks: usual, passed: false }), spec), usual.length);
  });
});
