/** Metrics of drift, against SciPy. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import {
  benjaminiHochberg,
  chi2,
  js,
  kl,
  klReverse,
  measureOrdered,
  orderedMetrics,
  psi,
  psiNoise,
  type BinCounts,
} from '../../src/engine/drift/metrics';
import { chiSquareTail } from '../../src/engine/statistics';
import { cramerVonMisesTail } from '../../src/engine/drift/metrics/cramerVonMisesTail';
import { kolmogorovTail } from '../../src/engine/drift/metrics/kolmogorov';
import { TwoSamples, type Sample } from '../engine/twoSamples';
import { askPython, testPython } from '../host/python';

const random = linearCongruential(20221122);
/** The sum of twelve even numbers less six: about normal. */
const normal = () => Array.from({ length: 12 }, random).reduce((sum, each) => sum + each, -6);
const made = (length: number, value: (i: number) => number | string | null): Sample =>
  Array.from({ length }, (_, i) => value(i));
const missingSome = (sample: Sample): Sample => sample.map((value, i) => (i % 9 === 4 ? null : value));

const samples: Readonly<Record<string, { baseline: Sample; current: Sample }>> = {
  'the same few': { baseline: [1, 2, 3, 4, 5], current: [1, 2, 3, 4, 5] },
  'one row a side': { baseline: [1, 2], current: [3, 4] },
  'few, unequal sizes': { baseline: made(7, normal), current: made(19, () => normal() + 0.7) },
  'few, the sizes of exact tests': { baseline: made(20, normal), current: made(19, () => normal() + 0.4) },
  'few, with ties': { baseline: [1, 1, 2, 2, 2, 3], current: [1, 2, 3, 3, 3, 4, 4] },
  'few, with missing values': { baseline: [null, 1, 2, 3, null, 5], current: [4, null, 2.5, 8] },
  'equal sizes': { baseline: made(300, normal), current: made(300, () => normal() + 0.1) },
  'unequal sizes': { baseline: made(997, normal), current: made(611, () => normal() * 1.2) },
  'another distribution entirely': { baseline: made(500, normal), current: made(400, () => 100 + normal()) },
  'ties and missing values': {
    baseline: missingSome(made(1000, () => Math.round(normal() * 3) / 4)),
    current: missingSome(made(800, () => Math.round(normal() * 3 + 0.5) / 4)),
  },
  'NaN and infinite values': {
    baseline: [...made(100, normal), 'nan', 'inf', '-inf', null],
    current: [...made(80, () => normal() + 0.3), 'inf', '-inf', '-inf', 'nan', null, null],
  },
  'about 1e9': { baseline: made(500, () => 1e9 + normal()), current: made(400, () => 1e9 + normal() + 0.2) },
  huge: { baseline: made(200, () => normal() * 1e300), current: made(300, () => (normal() + 0.5) * 1e300) },
  tiny: { baseline: made(200, () => normal() * 1e-200), current: made(300, () => (normal() + 0.5) * 1e-200) },
  'one far value on both sides': {
    baseline: [...made(300, normal), 1e12],
    current: [...made(300, () => normal() + 1), 1e12],
  },
  'more than 10,000 rows': { baseline: made(12_000, normal), current: made(3_000, () => normal() * 1.05) },
  'more than 10,000 rows of many ties': {
    baseline: made(10_500, () => Math.floor(random() * 50)),
    current: made(10_500, () => Math.floor(random() * 50 + 0.4)),
  },
  'more than 10,000 rows against few': { baseline: made(11_000, normal), current: made(20, () => normal() + 0.6) },
};

const counts: Readonly<Record<string, BinCounts>> = {
  'two categories': { baseline: [40, 60], current: [55, 45] },
  'ten bins': {
    baseline: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
    current: [100, 90, 80, 70, 60, 50, 40, 30, 20, 10],
  },
  'nearly the same': { baseline: [1000, 2000, 3000], current: [1001, 2003, 2990] },
  'empty on one side': { baseline: [0, 10, 20], current: [5, 0, 25] },
  'nothing in common': { baseline: [50, 50, 0, 0], current: [0, 0, 50, 50] },
  'a million rows': { baseline: [300_000, 300_000, 400_000], current: [200_000, 300_000, 500_000] },
};

