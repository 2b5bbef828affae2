/** Texts that read as numbers or times: what a profile advises is held against what a build makes of it. */
import assert from 'node:assert/strict';
import { thresholdsOf } from '../../src/config';
import { columnAlerts } from '../../src/engine/profile/alerts/alerts';
import { identifier, text } from '../../src/engine/duckdb';
import { tables } from './profileSupport';
import { config, here, workspaces } from './support';

interface Case {
  readonly what: string;
  readonly texts: readonly string[];
  /** What the build has after the advised steps, as text; null: missing. */
  readonly gives: readonly (string | null)[];
  readonly says?: RegExp;
}

const cases: readonly Case[] = [
  {
    what: 'numbers beside a word for what is missing',
    texts: ['1.5', '2', '-3e2', 'n/a'],
    gives: ['1.5', '2.0', '-300.0', null],
    says: /^Say what stands for a missing value in `nullValues`, or .*; 2 values that are none become missing\.$/,
  },
  { what: 'decimal commas', texts: ['1,5', '2', '-3,25', '1234,5'], gives: ['1.5', '2.0', '-3.25', '1234.5'] },
  { what: 'commas between thousands', texts: ['1,234.5', '2', '1,000,000'], gives: ['1234.5', '2.0', '1000000.0'] },
  { what: 'points between thousands', texts: ['1.234,5', '2', '1.000.000'], gives: ['1234.5', '2.0', '1000000.0'] },
  { what: 'blanks between thousands', texts: ['1 234,5', '2', '12 000'], gives: ['1234.5', '2.0', '12000.0'] },
  { what: 'apostrophes between thousands', texts: ["1'234.5", '2', "12'000"], gives: ['1234.5', '2.0', '12000.0'] },
  { what: 'percent signs', texts: ['5%', '12.5 %', '100%'], gives: ['5.0', '12.5', '100.0'] },
  { what: 'percent signs after decimal commas', texts: ['5,25%', '100%'], gives: ['5.25', '100.0'] },
  {
    what: 'commas that may be either',
    texts: ['1,234', '5,678'],
    gives: ['1.234', '5.678'],
    says: /Whether a comma stands before decimals or between thousands cannot be told/,
  },
  { what: 'dates', texts: ['2024-02-01', '2024-02-13', 'soon'], gives: ['2024-02-01', '2024-02-13', null] },
  { what: 'dates with slashes, year first', texts: ['2024/02/01', '2024/2/13'], gives: ['2024-02-01', '2024-02-13'] },
  {
    what: 'date-times',
    texts: ['2024-02-01 10:30:00', '2024-02-13T07:00'],
    gives: ['2024-02-01 10:30:00', '2024-02-13 07:00:00'],
  },
  { what: 'times', texts: ['10:30', '23:59:59'], gives: ['10:30:00', '23:59:59'] },
  { what: 'dates with points', texts: ['01.02.2024', '13.2.2024'], gives: ['2024-02-01', '2024-02-13'] },
  { what: 'dates with points and short years', texts: ['01.02.24', '13.02.99'], gives: ['2024-02-01', '1999-02-13'] },
  { what: 'dates, day first', texts: ['01/02/2024', '13/02/2024'], gives: ['2024-02-01', '2024-02-13'] },
  { what: 'dates, month first', texts: ['02/01/2024', '02/13/2024'], gives: ['2024-02-01', '2024-02-13'] },
  {
    what: 'dates by which day and month cannot be told apart',
    texts: ['01/02/2024', '03/04/2024'],
    gives: ['2024-02-01', '2024-04-03'],
    says: /Whether the day or the month comes first cannot be told/,
  },
  { what: 'dates with the names of months', texts: ['1 Feb 2024', '13 Feb 2024'], gives: ['2024-02-01', '2024-02-13'] },
  {
    what: 'dates with points, some of them with times',
    texts: ['01.02.2024 10:30', '13.02.2024', 'soon'],
    gives: ['2024-02-01 10:30:00', '2024-02-13 00:00:00', null],
    says: /; 2 values that are none become missing\.$/,
  },
];

/** Twice, so that they are no names of rows. */
const column = (texts: readonly string[], name: string) =>
  `SELECT unnest([${[...texts, ...texts].map(text).join(', ')}]) AS ${identifier(name)}`;

describe('texts that read as numbers or times', () => {
  const table = tables();
  const workspace = workspaces(here);
  const thresholds = thresholdsOf({ profile: { numbersAsText: 0.6, datesAsText: 0.6 } });
  const advice = async (texts: readonly string[], name = 'a'): Promise<string> => {
    const made = await table(column(texts, name));
    const [described] = await made.described();
    assert.ok(described);
    const found = columnAlerts(described.figures, made.context.rows, thresholds, 'set');
    const alert = found.find(({ code }) => code === 'numbers-as-text' || code === 'dates-as-text');
    assert.ok(alert?.suggestion, JSON.stringify(found));
    return alert.suggestion;
  };
  const stepsOf = (suggestion: string) => [...suggestion.matchAll(/`([a-z]+: \{.*?\})`/g)].map(([, step = '']) => step);

  for (const { what, texts, gives, says } of cases)
    it(`become values by the steps that are advised: ${what}`, async () => {
      const suggestion = await advice(texts);
      if (says) assert.match(suggestion, says);
      const steps = stepsOf(suggestion);
      assert.ok(steps.length > 0, suggestion);
      const space = await workspace({
        '.mldata.yaml': config(
          'a.csv',
          `schema: { columns: { a: { type: string } } }\ntransforms:\n${steps.map((step) => `  - ${step}\n`).join('')}`,
        ),
        'a.csv': `a\n${texts.map((each) => `"${each}"`).join('\n')}\n`,
      });
      const built = await space.buildOne();
      assert.equal(built.status, 'built', `${suggestion}\n${built.error?.message}`);
      const rows = await space.query('SELECT CAST(a AS VARCHAR) AS a FROM {datasets/d/data/data.parquet}');
      assert.deepEqual(
        rows.map(({ a }) => a),
        gives,
        suggestion,
      );
    });

  it('with a zone are read by a declared type, as is advised', async () => {
    const texts = ['2024-02-01T10:30:00Z', '2024-02-13T07:00:00+02:00'];
    assert.match(await advice(texts), /^Declare `type: datetime` in the schema/);
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'schema: { columns: { a: { type: datetime } } }'),
      'a.csv': `a\n${texts.join('\n')}\n`,
    });
    await space.buildOne();
    const rows = await space.query('SELECT epoch(a) AS a FROM {datasets/d/data/data.parquet}');
    assert.deepEqual(
      rows.map(({ a }) => new Date(Number(a) * 1000).toISOString()),
      ['2024-02-01T10:30:00.000Z', '2024-02-13T05:00:00.000Z'],
    );
  });

  for (const [what, texts] of [
    ['in several ways', ['1,5', '1,234.5', '2']],
    ['in ways that no format reads', ['10:30 PM', '9:05 AM', '11:00 AM']],
  ] as const)
    it(`written ${what} get no advice that would make them missing`, async () => {
      const suggestion = await advice(texts);
      assert.doesNotMatch(suggestion, /^Turn it/);
      assert.match(suggestion, /in several ways|A cast cannot read how they are written/);
    });

  it('are named in the steps whatever their column is called', async () => {
    const suggestion = await advice(['01.02.2024', '13.02.2024'], 'of "birth"');
    assert.match(
      suggestion,
      /`derive: \{ column: "of \\"birth\\"", expression: "CAST\(try_strptime\(\\"of \\"\\"birth\\"\\"\\", /,
    );
  });
});
