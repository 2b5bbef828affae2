import assert from 'node:assert/strict';
import { gateResults } from '../../../src/engine/checks/gates';
import type { ColumnSpec, Finding, GatesSpec } from '../../../src/protocol';

const findings = (...severities: Finding['severity'][]) => severities.map((severity) => ({ severity }));

describe('gates', () => {
  const counted: readonly (readonly [
    gates: GatesSpec,
    found: Finding['severity'][],
    passed: boolean,
    value: number,
  ])[] = [
    [{ maxErrors: 0 }, [], true, 0],
    [{ maxErrors: 0 }, ['warning', 'info'], true, 0],
    [{ maxErrors: 1 }, ['error'], true, 1],
    [{ maxErrors: 1 }, ['error', 'error', 'warning'], false, 2],
    [{ maxWarnings: 0 }, ['error', 'warning'], false, 1],
  ];
  for (const [gates, found, passed, value] of counted) {
    it(`${JSON.stringify(gates)} ${passed ? 'lets pass' : 'stops'} ${found.join(', ') || 'nothing'}`, () => {
      const [result, ...others] = gateResults(gates, {
        findings: findings(...found),
        columns: [],
        schema: { columns: {}, primaryKey: [] },
      });
      assert.deepEqual([result?.value, result?.passed, others], [value, passed, []]);
    });
  }

  const columns: readonly (readonly [what: string, spec: ColumnSpec, covered: boolean])[] = [
    ['nothing', {}, false],
    ['a type and a role', { type: 'integer', role: 'target' }, false],
    ['a title', { title: 'Age' }, false],
    ['what is not required', { required: false, unique: false }, false],
    ['an empty description', { description: '' }, false],
    ['a description', { description: 'In years.' }, true],
    ['a constraint', { type: 'integer', minimum: 0 }, true],
    ['what is required', { required: true }, true],
  ];
  for (const [what, spec, covered] of columns) {
    it(`count a column with ${what} as ${covered ? '' : 'not '}covered`, () => {
      const schema = { columns: { a: spec }, primaryKey: ['key'] };
      const [result] = gateResults({ coverage: 0.5 }, { findings: [], columns: ['a', 'key', 'b', 'c'], schema });
      assert.deepEqual(result, { name: 'coverage', limit: 0.5, value: covered ? 0.5 : 0.25, passed: covered });
    });
  }

  it('are told in one order, and only those that are set', () => {
    const gates = { coverage: 1, maxErrors: 0 };
    const results = gateResults(gates, { findings: [], columns: [], schema: { columns: {}, primaryKey: [] } });
    assert.deepEqual(
      results.map(({ name, passed }) => [name, passed]),
      [
        ['maxErrors', true],
        ['coverage', true],
      ],
    );
  });
});
