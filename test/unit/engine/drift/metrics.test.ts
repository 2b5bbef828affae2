/** Metrics over bins, tests and what they need, with worked examples from the literature. */
import assert from 'node:assert/strict';
import {
  benjaminiHochberg,
  chi2,
  cramersV,
  hellinger,
  js,
  kl,
  klReverse,
  ksTest,
  linf,
  psi,
  psiNoise,
  rowsForChiSquare,
  rowsForKs,
  rowsForPsi,
  tvd,
  type BinCounts,
  type Figure,
} from '../../../../src/engine/drift/metrics';
import { chiSquareTail } from '../../../../src/engine/statistics';
import { cramerVonMises } from '../../../../src/engine/drift/metrics/cramerVonMises';
import { cramerVonMisesTail } from '../../../../src/engine/drift/metrics/cramerVonMisesTail';
import { kolmogorovTail } from '../../../../src/engine/drift/metrics/kolmogorov';

const binned: Readonly<Record<string, (counts: BinCounts) => Figure>> = {
  ...{ psi, kl, klReverse, js, hellinger, tvd, linf, cramersV },
};

/** To as many digits as the example has. */
function isAbout(actual: number | null | undefined, expected: number, within: number): void {
  assert.ok(Math.abs((actual ?? NaN) - expected) <= within, `${actual} instead of ${expected}`);
}

describe('metrics over bins', () => {
  /** Binomial, two trials of 0.4, against even shares. */
  const kullback: BinCounts = { baseline: [9, 12, 4], current: [25, 25, 25] };

  it('Kullback 1959, table 2.1: 0.0852996 one way and 0.097455 the other', () => {
    isAbout(kl(kullback).value, 0.0852996, 1e-7);
    isAbout(klReverse(kullback).value, 0.097455, 1e-7);
  });

  it('Jeffreys: PSI is both directions together', () => {
    isAbout(psi(kullback).value, 0.0852996 + 0.097455, 2e-7);
  });

  it('Siddiqi 2006: PSI of a scorecard adds (actual − expected) · ln(actual / expected) over its score ranges', () => {
    const expected = [8, 10, 9, 13, 11, 10, 9, 10, 11, 9];
    const actual = [7, 8, 7, 9, 11, 11, 10, 12, 11, 14];
    const terms = [0.001335, 0.004463, 0.005026, 0.014709, 0, 0.000953, 0.001054, 0.003646, 0, 0.022092];
    isAbout(
      psi({ baseline: expected, current: actual }).value,
      terms.reduce((a, b) => a + b),
      1e-5,
    );
  });

  it('Agresti 2007, table 2.5: party by gender has χ² 30.1 with two degrees of freedom', () => {
    const { value } = chi2({ baseline: [762, 327, 468], current: [484, 239, 477] });
    isAbout(value?.statistic, 30.07, 0.005);
    assert.equal(value?.dof, 2);
    assert.ok(value.pValue < 1e-6);
  });

  it('Agresti 2007: aspirin and heart attacks have χ² 25.0', () => {
    isAbout(chi2({ baseline: [189, 10_845], current: [104, 10_933] }).value?.statistic, 25.01, 0.005);
  });

  it('Bergsma 2013: of Cramér’s V what chance makes of it is taken', () => {
    const table = { baseline: [762, 327, 468], current: [484, 239, 477] };
    // φ² = 30.0701 / 2757 − 2 / 2756, by r̃ − 1 = 1 − 1 / 2756.
    isAbout(cramersV(table).value, Math.sqrt((30.07015 / 2757 - 2 / 2756) / (1 - 1 / 2756)), 1e-6);
    assert.equal(cramersV({ baseline: [10, 11, 9], current: [11, 10, 10] }).value, 0);
  });

  it('find {A, B} against {C, D} as far apart as can be', () => {
    const counts = { baseline: [30, 30, 0, 0], current: [0, 0, 70, 70] };
    for (const metric of [js, hellinger, tvd]) isAbout(metric(counts).value, 1, 1e-12);
    isAbout(cramersV(counts).value, 1, 0.02);
    assert.equal(linf(counts).value, 0.5);
    isAbout(js(counts, 'e').value, Math.sqrt(Math.LN2), 1e-12);
    // Two shares of a half each way, with 0.0001 in the place of nothing.
    isAbout(psi(counts).value, 4 * 0.4999 * Math.log(0.5 / 0.0001), 1e-9);
  });

  it('lift empty shares, and those below, to the same epsilon, and say so', () => {
    const empty = psi({ baseline: [0, 100_000], current: [10_000, 90_000] });
    const nearly = psi({ baseline: [1, 99_999], current: [10_000, 90_000] });
    isAbout(empty.value, nearly.value ?? NaN, 1e-5);
    assert.equal(empty.convention.zeroPolicy, 'at least 0.0001');
    assert.equal(psi({ baseline: [0, 1], current: [1, 1] }, 0.01).convention.zeroPolicy, 'at least 0.01');
    assert.equal(tvd({ baseline: [0, 1], current: [1, 1] }).convention.zeroPolicy, 'none');
  });

  it('say how they came to be', () => {
    const counts = { baseline: [1, 2, 0], current: [3, 4, 0] };
    const sizes = { bins: 2, missing: 'category', nBaseline: 3, nCurrent: 7 };
    assert.deepEqual(js(counts).convention, { ...sizes, zeroPolicy: 'none', logBase: '2' });
    assert.deepEqual(klReverse(counts).convention, { ...sizes, zeroPolicy: 'at least 0.0001', logBase: 'e' });
    assert.deepEqual(chi2(counts).convention, { ...sizes, zeroPolicy: 'none', pValue: 'asymptotic' });
  });

  for (const [name, metric] of Object.entries(binned)) {
    it(`${name} is 0 of equal shares, whatever the numbers of rows`, () => {
      isAbout(metric({ baseline: [1, 2, 3], current: [100, 200, 300] }).value, 0, 1e-9);
      isAbout(metric({ baseline: [5], current: [7] }).value, 0, 1e-12);
    });

    it(`${name} does not see bins that are empty on both sides`, () => {
      const with0 = metric({ baseline: [3, 0, 7], current: [6, 0, 4] });
      assert.deepEqual(with0, metric({ baseline: [3, 7], current: [6, 4] }));
    });

    it(`${name} has no value where a side has no rows`, () => {
      for (const counts of [
        { baseline: [0, 0], current: [1, 2] },
        { baseline: [1, 2], current: [0, 0] },
        { baseline: [], current: [] },
      ])
        assert.equal(metric(counts).value, null);
    });
  }

  it('keep the order that theory gives: H² ≤ TVD ≤ √2 H, and Pinsker’s TVD ≤ √(KL / 2)', () => {
    for (const counts of [kullback, { baseline: [1, 50, 9], current: [40, 3, 8] }]) {
      const [h, t, k] = [hellinger(counts).value ?? NaN, tvd(counts).value ?? NaN, kl(counts).value ?? NaN];
      assert.ok(h ** 2 <= t && t <= Math.SQRT2 * h && t <= Math.sqrt(k / 2));
    }
  });

  it('stay finite for a million categories', () => {
    const many = { baseline: new Array<number>(1e6).fill(1), current: new Array<number>(1e6).fill(1) };
    assert.deepEqual(chi2(many).value, { statistic: 0, pValue: 1, dof: 999_999 });
    assert.equal(cramersV(many).value, 0);
  });
});

