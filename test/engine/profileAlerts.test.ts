import assert from 'node:assert/strict';
import { parseConfig, thresholdsOf } from '../../src/config';
import { columnAlerts, wholeAlerts } from '../../src/engine/profile/alerts/alerts';
import { associations } from '../../src/engine/profile/pairs/associations';
import { duplicatesOf } from '../../src/engine/profile/rows/duplicates';
import { findingSchema, type ColumnSpec, type Correlation, type Finding, type ProfileSpec } from '../../src/protocol';
import { tables } from './profileSupport';

const table = tables();

interface Options {
  readonly specs?: Readonly<Record<string, ColumnSpec>>;
  readonly profile?: ProfileSpec;
}

async function alertsOf(query: string, { specs, profile }: Options = {}): Promise<Finding[]> {
  const made = await table(query, { ...(specs && { specs }) });
  const { context } = made;
  // Most of the columns here hold little else than what they are about.
  const thresholds = thresholdsOf({ profile: { duplicates: 1, ...profile } });
  const columns = await made.described();
  const whole = {
    rows: context.rows,
    correlations: await associations(context, columns),
    duplicates: await duplicatesOf(context, columns),
  };
  const found = [
    ...columns.flatMap(({ column, figures }) =>
      columnAlerts(
        figures,
        context.rows,
        thresholds,
        'set',
        specs?.[column.name] && ['datasets', 'set', 'schema', 'columns', column.name],
      ),
    ),
    ...wholeAlerts(whole, thresholds, 'set'),
  ];
  for (const finding of found) {
    findingSchema.parse(finding);
    assert.equal(finding.dataset, 'set');
    assert.ok(finding.suggestion, finding.code);
  }
  return found;
}

const codes = (found: readonly Finding[]) =>
  found.map(({ code, column }) => (column === undefined ? code : `${column} ${code}`));

interface Case {
  readonly what: string;
  readonly query: string;
  readonly raises: readonly string[];
  readonly says?: RegExp;
  readonly options?: Options;
}

const half = "CASE WHEN i % 2 = 0 THEN 'x' ELSE NULL END";

