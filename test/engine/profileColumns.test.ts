/** What a profile says of one column. */
import assert from 'node:assert/strict';
import type { NumericProfile, SemanticType, TextProfile } from '../../src/protocol';
import { ColumnProfiler, type ColumnToProfile, type Profiled } from './profiledColumn';

describe('a profiled column', () => {
  let columns: ColumnProfiler;

  before(async () => {
    columns = await ColumnProfiler.open();
  });
  after(() => columns.close());

  const numbers = (...values: readonly (string | null)[]) => columns.values({ type: 'DOUBLE', values });
  const integers = (...values: readonly (string | null)[]) => columns.values({ type: 'BIGINT', values });
  const texts = (...values: readonly (string | null)[]) => columns.values({ type: 'VARCHAR', values });
  const numeric = async (found: Promise<Profiled>): Promise<NumericProfile> => {
    const { numeric: figures } = await found;
    assert.ok(figures);
    return figures;
  };
  const text = async (found: Promise<Profiled>): Promise<TextProfile> => {
    const { text: figures } = await found;
    assert.ok(figures);
    return figures;
  };
  const times = (length: number, value: (i: number) => string) => Array.from({ length }, (_, i) => value(i));

  describe('means something', () => {
    const repeated = (...values: readonly string[]) => times(30, (i) => values[i % values.length] ?? '');
    const counted = times(30, String);
    const cases: readonly [name: string, column: ColumnToProfile, semantic: SemanticType][] = [
      ['numbers', { type: 'DOUBLE', values: ['1.5', '2'] }, 'numeric'],
      ['whole numbers, however few', { type: 'BIGINT', values: repeated('0', '1') }, 'numeric'],
      ['whole numbers that count the rows', { type: 'BIGINT', values: counted }, 'identifier'],
      ['different whole numbers', { type: 'BIGINT', values: counted.map((i) => `${i}7`) }, 'numeric'],
      [
        'different whole numbers called id',
        { type: 'BIGINT', name: 'UserId', values: counted.map((i) => `${i}7`) },
        'identifier',
      ],
      [
        'a target of a few whole numbers',
        { type: 'BIGINT', values: repeated('0', '1'), spec: { role: 'target' } },
        'categorical',
      ],
      ['a target of numbers', { type: 'DOUBLE', values: repeated('0', '1'), spec: { role: 'target' } }, 'numeric'],
      ['whole numbers from a list', { type: 'BIGINT', values: ['1', '2'], spec: { enum: [1, 2, 3] } }, 'categorical'],
      ['numbers declared to be ids', { type: 'BIGINT', values: repeated('7'), spec: { role: 'id' } }, 'identifier'],
      ['texts that repeat', { type: 'VARCHAR', values: repeated('a', 'b') }, 'categorical'],
      ['texts that differ', { type: 'VARCHAR', values: ['a', 'b', 'c', 'a'] }, 'text'],
      ['different texts in one word', { type: 'VARCHAR', values: counted.map((i) => `u-${i}`) }, 'identifier'],
      ['different texts of several words', { type: 'VARCHAR', values: counted.map((i) => `row ${i}`) }, 'text'],
      ['long texts that repeat', { type: 'VARCHAR', values: repeated('x'.repeat(200), 'y'.repeat(200)) }, 'text'],
      ['a group', { type: 'VARCHAR', values: repeated('a', 'b'), spec: { role: 'group' } }, 'identifier'],
      ['true and false', { type: 'BOOLEAN', values: ['true', 'false'] }, 'boolean'],
      ['dates', { type: 'DATE', values: ['2020-01-01'] }, 'datetime'],
      ['times of day', { type: 'TIME', values: ['12:30:00'] }, 'datetime'],
      [
        'universal identifiers',
        { type: 'UUID', values: counted.map((i) => `00000000-0000-0000-0000-0000000000${i.padStart(2, '0')}`) },
        'identifier',
      ],
      ['nothing', { type: 'VARCHAR', values: [null, null] }, 'empty'],
      ['no row', { type: 'DOUBLE', values: [] }, 'empty'],
    ];
    for (const [name, column, semantic] of cases) {
      it(`${semantic}: ${name}`, async () => {
        assert.equal((await columns.values(column)).semantic, semantic);
      });
    }
  });

  it('counts what is missing, and different values, of which NaN and each infinity are one', async () => {
    const found = await numbers('1', null, 'nan', 'nan', 'inf', '-inf', '1', '-0.0', '0');
    assert.deepEqual([found.nulls, found.nullRatio, found.distinct, found.distinctExact], [1, 1 / 9, 5, true]);
    const { nans, infinities, negativeInfinities, zeros, negatives, min, max } = await numeric(Promise.resolve(found));
    assert.deepEqual([nans, infinities, negativeInfinities, zeros, negatives, min, max], [2, 1, 1, 2, 0, 0, 1]);
  });

  it('has numbers without a value, where none is there', async () => {
    for (const values of [[], [null], ['nan', 'inf']]) {
      const { mean, stddev, quantiles, histogram, outliers } = await numeric(numbers(...values));
      assert.deepEqual([mean, stddev, quantiles['0.5'], outliers.lower], [null, null, null, null]);
      assert.deepEqual(histogram, { edges: [], counts: [] });
    }
  });

  it('has no deviation of one value, no skewness of two, no kurtosis of three', async () => {
    const cases = [
      [['5'], [null, null, null]],
      [
        ['5', '7'],
        [Math.SQRT2, null, null],
      ],
      [
        ['5', '6', '7'],
        [1, 0, null],
      ],
      [
        ['5', '5', '5', '5'],
        [0, 0, 0],
      ],
    ] as const;
    for (const [values, expected] of cases) {
      const { stddev, skewness, kurtosis } = await numeric(numbers(...values));
      assert.deepEqual([stddev, skewness, kurtosis], expected);
    }
  });

  it('gives what overflows a double as null, and the rest', async () => {
    const { mean, stddev, variance, sum, skewness } = await numeric(numbers('1e308', '1.5e308', '1.7e308'));
    assert.ok(mean !== null && Math.abs(mean / 1.4e308 - 1) < 1e-12);
    assert.ok(stddev !== null && stddev > 3e307);
    assert.deepEqual([variance, sum], [null, null]);
    assert.ok(skewness !== null && skewness < 0);
  });

  it('writes exact numbers as text, where a double cannot hold them', async () => {
    const wide = await numeric(integers('9223372036854775807', '-9223372036854775808', '5'));
    // The smallest one is a power of two, which a double can hold.
    assert.deepEqual(wide.exact, { max: '9223372036854775807' });
    assert.equal(wide.sum, 4);
    assert.equal((await numeric(integers('1', '2'))).exact, undefined);
    const decimals = await numeric(columns.values({ type: 'DECIMAL(38,20)', values: ['0.12345678901234567891', '1'] }));
    assert.deepEqual(decimals.exact, { min: '0.12345678901234567891', sum: '1.12345678901234567891' });
  });

  it('has the most frequent value, the smallest of several, and none where none occurs twice', async () => {
    assert.deepEqual((await integers('3', '1', '3', '1', '2')).mode, { value: '1', count: 2 });
    assert.deepEqual((await texts('b', 'a', 'b', 'a', 'c')).mode, { value: 'a', count: 2 });
    assert.equal((await integers('3', '1')).mode, undefined);
  });

  describe('follows an order', () => {
    const cases: readonly [values: readonly (string | null)[], order: NumericProfile['order']][] = [
      [['1', '2', null, '5'], 'strictlyIncreasing'],
      [['1', '2', '2'], 'increasing'],
      [['3', '2', '1'], 'strictlyDecreasing'],
      [['3', '3', '1'], 'decreasing'],
      [['3', '3', null], 'constant'],
      [['3', '1', '2'], undefined],
      [['3'], undefined],
      [[...times(3000, String), '5'], undefined],
    ];
    for (const [values, order] of cases) {
      it(`${order ?? 'none'}: ${values.slice(0, 5).join(' ')}`, async () => {
        assert.equal((await numeric(integers(...values))).order, order);
      });
    }

    it('of the rows, not of the table', async () => {
      const rows = 'SELECT 5000 - i, i FROM range(5001) t(i)';
      assert.equal((await numeric(columns.query(rows, { type: 'BIGINT' }))).order, 'strictlyDecreasing');
    });
  });

  describe('has a histogram', () => {
    const cases: readonly [
      name: string,
      type: string,
      values: readonly string[],
      edges: readonly number[],
      counts: readonly number[],
    ][] = [
      ['of one value', 'DOUBLE', ['0.37', '0.37'], [0.37, 0.38], [2]],
      ['of zeros', 'DOUBLE', ['0', '0'], [0, 1], [2]],
      ['of one whole number', 'BIGINT', ['1000000'], [1000000, 1000001], [1]],
      ['of two values', 'DOUBLE', ['0', '1', '1'], [0, 0.5, 1], [1, 2]],
      ['with a bin for each of a few whole numbers', 'BIGINT', ['1', '2', '2', '3'], [1, 2, 3, 4], [1, 2, 1]],
      [
        'at edges that a product would miss',
        'DOUBLE',
        ['0.1', '0.2', '0.3', '0.3', '0.4'],
        [0.1, 0.2, 0.3, 0.4],
        [1, 1, 3],
      ],
      ['of whole numbers, at whole numbers', 'BIGINT', ['0', '1', '9'], [0, 5, 10], [2, 1]],
      ['on both sides of zero', 'DOUBLE', ['-0.3', '1e9'], [-1e9, 0, 1e9], [1, 1]],
      [
        'of the whole range of doubles',
        'DOUBLE',
        ['-1.7e308', '1.7e308'],
        [-Number.MAX_VALUE, 0, Number.MAX_VALUE],
        [1, 1],
      ],
      ['of numbers too small to divide', 'DOUBLE', ['5e-324', '1e-323'], [5e-324, 1e-323], [2]],
      [
        'of numbers too close to tell apart',
        'BIGINT',
        ['9223372036854775806', '9223372036854775807'],
        [2 ** 63, 2 ** 63],
        [2],
      ],
    ];
    for (const [name, type, values, edges, counts] of cases) {
      it(name, async () => {
        const { histogram } = await numeric(columns.values({ type, values }));
        assert.deepEqual(histogram, { edges, counts });
      });
    }

    it('with no more bins than different values or fifty, that count every value', async () => {
      for (const modulus of [2, 7, 60, 5000]) {
        const rows = `SELECT i, (i * 7919) % ${modulus} / 8.0 FROM range(20000) t(i)`;
        const { histogram } = await numeric(columns.query(rows, { type: 'DOUBLE' }));
        assert.ok(histogram.counts.length <= Math.min(50, modulus), String(histogram.counts.length));
        assert.equal(histogram.edges.length, histogram.counts.length + 1);
        assert.equal(
          histogram.counts.reduce((sum, count) => sum + count),
          20000,
        );
      }
    });

    it('of powers of ten beside it, where the tail is heavy', async () => {
      const rows =
        'SELECT i, CASE WHEN i % 10 = 0 THEN -1 WHEN i % 10 < 8 THEN 1 ELSE 10.0 ** (i % 6) END FROM range(6000) t(i)';
      const { logHistogram } = await numeric(columns.query(rows, { type: 'DOUBLE' }));
      assert.ok(logHistogram);
      assert.equal(logHistogram.edges[0], 1);
      assert.equal(logHistogram.edges.at(-1), 100_000);
      assert.equal(
        logHistogram.counts.reduce((sum, count) => sum + count),
        5400,
      );
      assert.equal((await numeric(numbers('1', '2', '3'))).logHistogram, undefined);
    });
  });

  it('counts what lies beyond the fences', async () => {
    const { outliers } = await numeric(numbers('1', '2', '3', '4', '100', '-100'));
    assert.deepEqual(outliers, { lower: -2.5, upper: 7.5, count: 2 });
  });

  it('lists the most frequent categories, ties by value, and counts the others', async () => {
    const values = times(300, (i) => `c${String(i % 30).padStart(2, '0')}`);
    const { categorical } = await columns.values({ type: 'VARCHAR', values: [...values, 'c29'] });
    assert.ok(categorical);
    assert.deepEqual(categorical.top.slice(0, 3), [
      { value: 'c29', count: 11 },
      { value: 'c00', count: 10 },
      { value: 'c01', count: 10 },
    ]);
    assert.deepEqual([categorical.top.length, categorical.otherValues, categorical.other], [20, 10, 100]);
  });

  it('tells how uneven categories are', async () => {
    const share = async (...values: readonly string[]) => (await texts(...values)).categorical?.imbalance;
    assert.equal(await share('a', 'b', 'a', 'b'), 0);
    assert.equal(await share('a', 'a'), 1);
    const uneven = (await share('a', 'a', 'a', 'b')) ?? 0;
    assert.ok(Math.abs(uneven - 0.18872187554086717) < 1e-12, String(uneven));
  });

  it('counts true and false', async () => {
    const found = await columns.values({ type: 'BOOLEAN', values: ['true', null, 'false', 'true'] });
    assert.deepEqual([found.boolean, found.mode, found.nulls], [{ true: 2, false: 1 }, { value: 'true', count: 2 }, 1]);
  });

  describe('of texts', () => {
    it('has lengths in characters, blank and empty ones', async () => {
      const { minLength, maxLength, meanLength, medianLength, blank, empty, nonAscii } = await text(
        texts('', ' \t', '東京', '👍', 'abc', null),
      );
      assert.deepEqual([minLength, maxLength, meanLength, medianLength], [0, 3, 1.6, 2]);
      assert.deepEqual([blank, empty, nonAscii], [2, 1, 2]);
    });

    const patterns: readonly [value: string, pattern: string][] = [
      ['A12-345', 'A99-999'],
      ['New York', 'Aaa Aaaa'],
      ['u000123', 'a9+'],
      ['wonderful', 'a+'],
      ['WONDERFUL 12345', 'A+ 9+'],
      ['Łódź', 'Aaaa'],
      ['東京', 'aa'],
      ['a\u0007b', 'a\u0007a'],
      ['x'.repeat(1000), 'a+'],
    ];
    for (const [value, pattern] of patterns) {
      it(`has the pattern ${JSON.stringify(pattern)} of ${value.slice(0, 20)}`, async () => {
        assert.deepEqual((await text(texts(value, value))).patterns, [{ value: pattern, count: 2 }]);
      });
    }

    it('has words, however they are written', async () => {
      const { words } = await text(texts('The cat, the dog!', 'Über-cat', '', "don't"));
      assert.deepEqual([words.min, words.max, words.mean], [0, 4, 1.5]);
      assert.deepEqual(words.top.slice(0, 3), [
        { value: 'the', count: 2 },
        { value: 'cat', count: 1 },
        { value: 'dog', count: 1 },
      ]);
    });

    it('has shares of characters', async () => {
      const { characters } = await text(texts('ab 1', 'é,\u0000\u200b'));
      assert.deepEqual(characters, { letters: 3 / 8, digits: 1 / 8, spaces: 1 / 8, punctuation: 1 / 8, other: 2 / 8 });
    });

    const looks: readonly [
      key: 'numbers' | 'dates' | 'surroundingBlanks',
      yes: readonly string[],
      no: readonly string[],
    ][] = [
      [
        'numbers',
        ['1', '-1.5', '1,234.5', '.5', '12 %', ' 7 ', '1e-5', '3,14', '1 000'],
        ['007', '1.2.3', 'x1', '', '-', '1-2', '12:30'],
      ],
      [
        'dates',
        ['2020-01-31', '31.12.2020', '1/2/20', '2020-01-31T10:00:00Z', '5 Jan 2020', '12:30', '2020/1/2 9:05 PM'],
        ['2020', '1.5', '10.0.0.1', '2020-1', 'Monday'],
      ],
      ['surroundingBlanks', [' a', 'a ', '\ta', 'a\n', '\u00a0a', 'a\u3000', ' '], ['a', 'a b', '', 'é']],
    ];
    for (const [key, yes, no] of looks) {
      for (const value of yes)
        it(`has ${key}: ${JSON.stringify(value)}`, async () => {
          assert.equal((await text(texts(value, 'other')))[key], 1);
        });
      for (const value of no)
        it(`has no ${key}: ${JSON.stringify(value)}`, async () => {
          assert.equal((await text(texts(value, 'other')))[key], 0);
        });
    }

    it('counts the different ones that are another in other letter cases', async () => {
      assert.equal((await text(texts('Oslo', 'oslo', 'OSLO', 'Oslo', 'Lima', 'ÉCOLE', 'école'))).caseVariants, 5);
    });

    it('shortens the values that are listed, and keeps control characters', async () => {
      const { mode } = await texts('x'.repeat(1000), 'x'.repeat(1000));
      assert.equal(mode?.value, `${'x'.repeat(200)}…`);
      assert.equal((await texts('\u001b[31m', '\u001b[31m')).mode?.value, '\u001b[31m');
    });

    it('stays small and quick, however long they are', async () => {
      const rows = 'SELECT i, repeat(chr(97 + (i % 26)::INTEGER), 1000000) || i FROM range(40) t(i)';
      const found = await columns.query(rows, { type: 'VARCHAR' });
      assert.ok(JSON.stringify(found).length < 10_000);
      assert.equal(found.distinct, 40);
      assert.ok(found.approximate?.includes('text.words'));
    });
  });

  describe('of times', () => {
    const temporal = async (type: string, ...values: readonly (string | null)[]) => {
      const { temporal: figures } = await columns.values({ type, values });
      assert.ok(figures);
      return figures;
    };

    it('writes them in ISO 8601, in UTC where they know a zone', async () => {
      const cases = [
        ['DATE', '1969-12-31', '1969-12-31'],
        ['TIMESTAMP', '1899-12-31 23:59:59.5', '1899-12-31T23:59:59.5'],
        ['TIMESTAMP WITH TIME ZONE', '2020-01-01 01:00:00+02', '2019-12-31T23:00:00Z'],
        ['TIMESTAMP_NS', '2020-01-01 00:00:00.000000001', '2020-01-01T00:00:00.000000001'],
        ['TIMESTAMP_S', '2020-01-01 00:00:01', '2020-01-01T00:00:01'],
        ['TIME', '23:59:59', '23:59:59'],
      ] as const;
      for (const [type, value, written] of cases) assert.equal((await temporal(type, value)).min, written);
    });

    const edges: readonly [type: string, values: readonly string[], edges: readonly string[]][] = [
      ['DATE', ['2020-01-31', '2020-03-01'], ['2020-01-01', '2020-03-01', '2020-05-01']],
      ['DATE', ['2020-05-05'], ['2020-05-05', '2020-05-06']],
      ['DATE', ['1969-12-31', '1970-01-01'], ['1969-12-31', '1970-01-01', '1970-01-02']],
      ['DATE', ['0001-01-01', '9999-12-31'], ['0001-01-01 (BC)', '5000-01-01', '10000-01-01']],
      [
        'TIMESTAMP',
        ['2020-01-01 00:00:00', '2020-01-01 00:00:03'],
        ['2020-01-01T00:00:00', '2020-01-01T00:00:02', '2020-01-01T00:00:04'],
      ],
      [
        'TIMESTAMP',
        ['2020-01-01 00:00:00.000001', '2020-01-01 00:00:00.000002'],
        ['2020-01-01T00:00:00.000001', '2020-01-01T00:00:00.000002', '2020-01-01T00:00:00.000003'],
      ],
      ['TIME', ['08:00:00', '17:30:00'], ['06:00:00', '12:00:00', '18:00:00']],
    ];
    for (const [type, values, expected] of edges) {
      it(`has bins of ${type} from ${values.join(' to ')}`, async () => {
        const { histogram } = await temporal(type, ...values);
        assert.deepEqual(histogram.edges, expected);
        assert.equal(
          histogram.counts.reduce((sum, count) => sum + count),
          values.length,
        );
      });
    }

    it('counts weekdays from Monday, and hours', async () => {
      const { weekdays, hours } = await temporal(
        'TIMESTAMP',
        '1969-12-29 23:00:00',
        '2024-02-04 05:59:59',
        '2024-02-04 05:00:00',
      );
      assert.deepEqual(weekdays, [1, 0, 0, 0, 0, 0, 2]);
      assert.deepEqual([hours?.[5], hours?.[23]], [2, 1]);
      assert.equal((await temporal('DATE', '2020-01-01')).hours, undefined);
      assert.equal((await temporal('TIME', '10:00:00')).weekdays, undefined);
    });

    it('has the gaps between one time and the next later one', async () => {
      const { gaps, spanSeconds } = await temporal('DATE', '2020-01-01', '2020-01-02', '2020-01-02', '2020-01-10');
      assert.deepEqual(gaps, {
        medianSeconds: 4.5 * 86_400,
        longest: [
          { from: '2020-01-02', to: '2020-01-10', seconds: 8 * 86_400 },
          { from: '2020-01-01', to: '2020-01-02', seconds: 86_400 },
        ],
      });
      assert.equal(spanSeconds, 9 * 86_400);
    });

    it('leaves infinite ones out, but for the count of different values', async () => {
      const found = await columns.values({ type: 'TIMESTAMP', values: ['infinity', '2020-01-01', '-infinity', null] });
      assert.deepEqual([found.distinct, found.nulls, found.temporal?.max], [3, 1, '2020-01-01T00:00:00']);
      const none = await columns.values({ type: 'DATE', values: ['infinity', 'infinity'] });
      assert.deepEqual([none.semantic, none.distinct, none.temporal], ['datetime', 1, undefined]);
    });

    it('goes as far as the engine does', async () => {
      const far = await temporal('TIMESTAMP', '290309-12-22 (BC) 00:00:00', '294247-01-10 04:00:54');
      assert.equal(
        far.histogram.counts.reduce((sum, count) => sum + count),
        2,
      );
      assert.equal((await temporal('DATE', '5877642-06-25 (BC)', '5881580-07-10')).histogram.counts.length, 1);
    });
  });

  describe('from a sample, where that is allowed', () => {
    const rows = 'SELECT i, ((i * 7919) % 1000003) / 1000003.0 FROM range(400000) t(i)';
    const near = (found: number | null | undefined, expected: number, tolerance: number) => {
      assert.ok(typeof found === 'number' && Math.abs(found - expected) <= tolerance, `${found}, not ${expected}`);
    };

    it('names each figure that is an estimate, and has the others exactly', async () => {
      const exact = await columns.query(rows, { type: 'DOUBLE' });
      const fast = await columns.query(rows, { type: 'DOUBLE', fast: true });
      assert.equal(exact.approximate, undefined);
      assert.deepEqual(fast.approximate, [
        'distinct',
        ...['stddev', 'variance', 'skewness', 'kurtosis', 'cv', 'quantiles', 'iqr', 'mad', 'histogram', 'outliers'].map(
          (key) => `numeric.${key}`,
        ),
      ]);
      assert.equal(fast.distinctExact, false);
      assert.ok(exact.numeric && fast.numeric);
      for (const key of ['min', 'max', 'zeros', 'negatives', 'order'] as const)
        assert.equal(fast.numeric[key], exact.numeric[key], key);
      for (const key of ['mean', 'sum'] as const)
        near(fast.numeric[key], exact.numeric[key] ?? NaN, 1e-9 * Math.abs(exact.numeric[key] ?? NaN));
      for (const key of ['stddev', 'variance', 'skewness', 'kurtosis', 'cv'] as const)
        near(fast.numeric[key], exact.numeric[key] ?? NaN, 0.02);
      near(fast.numeric.quantiles['0.5'], exact.numeric.quantiles['0.5'] ?? NaN, 0.01);
      near(fast.distinct, 400_000, 80_000);
      assert.equal(
        fast.numeric.histogram.counts.reduce((sum, count) => sum + count),
        400_000,
      );
    });

    it('is exact of few different values', async () => {
      const few = await columns.query('SELECT i, i % 10 FROM range(400000) t(i)', { type: 'BIGINT', fast: true });
      assert.deepEqual([few.approximate, few.distinct, few.distinctExact], [undefined, 10, true]);
    });

    it('estimates texts and times as well', async () => {
      const written = "SELECT i, 'row number ' || i FROM range(400000) t(i)";
      const found = await columns.query(written, { type: 'VARCHAR', fast: true });
      assert.ok(found.approximate?.includes('text.lengthHistogram'));
      assert.equal(found.text?.maxLength, 17);
      near(
        found.text.lengthHistogram.counts.reduce((sum, count) => sum + count),
        400_000,
        0,
      );
      const seconds = "SELECT i, TIMESTAMP '2020-01-01' + to_seconds(i * 7) FROM range(400000) t(i)";
      const { temporal, approximate } = await columns.query(seconds, { type: 'TIMESTAMP', fast: true });
      assert.ok(approximate?.includes('temporal.quantiles'));
      assert.equal(temporal?.max, '2020-02-02T09:46:33');
      assert.equal(temporal.order, 'strictlyIncreasing');
    });
  });

  it('is the same on any number of threads', async () => {
    const wider = await ColumnProfiler.open(7);
    try {
      const kinds: readonly [type: string, value: string][] = [
        ['DOUBLE', '((i * 7919) % 1000003) / 7.0'],
        ['BIGINT', '(i * 7919) % 1000'],
        ['VARCHAR', "'Row ' || (i * 7919) % 1000"],
        ['TIMESTAMP', "TIMESTAMP '2020-01-01' + to_seconds((i * 7919) % 1000003)"],
      ];
      for (const [type, value] of kinds) {
        const rows = `SELECT i, ${value} FROM range(400000) t(i)`;
        const [one, other] = [await columns.query(rows, { type }), await wider.query(rows, { type })];
        assert.deepEqual(rounded(other), rounded(one));
      }
    } finally {
      await wider.close();
    }
  });
});

/** Numbers to twelve digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? Number(each.toPrecision(12)) : each)),
  );
}
