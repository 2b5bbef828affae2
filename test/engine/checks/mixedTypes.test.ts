import assert from 'node:assert/strict';
import { checkedRows, rowsOf, type CheckedOptions } from '../checkedRows';

const rows = (values: string, repeat = 10) => `SELECT unnest([${values}]) AS x FROM range(${repeat})`;
/** 19 of 20 read as numbers; `n/a` is the third row. */
const numbers = "SELECT CASE WHEN i = 2 THEN 'n/a' ELSE (i % 7)::VARCHAR END AS x FROM range(20) r(i)";

describe('the check mixed_types', () => {
  it('shows the values that are no numbers, where most are', async () => {
    const finding = (await checkedRows('mixed_types', numbers)).only('numbers-as-text');
    assert.equal(finding.message, 'x is text, and 95 % of its values read as numbers, all but 1 value.');
    assert.deepEqual(
      [finding.severity, finding.column, finding.count, rowsOf(finding), finding.samples],
      ['warning', 'x', 1, [3], ['n/a']],
    );
  });

  it('says so where all values are', async () => {
    const finding = (await checkedRows('mixed_types', rows("'1.5', '2', '-3e4'"))).only('numbers-as-text');
    assert.deepEqual([finding.count, finding.samples?.length], [30, 3]);
    assert.match(finding.suggestion ?? '', /`cast: \{ columns: \{ x: number \}, onError: null \}`/);
  });

  const cases: readonly (readonly [string, string, readonly string[], CheckedOptions?])[] = [
    ['dates', rows("'2024-01-31', '31.1.2024', '12:30'"), ['dates-as-text']],
    ['codes with leading zeros', rows("'007', '012'"), []],
    ['words', rows("'a', 'b', '1'"), []],
    ['numbers', 'SELECT i AS x FROM range(10) r(i)', []],
    ['a column that is missing everywhere', 'SELECT NULL::VARCHAR AS x FROM range(10)', []],
    ['names of rows that look like numbers', 'SELECT (i * 7 + 100)::VARCHAR AS x FROM range(100) r(i)', []],
    ['what is declared as an id', rows("'1', '2'"), [], { columns: { x: { role: 'id' } } }],
    ['what is declared as anything', rows("'1', '2'"), [], { columns: { x: { type: 'any' } } }],
    ['values of which fewer are numbers than allowed', numbers, [], { written: '96%' }],
    ['values of which as many are numbers as written', numbers, ['numbers-as-text'], { written: '95%' }],
    ['a column with a threshold of its own', numbers, [], { written: { columns: { x: { warn: 1 } } } }],
    ['only rows that meet a condition', numbers, [], { written: { warn: 1, where: "x <> '1'" } }],
    ['a column with a name of SQL', `SELECT x AS "from" FROM (${numbers})`, ['numbers-as-text']],
    ['no rows', `SELECT * FROM (${numbers}) WHERE false`, []],
  ];
  for (const [what, query, codes, options] of cases) {
    it(`${codes.length > 0 ? 'finds' : 'passes over'} ${what}`, async () => {
      assert.deepEqual((await checkedRows('mixed_types', query, options)).codes, codes);
    });
  }

  const advice = [
    [
      'numbers with thousands and decimals',
      "'1,234.50', '12.25'",
      /`replace: .*text: ",", with: "" \}` and then `cast: /,
    ],
    ['dates that a cast does not read', "'31.01.2024', '1.2.2024'", /try_strptime\(x, \['%d\.%m\.%Y'\]\)/],
    ['dates that it reads', "'2024-01-31', '2024-02-01'", /`cast: \{ columns: \{ x: date \}, onError: null \}`/],
  ] as const;
  for (const [what, values, step] of advice) {
    it(`advises steps that read ${what}, and how to keep them as text`, async () => {
      const { findings } = await checkedRows('mixed_types', rows(values));
      assert.match(findings[0]?.suggestion ?? '', step);
      assert.match(findings[0]?.suggestion ?? '', /allow it under `checks\.mixed_types\.columns`\.$/);
    });
  }

  it('takes the threshold that is written as an error', async () => {
    const { only, result } = await checkedRows('mixed_types', numbers, { written: 0.9 });
    assert.deepEqual([only('numbers-as-text').severity, result.status], ['error', 'failed']);
  });
});