const cases: readonly Case[] = [
  { what: 'an unremarkable column', query: 'SELECT sin(i) AS a FROM range(99) r(i)', raises: [] },
  { what: 'no rows at all', query: 'SELECT i AS a FROM range(0) r(i)', raises: [] },
  { what: 'no value', query: 'SELECT sin(i) AS a, NULL::INTEGER AS b FROM range(99) r(i)', raises: ['b empty-column'] },
  {
    what: 'missing values above 5%',
    query: 'SELECT CASE WHEN i >= 6 THEN sin(i) END AS a FROM range(100) r(i)',
    raises: ['a missing-values'],
    says: /^6 values of a are missing \(6 % of the rows\)\. .*`fill_missing: \{ columns: \[a\], strategy: median \}`/,
  },
  {
    what: 'missing values of 5%',
    query: 'SELECT CASE WHEN i >= 5 THEN sin(i) END AS a FROM range(100) r(i)',
    raises: [],
  },
  {
    what: 'missing values that the config allows',
    query: 'SELECT CASE WHEN i >= 6 THEN sin(i) END AS a FROM range(100) r(i)',
    raises: [],
    options: { profile: { missing: 0.2 } },
  },
  {
    what: 'one value only',
    query: "SELECT sin(i) AS a, 'only' AS b FROM range(99) r(i)",
    raises: ['b constant-column'],
    says: /one value only \(`only`\)\. .*`drop: \{ columns: \[b\] \}`/,
  },
  {
    what: 'one value or none',
    query: `SELECT sin(i) AS a, ${half} AS b FROM range(99) r(i)`,
    raises: ['b missing-values', 'b constant-column'],
  },
  {
    what: 'different values in every row',
    query: "SELECT 'k' || i AS a, sin(i) AS b FROM range(99) r(i)",
    raises: ['a unique-values'],
  },
  {
    what: 'different values in every row of what is said to be an identifier',
    query: "SELECT 'k' || i AS a, sin(i) AS b FROM range(99) r(i)",
    raises: [],
    options: { specs: { a: { role: 'id' } } },
  },
  {
    what: 'more than 50 categories',
    query: "SELECT 'v' || floor(51 * abs(sin(i))) AS a, cos(i) AS b FROM range(990) r(i)",
    raises: ['a high-cardinality'],
    says: /`frequency_encode: \{ columns: \[a\] \}`/,
  },
  {
    what: 'categories of which one is nearly all',
    query: "SELECT CASE WHEN i % 20 = 0 THEN 'rare' ELSE 'usual' END AS a, sin(i) AS b FROM range(100) r(i)",
    raises: ['a imbalanced-values'],
    says: /^95 % of the values of a are `usual` \(imbalance 0\.714 of 1\)\./,
  },
  {
    what: 'a target that is nearly all false',
    query: 'SELECT i % 20 = 0 AS a, sin(i) AS b FROM range(100) r(i)',
    raises: ['a imbalanced-values'],
    says: /`stratify: a`/,
    options: { specs: { a: { role: 'target' } } },
  },
  { what: 'three of four', query: 'SELECT sin(i) > -0.7 AS a, cos(i) AS b FROM range(100) r(i)', raises: [] },
  {
    what: 'a long tail',
    query: 'SELECT (1 + i) ** -1.5 AS a FROM range(300) r(i)',
    raises: ['a skewed-values', 'a outliers'],
    says: /skewed to the right \(skewness \d.*`power: \{ columns: \[a\] \}`/,
  },
  {
    what: 'mostly zeros',
    query: 'SELECT greatest(0, sin(i)) AS a FROM range(99) r(i) WHERE i < 97',
    raises: ['a many-zeros'],
    options: { profile: { zeros: 0.4, outliers: 1 } },
  },
  {
    what: 'infinite values and NaN',
    query:
      "SELECT CASE i WHEN 3 THEN 'inf'::DOUBLE WHEN 4 THEN '-inf'::DOUBLE WHEN 5 THEN 'nan'::DOUBLE ELSE sin(i) END AS \"a b\" FROM range(99) r(i)",
    raises: ['a b non-finite-values'],
    says: /^3 values of a b are no finite numbers: 2 infinite, 1 NaN\. .*`filter: \{ expression: "isfinite\(\\"a b\\"\)" \}`/,
  },
  {
    what: 'values far from the others',
    query: 'SELECT CASE WHEN i % 10 = 0 THEN 50 * cos(i) ELSE sin(i) END AS a FROM range(300) r(i)',
    raises: ['a outliers'],
    says: /`clip: \{ columns: \[a\], quantiles: \[0\.01, 0\.99\] \}`/,
  },
  {
    what: 'numbers that are spread too evenly',
    query: 'SELECT (i * 37) % 1000 / 7.0 AS a FROM range(1000) r(i)',
    raises: ['a uniform-values'],
    says: /χ² p above 0\.9999/,
  },
  {
    what: 'numbers that chance spreads',
    query: 'SELECT hash(i) % 100000 / 7.0 AS a FROM range(1000) r(i)',
    raises: [],
  },
  {
    what: 'numbers as text',
    query: "SELECT CASE WHEN i % 50 = 0 THEN 'n/a' ELSE (i % 17 + sin(i))::VARCHAR END AS a FROM range(200) r(i)",
    raises: ['a numbers-as-text'],
    says: /98 % of its values read as numbers\. .*`cast: \{ columns: \{ a: number \}, onError: null \}`/,
  },
  {
    what: 'dates as text',
    query:
      "SELECT CASE WHEN i % 50 = 0 THEN 'soon' ELSE (DATE '2020-01-01' + (i * i % 97)::INTEGER)::VARCHAR END AS a FROM range(200) r(i)",
    raises: ['a dates-as-text'],
    options: { profile: { highCardinality: 1000 } },
  },
  {
    what: 'blanks around values',
    query:
      "SELECT ['red', 'blue', ' red', 'blue'][1 + floor(4 * abs(sin(i)))::INTEGER] AS a FROM range(100) r(i) WHERE abs(sin(i)) < 1",
    raises: ['a surrounding-blanks'],
    says: /`trim: \{ columns: \[a\] \}`/,
  },
  {
    what: 'letter cases',
    query:
      "SELECT ['Oslo', 'oslo', 'Rome', 'Rome'][1 + floor(4 * abs(sin(i)))::INTEGER] AS a FROM range(100) r(i) WHERE abs(sin(i)) < 1",
    raises: ['a mixed-case'],
    says: /`lowercase: \{ columns: \[a\] \}`/,
  },
  {
    what: 'rows that are there twice',
    query: 'SELECT sin(i % 90) AS a FROM range(100) r(i)',
    raises: ['duplicate-rows'],
    says: /^10 rows repeat another one in every column \(10 %; 10 different rows occur more than once\)/,
    options: { profile: { duplicates: 0 } },
  },
  {
    what: 'columns that go together',
    query: 'SELECT sin(i) AS a, 3 * sin(i) + cos(i) / 100 AS b, cos(i * 2) AS c FROM range(100) r(i)',
    raises: ['b correlated-columns'],
    says: /^a and b go together \((Pearson’s r|Spearman’s ρ) 1\)/,
  },
];

describe('alerts of a profile', () => {
  for (const { what, query, raises, says, options } of cases) {
    it(`of ${what}: ${raises.length > 0 ? raises.join(', ') : 'none'}`, async () => {
      const found = await alertsOf(query, options);
      assert.deepEqual(codes(found), raises, JSON.stringify(found, undefined, 2));
      const texts = found.map(({ message, suggestion }) => `${message} ${suggestion}`);
      if (says)
        assert.ok(
          texts.some((text) => says.test(text)),
          texts.join('\n'),
        );
    });
  }

  it('suggest steps that a config takes', async () => {
    const names = ['a', 'a: b', 'no', "it's", 'a, b', '1', 'größe'];
    for (const name of names) {
      const list = `CASE WHEN i % 3 = 0 THEN 'nan'::DOUBLE WHEN i % 3 = 1 THEN exp(i) END AS "${name}", 'x ' AS "${name} text"`;
      const found = await alertsOf(`SELECT ${list} FROM range(60) r(i)`, { profile: { skew: 0.1 } });
      assert.ok(found.length >= 4, JSON.stringify(codes(found)));
      for (const { suggestion = '' } of found) {
        for (const [, step = ''] of suggestion.matchAll(/`([a-z_]+: \{.*?\})`/g)) {
          const { findings } = parseConfig(
            `version: 1\ndatasets:\n  a:\n    source: a.csv\n    transforms:\n      - ${step}\n`,
            'f',
          );
          assert.deepEqual(findings, [], `${suggestion}\n${step}`);
        }
      }
    }
  });

  it('point at a column where the schema declares it', async () => {
    const query = 'SELECT NULL::INTEGER AS a, NULL::INTEGER AS b FROM range(9) r(i)';
    const found = await alertsOf(query, { specs: { a: { type: 'integer' } } });
    assert.deepEqual(
      found.filter(({ code }) => code === 'empty-column').map(({ configPath }) => configPath),
      [['datasets', 'set', 'schema', 'columns', 'a'], undefined],
    );
  });

  it('tell the strongest twenty pairs one by one, each once, and how many more there are', () => {
    const pairs = Array.from({ length: 30 }, (_, k) => ({ a: 'x', b: `c${k}`, value: -0.95 - k / 1000 }));
    const correlations: Correlation[] = [
      { method: 'pearson', pairs, omittedColumns: 0 },
      { method: 'spearman', pairs, omittedColumns: 0 },
      { method: 'missing', pairs: [{ a: 'x', b: 'y', value: 1 }], omittedColumns: 0 },
    ];
    const found = wholeAlerts(
      { rows: 9, correlations, duplicates: { groups: 0, surplusRows: 0 } },
      thresholdsOf({}),
      'set',
    );
    assert.equal(found.length, 21);
    assert.match(found[0]?.message ?? '', /^x and c29 go together \(Pearson’s r -0\.979\)/);
    assert.deepEqual([found.at(-1)?.count, found.at(-1)?.column], [10, undefined]);
  });
});
