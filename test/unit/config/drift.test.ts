import assert from 'node:assert/strict';
import { driftSettings, driftThresholds, parseConfig, programOf } from '../../../src/config';
import { completionsAt } from '../../../src/config/language';
import { driftMeasures, driftSpecSchema } from '../../../src/protocol';
import { cursor, dataset as languageDataset, looks } from './language/support';
import { dataset, findsOne, spec, type Expected } from './support';

const columns = 'schema: { columns: { Age: number, Sex: string, day: date } }\n';
const closed = 'schema: { columns: { Age: number, Sex: string, day: date }, extraColumns: error }\n';

describe('config: drift', () => {
  it('is absent unless it is written, and no part of what is built', () => {
    const plain = spec(dataset('title: A'));
    assert.equal(plain.drift, undefined);
    assert.deepEqual(programOf(spec(dataset('title: A\ndrift: { baseline: previous }'))), plain);
  });

  const written: readonly (readonly [string, string, object])[] = [
    ['a number of bins means quantiles', 'bins: 20', { bins: { by: 'quantile', count: 20 } }],
    ['bins of equal width', 'bins: { width: 5 }', { bins: { by: 'width', count: 5 } }],
    ['bins as they are given', 'bins: { edges: [18, 65] }', { bins: { by: 'edges', edges: [18, 65] } }],
    ['shares as percentages', 'share: 30%', { share: 0.3 }],
    [
      'thresholds of missing values as percentages',
      'thresholds: { missing: [1%, 5%, 0.5], psi: [0.1, 0.2, 0.25] }',
      { thresholds: { missing: [0.01, 0.05, 0.5], psi: [0.1, 0.2, 0.25] } },
    ],
    ['p-values that fall', 'thresholds: { ks: [0.05, 0.01, 0.001] }', { thresholds: { ks: [0.05, 0.01, 0.001] } }],
    [
      'what differs for a column',
      'columns: { Age: { method: ks, thresholds: [0.1, 0.05, 0.01], bins: 5, importance: 2, muted: true } }',
      {
        columns: {
          Age: {
            ...{ method: 'ks', thresholds: [0.1, 0.05, 0.01], bins: { by: 'quantile', count: 5 } },
            ...{ importance: 2, muted: true },
          },
        },
      },
    ],
    ['windows of months where nothing is said', 'window: { column: day }', { window: { column: 'day', by: 'month' } }],
    [
      'a program without arguments',
      'baseline: production\nalerts: { command: ./notify, log: alerts.jsonl, level: high }',
      { baseline: 'production', alerts: { command: ['./notify'], log: 'alerts.jsonl', level: 'high' } },
    ],
    [
      'one webhook as a list of one, and how each is told',
      'baseline: previous\nalerts: { webhooks: "${credential:slack}" }',
      { baseline: 'previous', alerts: { webhooks: [{ url: '${credential:slack}' }] } },
    ],
    [
      'webhooks with their form',
      'baseline: previous\nalerts: { webhooks: [{ url: "https://h/${env:A}", format: slack }, "https://h/b"] }',
      {
        baseline: 'previous',
        alerts: { webhooks: [{ url: 'https://h/${env:A}', format: 'slack' }, { url: 'https://h/b' }] },
      },
    ],
    [
      'a measure in the units of a column, with thresholds',
      'method: energy\nthresholds: { energy: [1, 2, 3] }',
      {
        method: 'energy',
        thresholds: { energy: [1, 2, 3] },
      },
    ],
  ];
  for (const [name, text, expected] of written) {
    it(`reads ${name}`, () => {
      const { drift } = spec(dataset(`${columns}drift:\n${text.replace(/^/gm, '  ')}`));
      assert.deepEqual(drift, expected);
      assert.deepEqual(driftSpecSchema.parse(drift), expected);
    });
  }

  it('lies over that of defaults, key by key, and thresholds and columns one by one', () => {
    const config = parseConfig(
      'version: 1\ndefaults:\n  drift:\n    share: 20%\n    method: psi\n    thresholds: { psi: [0.2, 0.3, 0.4], js: [0.1, 0.2, 0.3] }\n' +
        '    columns: { id: { muted: true } }\n' +
        'datasets:\n  a:\n    source: a.csv\n    drift: { method: js, thresholds: { js: [0.4, 0.5, 0.6] }, columns: { b: { importance: 3 } } }\n' +
        '  c: { source: c.csv }\n',
      'mldata.yaml',
    );
    assert.deepEqual(config.findings, []);
    assert.deepEqual(config.datasets[0]?.drift, {
      method: 'js',
      share: 0.2,
      thresholds: { psi: [0.2, 0.3, 0.4], js: [0.4, 0.5, 0.6] },
      columns: { id: { muted: true }, b: { importance: 3 } },
    });
    assert.equal(config.datasets[1]?.drift?.method, 'psi');
    const origins = ['method', 'share', 'thresholds.psi', 'thresholds.js', 'columns.id', 'columns.b'];
    assert.deepEqual(
      origins.map((key) => config.valuesOf('a').get(`drift.${key}`)?.layer),
      ['dataset', 'defaults', 'defaults', 'dataset', 'defaults', 'dataset'],
    );
  });

  const cases: readonly (readonly [string, string, Expected])[] = [
    [
      'levels that fall',
      'drift: { thresholds: { psi: «[0.25, 0.2, 0.1]» } }',
      { code: 'drift-parameter', says: 'The levels of `psi` do not rise.', suggests: '[0.1, 0.2, 0.25]' },
    ],
    [
      'p-values that rise',
      'drift: { thresholds: { ks: «[0.001, 0.01, 0.05]» } }',
      { code: 'drift-parameter', says: 'A smaller p-value is more drift', suggests: '[0.05, 0.01, 0.001]' },
    ],
    [
      'levels of a column that do not suit its measure',
      'drift: { columns: { Age: { method: chi2, thresholds: «[0.1, 0.2, 0.3]» } } }',
      { code: 'drift-parameter', says: 'those of `chi2` fall' },
    ],
    [
      'two levels for three',
      'drift: { thresholds: { psi: «[0.1, 0.2]» } }',
      { code: 'invalid-value', says: 'three numbers' },
    ],
    ['an unknown measure', 'drift: { thresholds: { «spi»: [0.1, 0.2, 0.3] } }', { code: 'unknown-key', says: '`psi`' }],
    [
      'a misspelt method',
      'drift: { method: «wasserstien» }',
      { code: 'invalid-value', says: '', suggests: 'wasserstein' },
    ],
    [
      'edges that fall',
      'drift: { bins: { edges: [1, 5, «3»] } }',
      { code: 'drift-parameter', says: 'The edge 3 is not above the one before it.' },
    ],
    [
      'bins in two ways',
      'drift: { bins: { quantile: 5, width: «5» } }',
      { code: 'drift-parameter', says: '`quantile` and `width` exclude each other.' },
    ],
    ['bins in no way', 'drift: { bins: «{}» }', { code: 'drift-parameter', says: 'Nothing says which bins.' }],
    ['one bin', 'drift: { bins: «1» }', { code: 'invalid-value', says: 'a number of bins from 2' }],
    ['an epsilon of nothing', 'drift: { epsilon: «0» }', { code: 'invalid-value', says: 'above 0 and below 1' }],
    [
      'a distance in units without levels',
      'drift: { method: «wasserstein» }',
      { code: 'drift-parameter', says: 'in the units of the column', suggests: 'wassersteinNormalized' },
    ],
    [
      'the same of one column',
      'drift: { columns: { Age: { method: «energy» } } }',
      { code: 'drift-parameter', says: 'in the units of the column' },
    ],
    [
      'levels of a column by no measure',
      'drift: { columns: { Age: { thresholds: «[1, 2, 3]» } } }',
      { code: 'drift-parameter', says: 'belong to no measure', suggests: '`method`' },
    ],
    [
      'alerts of nothing',
      'drift: { «alerts»: { log: a.jsonl } }',
      { code: 'drift-parameter', severity: 'warning', says: 'Without `baseline`', suggests: 'baseline: previous' },
    ],
    [
      'a log outside',
      'drift: { baseline: previous, alerts: { log: «/var/log/drift.jsonl» } }',
      { code: 'drift-parameter', says: 'not at an absolute path' },
    ],
    [
      'a webhook that is no address',
      'drift: { baseline: previous, alerts: { webhooks: [«slack»] } }',
      { code: 'drift-parameter', says: 'no address of a webhook', suggests: '${credential:NAME}' },
    ],
    [
      'a webhook of another scheme',
      'drift: { baseline: previous, alerts: { webhooks: ["https://h/a", «"mailto:${env:WHO}"»] } }',
      { code: 'drift-parameter', says: 'no address of a webhook' },
    ],
    [
      'a webhook whose host is a secret',
      'drift: { baseline: previous, alerts: { webhooks: [«"https://${env:KEY}.example.org/x"»] } }',
      { code: 'drift-parameter', says: 'The host of the webhook' },
    ],
    [
      'a webhook with a name',
      'drift: { baseline: previous, alerts: { webhooks: [«"https://me@h/a"»] } }',
      { code: 'drift-parameter', says: 'bears a name or password' },
    ],
    [
      'a baseline with backslashes',
      'drift: { baseline: «old\\data.csv» }',
      { code: 'backslash-path', severity: 'warning', says: 'forward slashes' },
    ],
    [
      'a version that YAML takes for a number',
      'drift: { baseline: «20241231» }',
      { code: 'invalid-value', says: 'the id of a version', suggests: '"20241231"' },
    ],
    [
      'a misspelt column',
      `${columns}drift: { columns: { «Agee»: { muted: true } } }`,
      { code: 'unknown-column', severity: 'warning', says: '`Agee`', suggests: '`Age`' },
    ],
    [
      'a column that cannot be there',
      `${closed}drift: { window: { column: «time», by: week } }`,
      { code: 'unknown-column', says: '`time`' },
    ],
    [
      'an unknown unit of windows',
      'drift: { window: { column: day, by: «moth» } }',
      { code: 'invalid-value', says: '', suggests: '`month`' },
    ],
  ];
  for (const [name, body, expected] of cases) {
    it(`reports ${name} where it stands`, () => {
      findsOne(dataset(body), expected);
    });
  }

  it('knows columns that steps make', () => {
    spec(
      dataset(
        `${closed}transforms: [{ rename: { columns: { Age: years } } }]\ndrift: { columns: { years: { method: psi } }, window: { column: day } }`,
      ),
    );
  });

  it('reports what defaults say where defaults say it', () => {
    findsOne('version: 1\ndefaults:\n  drift: { method: «wasserstein» }\ndatasets: { a: { source: a.csv } }\n', {
      code: 'drift-parameter',
      says: 'in the units',
    });
  });
});