describe('tests of drift', () => {
  it('Massey 1951, Miller 1956: critical values of Kolmogorov’s test', () => {
    for (const [n, level, critical] of [
      [10, 0.05, 0.40925],
      [10, 0.01, 0.48893],
      [20, 0.05, 0.29408],
      [100, 0.05, 0.13403],
      [100, 0.01, 0.16081],
    ] as const)
      isAbout(kolmogorovTail(n, critical), level, 2e-5);
  });

  it('Gnedenko and Korolyuk 1951: five rows a side, four fifths apart, 20 of 252 orders', () => {
    const { pValue, by } = ksTest(5, 5, 0.8);
    isAbout(pValue, 20 / 252, 1e-15);
    assert.equal(by, 'exact');
  });

  it('Anderson and Darling 1952: the limit of Cramér and von Mises is above 0.46136, 0.74346 and 1.16786 in 5, 1 and 0.1 %', () => {
    isAbout(cramerVonMisesTail(0.46136), 0.05, 1e-6);
    isAbout(cramerVonMisesTail(0.74346), 0.01, 1e-6);
    isAbout(cramerVonMisesTail(1.16786), 0.001, 1e-7);
  });

  it('Conover 1971, 6.2: nine and fifteen rows have T 0.262 and about 0.18', () => {
    const x = [7.6, 8.4, 8.6, 8.7, 9.3, 9.9, 10.1, 10.6, 11.2];
    const y = [5.2, 5.7, 5.9, 6.5, 6.8, 8.2, 9.1, 9.8, 10.8, 11.3, 11.5, 12.3, 12.5, 13.4, 14.6];
    const rankIn = (all: readonly number[], value: number) => all.filter((each) => each <= value).length;
    const squares = (own: readonly number[]) =>
      own.reduce((sum, value) => sum + (rankIn([...x, ...y], value) - rankIn(own, value)) ** 2, 0);
    const u = x.length * squares(x) + y.length * squares(y);
    const side = (rows: number) => ({ rows, first: 0, finite: rows });
    const look = { baseline: side(9), current: side(15), min: 5.2, max: 14.6, few: false };
    const { statistic, pValue, by } = cramerVonMises.read(look, String(12 * u));
    isAbout(statistic, 0.262, 1e-3);
    isAbout(pValue, 0.18, 1e-2);
    assert.equal(by, 'exact');
  });

  it('have p-values that fall to the smallest double and never turn into NaN', () => {
    for (const tail of [
      (x: number) => chiSquareTail(x, 3),
      (x: number) => cramerVonMisesTail(x / 10),
      (x: number) => kolmogorovTail(50_000, Math.min(1, x / 1500)),
      (x: number) => ksTest(400, 300, Math.min(1, x / 1500)).pValue,
    ]) {
      const values = [0, 1e-9, 0.1, 1, 5, 20, 100, 400, 1000, 1350, 1500].map(tail);
      assert.ok(
        values.every((value, i) => value >= 0 && value <= (values[i - 1] ?? 1) + 1e-12),
        String(values),
      );
      assert.equal(values[0], 1);
    }
    isAbout(Math.log10(chiSquareTail(1400, 9)), -295.11, 0.01);
    assert.equal(chiSquareTail(Infinity, 4), 0);
  });

  it('Benjamini and Hochberg 1995: of fifteen p-values the four smallest stand at 0.05', () => {
    const pValues = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ];
    const adjusted = benjaminiHochberg(pValues);
    assert.equal(adjusted.filter((pValue) => pValue !== null && pValue <= 0.05).length, 4);
    isAbout(adjusted[3], 0.035625, 1e-12);
    // Not larger than those that come after it: 0.0344 · 15 / 8 rather than 0.0298 · 15 / 7 and 0.0278 · 15 / 6.
    for (const place of [5, 6]) isAbout(adjusted[place], Math.min(0.0298 * (15 / 7), 0.0344 * (15 / 8)), 1e-12);
  });

  it('are corrected in any order, and where there is none, not', () => {
    assert.deepEqual(benjaminiHochberg([0.04, null, 0.01]), [0.04, null, 0.02]);
    assert.deepEqual(benjaminiHochberg([]), []);
    assert.deepEqual(benjaminiHochberg([0, 1e-300]), [0, 1e-300]);
  });
});

