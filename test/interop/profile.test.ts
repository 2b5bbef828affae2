/** Figures of columns, against NumPy, SciPy and pandas, and against exact arithmetic where those round. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { ColumnProfiler, type Profiled } from '../engine/profiledColumn';
import { askPython, testPython } from '../host/python';

type Values = readonly (string | null)[];
interface Case {
  readonly type: string;
  readonly kind: 'floats' | 'exact' | 'times' | 'texts';
  readonly values: Values;
  /** The libraries overflow, or round what they are to tell apart. */
  readonly beyondLibraries?: true;
}

const random = linearCongruential(42);
/** The sum of twelve even numbers less six: about normal. */
const normal = () => Array.from({ length: 12 }, random).reduce((sum, each) => sum + each, -6);
const made = (length: number, value: (i: number) => number | bigint | string | null): Values =>
  Array.from({ length }, (_, i) => {
    const each = value(i);
    return each === null ? null : String(each);
  });
const missingSome = (values: Values): Values => values.map((value, i) => (i % 7 === 3 ? null : value));
const day = 86_400_000;
const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, -1);

const cases: Readonly<Record<string, Case>> = {
  normal: { type: 'DOUBLE', kind: 'floats', values: missingSome(made(997, normal)) },
  'NaN and infinities': {
    type: 'DOUBLE',
    kind: 'floats',
    values: [...made(500, normal), 'nan', null, 'nan', 'inf', '-inf', 'inf', '0', '-0.0'],
  },
  ties: { type: 'DOUBLE', kind: 'floats', values: missingSome(made(1000, () => Math.round(normal() * 3) / 4)) },
  'two values': { type: 'DOUBLE', kind: 'floats', values: made(101, (i) => (i % 3 === 0 ? 0.1 : 0.7)) },
  constant: { type: 'DOUBLE', kind: 'floats', values: made(50, () => 0.1), beyondLibraries: true },
  'mean 1e9, deviation 1': {
    type: 'DOUBLE',
    kind: 'floats',
    values: made(1000, () => 1e9 + normal()),
    beyondLibraries: true,
  },
  'heavy tail': { type: 'DOUBLE', kind: 'floats', values: made(1000, () => Math.exp(3 * normal())) },
  singles: { type: 'FLOAT', kind: 'floats', values: made(300, () => Math.fround(normal())) },
  few: { type: 'DOUBLE', kind: 'floats', values: ['3', '1', '4', '1', '5'] },
  huge: { type: 'DOUBLE', kind: 'floats', values: made(300, () => normal() * 1e300), beyondLibraries: true },
  tiny: { type: 'DOUBLE', kind: 'floats', values: made(300, () => normal() * 1e-200), beyondLibraries: true },
  'all magnitudes': {
    type: 'DOUBLE',
    kind: 'floats',
    values: made(300, (i) => (1 + random()) * 10 ** (i - 150)),
    beyondLibraries: true,
  },
  'small integers': {
    type: 'INTEGER',
    kind: 'exact',
    values: missingSome(made(1000, () => Math.round(normal() * 20))),
  },
  'int64 extremes': {
    type: 'BIGINT',
    kind: 'exact',
    values: ['-9223372036854775808', '9223372036854775807', '9223372036854775806', null, '0', '-1', '1', '7'],
    beyondLibraries: true,
  },
  'int64 close together': {
    type: 'BIGINT',
    kind: 'exact',
    values: made(500, () => 2n ** 62n + BigInt(Math.round(normal() * 100))),
    beyondLibraries: true,
  },
  uint64: {
    type: 'UBIGINT',
    kind: 'exact',
    values: made(200, () => 2n ** 64n - 1n - BigInt(Math.floor(random() * 2 ** 40))),
    beyondLibraries: true,
  },
  hugeint: {
    type: 'HUGEINT',
    kind: 'exact',
    values: made(100, () => 2n ** 100n + BigInt(Math.round(normal() * 1e6))),
    beyondLibraries: true,
  },
  money: {
    type: 'DECIMAL(10,2)',
    kind: 'exact',
    values: missingSome(made(700, () => (normal() * 50 + 20).toFixed(2))),
  },
  'wide decimals': {
    type: 'DECIMAL(38,10)',
    kind: 'exact',
    values: made(300, () => `12345678901234567890.${String(Math.floor(random() * 1e10)).padStart(10, '0')}`),
    beyondLibraries: true,
  },
  'date-times around 1970': {
    type: 'TIMESTAMP',
    kind: 'times',
    values: missingSome(made(500, () => isoTime(Math.round(normal() * 3000 * day)))),
  },
  'dates before 1970': {
    type: 'DATE',
    kind: 'times',
    values: made(400, () => isoTime(Math.round(-20_000 + normal() * 3000) * day).slice(0, 10)),
  },
  categories: {
    type: 'VARCHAR',
    kind: 'texts',
    values: missingSome(made(500, () => 'abcde'[Math.floor(random() ** 2 * 5)] ?? '')),
  },
  texts: {
    type: 'VARCHAR',
    kind: 'texts',
    values: [
      ...made(3, () => 'again'),
      ...made(200, (i) => (i % 2 === 0 ? `line ${i}` : `Überschrift ${'x'.repeat(i)}`)),
      ...['', ' ', '  ', '東京', '👍🏽', ' padded', 'padded ', '\ttab', 'no\u00a0break', '\u00a0'],
    ],
  },
};

