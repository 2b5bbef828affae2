import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { declaredCheck, parseConfig, plannedChecks, programOf } from '../../../src/config';
import { checkNames } from '../../../src/protocol';
import { dataset, findsOne, spec, type Expected } from './support';

const columns = 'schema: { columns: { Age: number, Sex: string, day: date }, extraColumns: error }\n';

describe('config: checks', () => {
  it('are absent unless they are written, and no part of what is built', () => {
    const plain = spec(dataset('title: A'));
    assert.equal(plain.checks, undefined);
    const checked = spec(dataset('title: A\nchecks: { missing: 5% }\ngates: { maxErrors: 0 }'));
    assert.deepEqual(programOf(checked), plain);
  });

  const written: readonly (readonly [string, string, object])[] = [
    ['a bare value is the error', 'missing: 5%', { thresholds: { error: 0.05, columns: {} } }],
    [
      'usual bounds hold where none is written',
      'missing: {}',
      { thresholds: { warn: 0.01, error: 0.05, columns: {} } },
    ],
    [
      'one that is written takes the place of both',
      'missing: { warn: 0.2 }',
      { thresholds: { warn: 0.2, columns: {} } },
    ],
    [
      'columns have bounds of their own',
      'missing: { error: 20%, columns: { Age: 25%, Sex: { warn: 1% } } }',
      { thresholds: { error: 0.2, columns: { Age: { error: 0.25 }, Sex: { warn: 0.01 } } } },
    ],
    [
      'one token needs no list',
      'missing: { tokens: "?" }',
      { thresholds: { warn: 0.01, error: 0.05, columns: {} }, tokens: ['?'] },
    ],
    [
      'tokens are texts and numbers',
      'missing: { tokens: [NA, "?", -999] }',
      { thresholds: { warn: 0.01, error: 0.05, columns: {} }, tokens: ['NA', '?', '-999'] },
    ],
    [
      'a range is a list or a map, and may be one for each severity',
      'distribution: { columns: { Age: { mean: [28, 31], max: { max: 90 }, quantiles: { 0.95: { warn: [0, 60], error: { max: 80 } } } } } }',
      {
        expected: [
          { column: 'Age', figure: 'mean', at: ['columns', 'Age', 'mean'], error: { min: 28, max: 31 } },
          { column: 'Age', figure: 'max', at: ['columns', 'Age', 'max'], error: { max: 90 } },
          {
            ...{ column: 'Age', figure: { quantile: 0.95 }, at: ['columns', 'Age', 'quantiles', '0.95'] },
            ...{ warn: { min: 0, max: 60 }, error: { max: 80 } },
          },
        ],
      },
    ],
    ['there is a row at least', 'row_count: {}', { minimum: { error: 1 }, maximum: {} }],
    ['a bare number of rows is the least', 'row_count: 100', { minimum: { error: 100 }, maximum: {} }],
    [
      'ages are seconds',
      'freshness: { column: day, warn: 12h, error: 7d }',
      { column: 'day', threshold: { warn: 43_200, error: 604_800 } },
    ],
    [
      'a condition may be alone or have bounds',
      'consistency: { a: Age > 0, b: { expression: Age < 9, warn: 1%, where: Age > 1 } }',
      {
        rules: {
          a: { expression: 'Age > 0', threshold: { error: 0 } },
          b: { expression: 'Age < 9', threshold: { warn: 0.01 }, where: 'Age > 1' },
        },
      },
    ],
    [
      'a figure is the mean unless another is named',
      'custom: { a: { expression: Age / 2, atLeast: 3, atMost: { warn: 9 } } }',
      { rules: { a: { expression: 'Age / 2', figure: 'mean', atLeast: { error: 3 }, atMost: { warn: 9 } } } },
    ],
  ];
  for (const [what, text, parameters] of written) {
    it(`${what}: ${text}`, () => {
      const { checks = {} } = spec(dataset(`${columns}checks: { ${text} }`));
      assert.deepEqual(Object.values(checks), [parameters]);
    });
  }

  it('lie over those of defaults check by check, and key by key within one', () => {
    const { datasets, findings } = parseConfig(
      'version: 1\n' +
        'defaults: { checks: { missing: { warn: 2%, tokens: NA }, row_count: 5, schema: {} }, gates: { maxErrors: 1, coverage: 50% } }\n' +
        'datasets:\n' +
        '  a: { source: a.csv, checks: { missing: 30%, row_count: false }, gates: { maxErrors: 2 } }\n' +
        '  b: { source: b.csv }\n',
      'mldata.yaml',
    );
    assert.deepEqual(findings, []);
    const [a, b] = datasets;
    assert.ok(a && b);
    assert.deepEqual(a.checks, {
      schema: { order: false },
      missing: { thresholds: { warn: 0.02, error: 0.3, columns: {} }, tokens: ['NA'] },
      row_count: false,
    });
    assert.deepEqual(b.checks?.row_count, { minimum: { error: 5 }, maximum: {} });
    assert.deepEqual(a.gates, { maxErrors: 2, coverage: 0.5 });
    assert.deepEqual(b.gates, { maxErrors: 1, coverage: 0.5 });
  });

  const faults: readonly (readonly [string, string, Expected])[] = [
    ['an unknown check', 'checks: { «mising»: 5% }', { code: 'unknown-key', says: 'Did you mean `missing`' }],
    ['a switch that is none', 'checks: { missing: «true» }', { code: 'invalid-value', says: 'Expected' }],
    ['a share beyond the whole', 'checks: { missing: «120%» }', { code: 'invalid-value', says: 'a share' }],
    [
      'a warning behind the error',
      'checks: { missing: { warn: «10%», error: 5% } }',
      { code: 'check-parameter', says: '`warn` lies above `error`' },
    ],
    [
      'a column that there is not',
      `${columns}checks: { missing: { columns: { agee: «5%» } } }`,
      { code: 'check-column', says: 'There is no column `agee`', suggests: '`Age`' },
    ],
    [
      'a column of numbers for a time',
      `${columns}checks: { freshness: { column: «Age», error: 1d } }`,
      { code: 'check-column', says: 'of type number' },
    ],
    [
      'a column that a step leaves out',
      `${columns}transforms: [drop: { columns: Age }]\nchecks: { missing: { columns: { Age: «5%» } } }`,
      { code: 'check-column', says: 'There is no column `Age`' },
    ],
    [
      'a number of rows that cannot be',
      'checks: { row_count: { minimum: 10, maximum: «5» } }',
      { code: 'check-parameter', says: 'no number of rows fits' },
    ],
    [
      'a rule that nothing breaks',
      'checks: { custom: { a: «{ expression: Age }» } }',
      { code: 'check-parameter', says: 'has no bounds' },
    ],
    [
      'a range of one number',
      'checks: { distribution: { columns: { Age: { mean: «[28]» } } } }',
      { code: 'invalid-value', says: 'Expected a range such as [20, 40], or a map with `min` and `max`, found a list' },
    ],
    [
      'a slip in a map among several that may be there',
      'checks: { distribution: { columns: { Age: { mean: { warn: { max: 60 }, error: { «maximum»: 80 } } } } } }',
      { code: 'unknown-key', says: 'Unknown key `maximum`' },
    ],
    ['a gate beyond the whole', 'gates: { coverage: «2» }', { code: 'invalid-value', says: 'a share from 0 to 1' }],
    [
      'a key of as many columns here as there',
      'schema: { foreignKeys: [{ fields: [a, b], reference: { fields: «c» } }] }',
      { code: 'invalid-value', says: '2 columns here and 1 there' },
    ],
    [
      'a key of a dataset that there is not',
      'schema: { foreignKeys: [{ fields: x, reference: { resource: «b», fields: id } }] }',
      { code: 'unknown-dataset', says: 'There is no dataset `b`' },
    ],
    [
      'a format of what is no text',
      'schema: { columns: { x: { type: integer, format: «email» } } }',
      { code: 'constraint-type', says: '`format` applies to the type string' },
    ],
  ];
  for (const [what, text, expected] of faults) {
    it(`tell ${what}`, () => {
      findsOne(dataset(text), expected);
    });
  }

  it('say faults of what a dataset inherits where it is written', () => {
    findsOne(
      `version: 1\ndefaults: { checks: { missing: { warn: «9%» } } }\ndatasets: { a: { source: a.csv, checks: { missing: 5% } } }\n`,
      { code: 'check-parameter', says: '`warn` lies above `error`' },
    );
  });

  it('may be written as their documentation shows them', () => {
    const documentation = readFileSync(path.join(__dirname, '../../../docs/checks.md'), 'utf8');
    const examples = [...documentation.matchAll(/```yaml\n(.*?)```/gs)].map(([, example = '']) => example);
    assert.ok(examples.length >= 4);
    for (const example of examples) {
      const body = example.replace(/^/gm, '  ');
      const text = example.startsWith('datasets:') ? `version: 1\n${example}` : dataset(`checks:\n${body}`);
      const { findings } = parseConfig(text, 'mldata.yaml');
      assert.deepEqual(
        findings.map(({ message }) => message),
        [],
        example,
      );
    }
  });

  it('that are planned are named ones for a build, and the usual ones too for a validation', () => {
    const checks = {
      missing: { thresholds: { columns: {} } },
      row_count: false,
      freshness: { threshold: {} },
    } as const;
    const names = (which: 'named' | 'usual') => plannedChecks(checks, which).map(({ name }) => name);
    assert.deepEqual(names('named'), ['missing', 'freshness']);
    const usual = checkNames.filter((name) => declaredCheck(name)?.byDefault);
    assert.deepEqual(
      names('usual'),
      checkNames.filter((name) => (usual.includes(name) || name === 'freshness') && name !== 'row_count'),
    );
    assert.deepEqual(plannedChecks(checks, ['row_count']), [
      { name: 'row_count', parameters: { minimum: { error: 1 }, maximum: {} } },
    ]);
  });
});
