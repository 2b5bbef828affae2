/** The parameters of steps that clean: what no data could make right is told from the config alone, in its place. */
import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/config';

/** A dataset with these steps. */
function stepping(steps: string, more = ''): string {
  return `version: 1\ndatasets:\n  d:\n    source: rows.csv\n    ${more}\n    transforms:\n${steps.replace(/^/gm, '      ')}\n`;
}

describe('parameters that cannot be', () => {
  const columns =
    'schema: { extraColumns: error, columns: { n: integer, s: string, d: date, b: boolean, n_words: integer, s_words: integer } }';

  for (const [step, start, says] of [
    ['cast: { columns: { gone: integer } }', 'integer }', /no column `gone`/],
    ['cast: { columns: { n: real } }', 'real', /Expected one of/],
    ['sample: { rows: 1, share: 0.5 }', '0.5', /`rows` and `share` exclude each other/],
    ['sample: {}', '{}', /does not say how many/],
    ['sample: { rows: 0 }', '0 }', /whole number, 1 or more/],
    ['deduplicate: { columns: [n, S] }', 'S]', /no column `S`.*Did you mean `s`/s],
    ['fill_missing: { columns: s, strategy: mean }', 's, strat', /is of type string/],
    ['fill_missing: { columns: n, strategy: constant }', 'constant', /constant is missing/],
    ['fill_missing: { columns: n, strategy: mode, value: 1 }', '1 }', /takes no `value`/],
    ['fill_missing: { columns: n, strategy: constant, value: 0.5 }', '0.5', /no value of `n`.*integer/],
    ['fill_missing: { columns: n, strategy: mode, groupBy: n }', 'n }', /groups of itself/],
    ['fill_missing: { columns: n, strategy: constant, value: 1, groupBy: s }', 's }', /same for every group/],
    ['trim: { columns: n }', 'n }', /is of type integer/],
    ['lowercase: { columns: [s, d] }', 'd]', /is of type date/],
    ['replace: { columns: s, with: x }', '{ col', /does not say what/],
    ['replace: { columns: s, pattern: a, text: b, with: x }', 'b, with', /exclude each other/],
    ["replace: { columns: s, pattern: '(?=a)', with: x }", "'(?=", /Lookahead/],
    ["replace: { columns: s, pattern: '(a)', with: '\\2' }", "'\\2", /no group 2/],
    ["replace: { columns: s, pattern: a, with: '\\n' }", "'\\n", /means nothing here/],
    ['map: { columns: n, values: { x: 1 } }', '1 }', /`x` is no value of `n`/],
    [
      'map: { columns: s, values: { x: 1 } }',
      '{ x',
      /type integer, and the values of `s` that are kept of type string/,
    ],
    ['map: { columns: s, values: { x: 1, y: z }, other: null }', '{ x', /several types/],
    ['map: { columns: s, values: {} }', '{} }', /has no values/],
    ['clip: { columns: n }', '{ col', /has no bound/],
    ['clip: { columns: n, minimum: 2, maximum: 1 }', '1 }', /less than/],
    ['clip: { columns: n, minimum: 2, quantiles: [0, 1] }', '2,', /exclude each other/],
    ['clip: { columns: n, quantiles: [0.9, 0.1] }', '[0.9', /two shares/],
    ['clip: { columns: s, minimum: 2 }', 's, min', /is of type string/],
    ['bin: { columns: n }', '{ col', /has no bins/],
    ['bin: { columns: n, edges: [0, 2, 2] }', '2]', /edge 2 is not above/],
    ['bin: { columns: n, uniform: 3, quantile: 3 }', '3 }', /exclude each other/],
    ['bin: { columns: n, uniform: 3, labels: [a, b] }', '[a', /2 labels for 3 bins/],
    ['datetime_parts: { columns: n, parts: [year] }', 'n, parts', /is of type integer/],
    ['datetime_parts: { columns: d, parts: [day, hour] }', 'hour]', /have no hour/],
    ['text_length: { columns: s, unit: words }', 's, unit', /already is a column `s_words`/],
  ] as const) {
    it(`are refused in their place: ${step}`, () => {
      const text = stepping(`- ${step}`, columns);
      const { findings } = parseConfig(text, '.mldata.yaml');
      const [finding] = findings;
      assert.equal(findings.length, 1, JSON.stringify(findings));
      assert.match(`${finding?.message} ${finding?.suggestion}`, says);
      const { line = 0, column = 0 } = finding?.locations?.[0] ?? {};
      const found = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
      assert.ok(found.startsWith(start), `it points to: ${found}`);
    });
  }
});

describe('steps that learn only with some parameters', () => {
  for (const [step, learns] of [
    ['fill_missing: { columns: a, strategy: constant, value: 1 }', false],
    ['fill_missing: { columns: a, strategy: forward }', false],
    ['fill_missing: { columns: a, strategy: mode }', true],
    ['clip: { columns: a, minimum: 0 }', false],
    ['clip: { columns: a, quantiles: [0.1, 0.9] }', true],
    ['bin: { columns: a, edges: [0, 1] }', false],
    ['bin: { columns: a, uniform: 2 }', true],
  ] as const) {
    it(`rows ${learns ? 'may not' : 'may'} go after ${step}`, () => {
      const { findings } = parseConfig(stepping(`- ${step}\n- filter: { expression: a > 0 }`), '.mldata.yaml');
      assert.deepEqual(
        findings.map(({ code }) => code),
        learns ? ['transform-order'] : [],
      );
    });
  }
});