describe('what a small sample can say', () => {
  it('Yurdakul 2018: of ten bins and 1,000 rows a side PSI stays below 0.0338 in 95 of 100 cases', () => {
    isAbout(psiNoise({ nBaseline: 1000, nCurrent: 1000, bins: 10 }), 0.0338, 5e-5);
  });

  for (const { rows, alarms } of [
    { rows: 50, alarms: 0.98 },
    { rows: 100, alarms: 0.85 },
    { rows: 1000, alarms: 0 },
  ])
    it(`raises false alarms at PSI 0.1 with ten bins of ${rows} rows in ${100 * alarms} of 100 cases`, () => {
      isAbout(chiSquareTail(0.1 / (2 / rows), 9), alarms, 0.02);
    });

  it('needs as many rows as bring the noise of PSI to the threshold', () => {
    const rows = rowsForPsi(0.1, 10);
    assert.equal(rows, 339);
    assert.ok(psiNoise({ nBaseline: rows, nCurrent: rows, bins: 10 }) <= 0.1);
    assert.ok(psiNoise({ nBaseline: rows - 1, nCurrent: rows - 1, bins: 10 }) > 0.1);
    assert.equal(psiNoise({ nBaseline: 3, nCurrent: 3, bins: 1 }), 0);
    assert.equal(rowsForPsi(0.1, 1), 1);
  });

  for (const { effect, dof, rows } of [
    { effect: 0.3, dof: 1, rows: 87 },
    { effect: 0.3, dof: 3, rows: 121 },
    { effect: 0.1, dof: 5, rows: 1283 },
    { effect: 0.5, dof: 9, rows: 62 },
  ])
    it(`Cohen 1988, table 7.4: w ${effect} with ${dof} degrees of freedom takes ${rows} rows in all`, () => {
      isAbout(rowsForChiSquare(effect, dof, { alpha: 0.05 }), rows / 2, 1);
    });

  it('takes more rows for a smaller effect, a smaller level and more power', () => {
    const least = rowsForKs(0.3, { alpha: 0.05 });
    assert.equal(least, 71);
    assert.ok(rowsForKs(0.1, { alpha: 0.05 }) > least);
    assert.ok(rowsForKs(0.3, { alpha: 0.001 }) > least);
    assert.ok(rowsForKs(0.3, { alpha: 0.05, power: 0.99 }) > least);
    assert.equal(rowsForChiSquare(0.3, 0, { alpha: 0.05 }), 1);
  });
});