const kolmogorov = [1, 2, 5, 12, 50, 139, 141, 800, 5_000, 90_000, 400_000, 3_000_000].flatMap((n) =>
  [0.3, 0.45, 0.6, 0.9, 1.2, 1.36, 1.47, 1.7, 1.95, 2.1, 3, 6, 12].flatMap((z): [number, number][] =>
    z / Math.sqrt(n) <= 1 ? [[n, z / Math.sqrt(n)]] : [],
  ),
);
const chiSquareTails: [number, number][] = [
  [0, 1],
  [0.5, 1],
  [10, 3],
  [1500, 9],
  [1e-8, 5],
  [120, 99],
  [1200, 999],
  [1, 1e6],
  [1.003e6, 1e6],
];
const chiSquareQuantiles: [number, number][] = [
  [0.95, 1],
  [0.95, 9],
  [0.99, 9],
  [0.95, 999],
  [0.99, 50_000],
];
const cramerVonMisesTails = [0.46136, 0.74346, 1.16786, 3, 12, 100];
const adjusted = [[0.01, 0.04, 0.03, 0.005], [1e-300, 0.5, 0.5, 1], [0.2]];

interface Answers {
  readonly samples: Record<string, Record<string, unknown>>;
  readonly counts: Record<string, Record<string, unknown>>;
  readonly kolmogorov: readonly number[];
  readonly chiSquareTails: readonly number[];
  readonly chiSquareQuantiles: readonly number[];
  readonly cramerVonMisesTails: readonly number[];
  readonly adjusted: readonly number[][];
}

describe('metrics of drift against SciPy', () => {
  let tables: TwoSamples;
  let answers: Answers;

  before(async function () {
    this.timeout(10 * 60_000);
    const python = await testPython();
    tables = await TwoSamples.open();
    const question = { samples, counts, kolmogorov, chiSquareTails, chiSquareQuantiles, cramerVonMisesTails, adjusted };
    answers = (await askPython(python, resolve('test/interop/drift.py'), question)) as Answers;
  });
  after(() => tables.close());

  for (const [name, { baseline, current }] of Object.entries(samples)) {
    it(`measures samples: ${name}`, async () => {
      const { metrics } = await measureOrdered(tables.database, await tables.of(baseline, current), orderedMetrics);
      assertNear(metrics, answers.samples[name], name);
    });
  }

  for (const [name, each] of Object.entries(counts)) {
    it(`measures counts: ${name}`, () => {
      const expected = answers.counts[name] ?? {};
      const metrics: Record<string, unknown> = {
        js: js(each).value,
        jsInNats: js(each, 'e').value,
        chi2: chi2(each).value,
        ...('kl' in expected && { kl: kl(each).value, klReverse: klReverse(each).value, psi: psi(each).value }),
      };
      assertNear(metrics, expected, name);
    });
  }

  it('has the distribution of Kolmogorov at all sizes, the tail in relative terms', () => {
    for (const [index, [n, d]] of kolmogorov.entries())
      assertNear(kolmogorovTail(n, d), answers.kolmogorov[index], `n ${n}, d ${d}`);
  });

  it('has the upper tail of chi-square, tiny ones too', () => {
    for (const [index, [x, dof]] of chiSquareTails.entries())
      assertNear(chiSquareTail(x, dof), answers.chiSquareTails[index], `x ${x}, ${dof} degrees of freedom`);
  });

  it('has the tail of Cramér and von Mises in its limit, tiny ones too', () => {
    for (const [index, x] of cramerVonMisesTails.entries())
      assertNear(cramerVonMisesTail(x), answers.cramerVonMisesTails[index], `x ${x}`);
  });

  it('takes the noise of PSI from the quantiles of chi-square', () => {
    for (const [index, [usually, dof]] of chiSquareQuantiles.entries()) {
      const noise = psiNoise({ nBaseline: 200, nCurrent: 300, bins: dof + 1 }, usually);
      assertNear(noise / (1 / 200 + 1 / 300), answers.chiSquareQuantiles[index], `${usually}, ${dof}`);
    }
  });

  it('corrects p-values', () => {
    for (const [index, pValues] of adjusted.entries())
      assertNear(benjaminiHochberg(pValues), answers.adjusted[index], String(pValues));
  });
});

/** To nine digits. */
function assertNear(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    // SciPy stops its series of this p-value at terms of 1e-7: what is left out is less, but tiny ones have no digits.
    const least = path.endsWith('cramerVonMises, pValue') ? 2e-8 : 1e-300;
    const off = Math.abs(actual - expected);
    assert.ok(off <= Math.max(1e-9 * Math.abs(expected), least), `${path}: ${actual} instead of ${expected}`);
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [key, value] of Object.entries(expected))
      assertNear((actual as Record<string, unknown>)[key], value, `${path}, ${key}`);
  } else assert.deepEqual(actual, expected, path);
}

function linearCongruential(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}