describe('profiles against NumPy, SciPy and pandas', () => {
  let columns: ColumnProfiler;
  let answers: Readonly<Record<string, Record<string, unknown>>>;

  before(async function () {
    this.timeout(10 * 60_000);
    const python = await testPython();
    columns = await ColumnProfiler.open();
    answers = (await askPython(python, resolve('test/interop/profile.py'), cases)) as typeof answers;
  });
  after(() => columns.close());

  for (const [name, { type, kind, values, beyondLibraries }] of Object.entries(cases)) {
    it(`has the figures of ${name}`, async () => {
      const figures = await columns.values({ type, values });
      const expected = answers[name] ?? {};
      if (kind === 'times') assertSame(timesOf(figures), expected);
      else if (kind === 'texts') assertSame(textsOf(figures), expected);
      else {
        const numbers = numbersOf(figures);
        assertSame(numbers, expected['exact'] as object);
        if (beyondLibraries) return;
        const libraries = expected['libraries'] as Record<string, unknown>;
        assertSame({ ...numbers, pandasSkewness: numbers.skewness, pandasKurtosis: numbers.kurtosis }, libraries);
      }
    });
  }
});

function numbersOf({ numeric, distinct }: Profiled) {
  assert.ok(numeric);
  return { ...numeric, outliers: numeric.outliers.count, distinct };
}

function timesOf({ temporal, distinct }: Profiled) {
  assert.ok(temporal);
  const { min, max, quantiles, spanSeconds, gaps, weekdays, hours } = temporal;
  return {
    min: microseconds(min),
    max: microseconds(max),
    quantiles: Object.values(quantiles).map(microseconds),
    spanSeconds,
    medianGap: gaps?.medianSeconds,
    longestGap: gaps?.longest[0]?.seconds,
    weekdays,
    // Of dates, midnight.
    hours: hours ?? [weekdays?.reduce((sum, count) => sum + count), ...new Array<number>(23).fill(0)],
    distinct,
  };
}

/** As NumPy writes times: always with so many digits. */
function microseconds(time: string): string {
  const [seconds = '', fraction = ''] = (time.includes('T') ? time : `${time}T00:00:00`).split('.');
  return `${seconds}.${fraction.padEnd(6, '0')}`;
}

function textsOf({ text, categorical, distinct }: Profiled) {
  assert.ok(text);
  const { characters, ...others } = text;
  return { ...others, letters: characters.letters, distinct, ...categorical };
}

/** Whether the figures have all that is expected, numbers to 1e-9 of their size. */
function assertSame(figures: object, expected: object, path = ''): void {
  for (const [key, value] of Object.entries(expected) as [string, unknown][]) {
    const found: unknown = Reflect.get(figures, key);
    const where = `${path}${key}`;
    if (typeof value === 'number' && typeof found === 'number') {
      const close = Math.abs(found - value) <= 1e-9 * Math.max(Math.abs(found), Math.abs(value));
      assert.ok(close, `${where} is ${found}, and Python has ${value}`);
    } else if (typeof value === 'object' && value !== null && typeof found === 'object' && found !== null)
      assertSame(found, value, `${where}.`);
    else assert.equal(found, value, where);
  }
}

/** The same numbers each time, from 0 to 1 (constants of Numerical Recipes). */
function linearCongruential(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