describe('settings of a comparison', () => {
  it('have levels for every measure but those in the units of a column', () => {
    const without = driftMeasures.filter((measure) => driftThresholds[measure] === undefined);
    assert.deepEqual(without, ['wasserstein', 'energy']);
  });

  it('are the documented ones where nothing is said', () => {
    const { thresholds, ...rest } = driftSettings();
    assert.deepEqual(rest, {
      ...{ method: 'auto', bins: { by: 'quantile', count: 10 }, epsilon: 1e-4 },
      ...{ correction: 'benjamini-hochberg', share: 0.5, columns: {} },
    });
    assert.deepEqual(thresholds, driftThresholds);
  });

  it('follow a preset where the config says no more', () => {
    const { correction, thresholds } = driftSettings({ preset: 'evidently', thresholds: { psi: [0.2, 0.3, 0.4] } });
    assert.equal(correction, 'none');
    assert.deepEqual(
      [thresholds.psi, thresholds.kl],
      [
        [0.2, 0.3, 0.4],
        [0.1, 0.2, 0.3],
      ],
    );
    assert.equal(
      driftSettings({ preset: 'nannyml', correction: 'benjamini-hochberg' }).correction,
      'benjamini-hochberg',
    );
  });
});

describe('completion of drift', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'its keys',
      'drift:\n  |',
      /^baseline preset method thresholds bins epsilon correction share columns window alerts/,
    ],
    ['methods', 'drift:\n  method: |', /auto psi kl/],
    ['measures with thresholds', 'drift:\n  thresholds:\n    |', /psi kl .*missing meanShift/],
    ['columns that are declared', 'schema: { columns: { Age: number } }\ndrift:\n  columns:\n    |', /Age/],
    ['units of windows', 'drift:\n  window:\n    by: |', /day week month/],
  ];
  for (const [name, marked, expected] of cases) {
    it(`offers ${name}`, () => {
      const { text, offset } = cursor(languageDataset(marked));
      const items = completionsAt(text, offset, looks)?.items ?? [];
      assert.match(items.map(({ label }) => label).join(' '), expected);
    });
  }
});
