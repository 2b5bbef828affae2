/** What is known of a dataset after some of its checks were made again. */
import { checkNames, worstFirst } from '../../protocol';
import type { Quality } from '../../protocol';

/** The results of now, and of the checks that were not among them those of before. Gates are of all checks at once, so none are left. */
export function mergedQuality(before: Quality | undefined, now: Quality): Quality {
  if (before === undefined) return now;
  const made = new Set(now.checks.map(({ name }) => name));
  const checks = [...before.checks.filter(({ name }) => !made.has(name)), ...now.checks].sort(
    (a, b) => checkNames.indexOf(a.name) - checkNames.indexOf(b.name),
  );
  const findings = [...before.findings.filter(({ check }) => !made.has(check)), ...now.findings];
  const { gates: _, ...rest } = now;
  return {
    ...rest,
    checks,
    findings: worstFirst(findings),
    passed: checks.every(({ status }) => status === 'passed' || status === 'skipped'),
  };
}
