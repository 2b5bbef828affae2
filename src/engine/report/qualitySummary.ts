/** A validation in a sentence and a handful of facts. */
import type { CheckResult, GateResult, Quality, Severity } from '../../protocol';
import type { Numbers } from './numbers';

/** What came of it: `Failed: 2 errors and 1 warning from 9 checks of 891 rows.` */
export function qualityVerdict({ passed, checks, gates = [], findings, rows }: Quality, { count }: Numbers): string {
  const many = (number: number, one: string) => `${count(number)} ${one}${number === 1 ? '' : 's'}`;
  const having = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const made = checks.filter(({ status }) => status === 'passed' || status === 'failed').length;
  const amounts = [many(having('error'), 'error'), many(having('warning'), 'warning')];
  const broken = checks.filter(({ status }) => status === 'error').length;
  const missed = gates.filter((gate) => !gate.passed).length;
  return [
    `${passed ? 'Passed' : 'Failed'}: ${amounts.join(' and ')} from ${many(made, 'check')} of ${many(rows, 'row')}.`,
    ...(broken === 0 ? [] : [`${many(broken, 'check')} could not be made.`]),
    ...(missed === 0 ? [] : [`${many(missed, 'gate')} not passed.`]),
  ].join(' ');
}

/** Which rows were looked at, where that is not simply all of them. */
export function qualityScope({ split, sampled }: Quality, { count, share }: Numbers): string[] {
  return [
    ...(split === undefined ? [] : [`Only the split ${split}.`]),
    ...(sampled === undefined
      ? []
      : [
          `A sample: ${count(sampled.values)} rows of ${count(sampled.of)}` +
            `${sampled.of === 0 ? '' : ` (${share(sampled.values / sampled.of)})`}, seed ${sampled.seed}.`,
        ]),
  ];
}

export const statusMarks: Readonly<Record<CheckResult['status'], string>> = {
  passed: '✅ passed',
  failed: '❌ failed',
  skipped: '➖ skipped',
  error: '💥 not made',
};

/** What a gate asks for, and what there is. */
export function gateWords({ name, limit, value }: GateResult, { count, share }: Numbers) {
  const isShare = name === 'coverage';
  const text = (number: number): string => (isShare ? share(number) : count(number));
  return { expected: `${isShare ? 'at least' : 'at most'} ${text(limit)}`, actual: text(value) };
}
