/** What lies between columns, against NumPy, SciPy and pandas. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { ProfiledTable } from '../engine/profileSupport';
import { askPython, testPython } from '../host/python';
import { associations } from '../../src/engine/profile/pairs/associations';
import { text } from '../../src/engine/duckdb';

type Values = readonly (string | null)[];

const ROWS = 400;
/** Numbers from 0 to 1 that are the same on every machine. */
const noise = (seed: number) => (i: number) => {
  const mixed = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
  return mixed - Math.floor(mixed);
};
const [n1, n2, n3, n4] = [noise(1), noise(2), noise(3), noise(4)];
const made = (value: (i: number) => number | string | null): Values =>
  Array.from({ length: ROWS }, (_, i) => {
    const each = value(i);
    return each === null ? null : String(each);
  });

const numbers: Readonly<Record<string, Values>> = {
  even: made((i) => n1(i)),
  follows: made((i) => n1(i) * 3 + n2(i)),
  gaps: made((i) => (n3(i) < 0.2 ? null : n1(i) - n2(i))),
  'other gaps': made((i) => (n4(i) < 0.3 ? null : n2(i) ** 2)),
  ties: made((i) => Math.round(n2(i) * 4)),
  odd: made((i) => (i % 50 === 0 ? 'nan' : i % 61 === 0 ? 'inf' : i % 71 === 0 ? '-inf' : i % 3 === 0 ? null : n3(i))),
  'far off': made((i) => 1e9 + n1(i)),
  'far off too': made((i) => -1e9 + n1(i) * n2(i)),
  huge: made((i) => (n2(i) - 0.5) * 1e300),
  tiny: made((i) => (n1(i) + n2(i)) * 1e-300),
  constant: made(() => 5),
  'empty column': made(() => null),
};
/** Of magnitudes that SciPy is exact for. */
const plain = ['even', 'follows', 'gaps', 'other gaps', 'ties', 'odd'];
const classes: Readonly<Record<string, Values>> = {
  three: made((i) => ['a', 'b', 'c'][Math.floor(n1(i) * 3)] ?? 'c'),
  follows3: made((i) => (n2(i) < 0.15 ? 'other' : (['x', 'y', 'z'][Math.floor(n1(i) * 3)] ?? 'z'))),
  sparse: made((i) => (n4(i) < 0.25 ? null : `v${Math.floor(n3(i) ** 2 * 20)}`)),
  two: made((i) => (n3(i) < 0.4 ? 'yes' : 'no')),
  one: made(() => 'same'),
};
const more: Readonly<Record<string, Values>> = Object.fromEntries(
  Array.from({ length: 5 }, (_, k) => [`class ${k}`, made((i) => `k${Math.floor(noise(10 + k)(i) * (k + 3))}`)]),
);

async function found(chosen: Readonly<Record<string, Values>>): Promise<ReadonlyMap<string, number>> {
  const columns = [
    ...Object.entries(numbers).map(([name, values]) => ({ name, values, type: 'DOUBLE' })),
    ...Object.entries(chosen).map(([name, values]) => ({ name, values, type: 'VARCHAR' })),
  ];
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `(${columns.map(({ values }) => (values[i] === null ? 'NULL' : text(values[i] ?? ''))).join(', ')})`,
  );
  const list = columns.map(({ name, type }, i) => `CAST(v${i} AS ${type}) AS "${name}"`).join(', ');
  const table = await ProfiledTable.of(
    `SELECT ${list} FROM (VALUES ${rows.join(', ')}) AS t(${columns.map((_, i) => `v${i}`).join(', ')})`,
  );
  try {
    const correlations = await associations(table.context, await table.described());
    return new Map(
      correlations.flatMap(({ method, pairs }) => pairs.map(({ a, b, value }) => [`${method} ${a} ${b}`, value])),
    );
  } finally {
    await table.remove();
  }
}

describe('associations, against NumPy, SciPy and pandas', function () {
  this.timeout(10 * 60_000);
  let python: string;
  before(async () => {
    python = await testPython();
  });

  for (const [what, chosen] of Object.entries({
    'columns with few combinations of classes': classes,
    'columns with many combinations of classes': { ...classes, ...more },
  })) {
    it(`are the same to 1e-9 for ${what}`, async () => {
      const answer = (await askPython(python, resolve('test/interop/associations.py'), {
        numbers,
        classes: chosen,
        plain,
      })) as Readonly<Record<string, number | null>>;
      const own = await found(chosen);
      for (const [key, expected] of Object.entries(answer)) {
        assert.ok(expected !== null, `${key} is not defined in Python`);
        const value = own.get(key);
        assert.ok(
          value !== undefined && Math.abs(value - expected) <= 1e-9 * Math.max(1e-3, Math.abs(expected)),
          `${key}: ${value}, and Python has ${expected}`,
        );
      }
      assert.deepEqual([...own.keys()].sort(), Object.keys(answer).sort());
    });
  }
});
