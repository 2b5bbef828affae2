import assert from 'node:assert/strict';
import { shownFindings, wholeView, type FindingsView } from '../../../webview/validation/findingFilter';
import type { QualityFinding } from '../../../src/protocol';

const finding = (code: string, rest: Partial<QualityFinding>): QualityFinding => ({
  code,
  check: 'schema',
  severity: 'error',
  message: `About ${code}.`,
  ...rest,
});

const findings = [
  finding('a', { column: 'age', count: 3 }),
  finding('b', { severity: 'warning', check: 'missing', column: 'Town', count: 20, samples: ['N/A'] }),
  finding('c', { severity: 'warning', check: 'duplicates', count: 7 }),
  finding('d', { severity: 'info', check: 'labels', column: 'class', suggestion: 'Merge classes.' }),
];

describe('the findings that are shown', () => {
  const cases: readonly (readonly [view: Partial<FindingsView>, codes: string])[] = [
    [{}, 'abcd'],
    [{ search: 'ABOUT B.' }, 'b'],
    [{ search: 'n/a' }, 'b'],
    [{ search: 'merge class' }, 'd'],
    [{ search: 'nothing like it' }, ''],
    [{ severities: ['warning'] }, 'bc'],
    [{ severities: ['error', 'info'] }, 'ad'],
    [{ check: 'missing' }, 'b'],
    [{ column: 'age' }, 'a'],
    [{ severities: ['warning'], search: 'town' }, 'b'],
    [{ sort: 'severity', descending: true }, 'dbca'],
    [{ sort: 'check' }, 'cdba'],
    [{ sort: 'column' }, 'adbc'],
    [{ sort: 'column', descending: true }, 'bdac'],
    [{ sort: 'count' }, 'acbd'],
    [{ sort: 'count', descending: true }, 'bcad'],
  ];
  for (const [view, codes] of cases) {
    it(`with ${JSON.stringify(view)} are ${codes || 'none'}`, () => {
      const shown = shownFindings(findings, { ...wholeView, ...view });
      assert.equal(shown.map(({ finding: { code } }) => code).join(''), codes);
      assert.ok(shown.every(({ finding, at }) => findings[at] === finding));
    });
  }
});
