/** Presets, against what Evidently and NannyML said of the same columns; test/fixtures/drift says which versions. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { measureAs, type PresetQuestion } from '../../src/engine/drift/presets';
import type { DriftMetric, DriftPreset } from '../../src/protocol';
import { TwoSamples, type Sample } from '../engine/twoSamples';

interface Case {
  readonly kind: 'numbers' | 'categories';
  readonly integer?: boolean;
  readonly baseline: Sample;
  readonly current: Sample;
}

interface Golden {
  readonly versions: Readonly<Record<string, string>>;
  readonly cases: Readonly<
    Record<string, { default?: string; score?: number; figures: Record<string, number | null> }>
  >;
}

const read = (name: string): unknown => JSON.parse(readFileSync(`test/fixtures/drift/${name}.json`, 'utf8'));
const cases = read('cases') as Record<string, Case>;
const golden = { evidently: read('evidently') as Golden, nannyml: read('nannyml') as Golden };

/** Of these the tool tells the p-value. */
const evidentlyTests: readonly string[] = ['ks', 'cramerVonMises', 'chi2'];
/** How Evidently calls what it chooses. */
const evidentlyNames: Readonly<Record<string, DriftMetric>> = {
  ks: 'ks',
  chisquare: 'chi2',
  z: 'chi2',
  jensenshannon: 'js',
  wasserstein: 'wassersteinNormalized',
};

describe('presets of drift', () => {
  let tables: TwoSamples;
  before(async () => {
    tables = await TwoSamples.open();
  });
  after(() => tables.close());

  const ask = async (preset: DriftPreset, name: string, metric?: DriftMetric) => {
    const { kind, integer = false, baseline, current } = cases[name] ?? assert.fail(name);
    const sides = await tables.of(baseline, current, kind === 'numbers' ? 'DOUBLE' : 'VARCHAR');
    const question: PresetQuestion = { database: tables.database, kind, integer, ...sides, ...(metric && { metric }) };
    return (await measureAs(preset, question)) ?? assert.fail(`${preset} has no ${metric}`);
  };

  for (const [name, { default: chosen = '', score, figures }] of Object.entries(golden.evidently.cases)) {
    it(`has Evidently's numbers: ${name}`, async () => {
      const { metric, metrics } = await ask('evidently', name);
      assert.equal(metric, evidentlyNames[chosen]);
      assertNear(figureOf(metrics[metric], evidentlyTests.includes(metric)), score, `chosen ${metric}`);
      for (const [each, expected] of Object.entries(figures)) {
        const answer = await ask('evidently', name, each as DriftMetric);
        assertNear(figureOf(answer.metrics[each as DriftMetric], evidentlyTests.includes(each)), expected, each);
      }
    });
  }

  for (const [name, { figures }] of Object.entries(golden.nannyml.cases)) {
    it(`has NannyML's numbers: ${name}`, async () => {
      for (const [each, expected] of Object.entries(figures)) {
        const [metric = '', pValue] = each.split(' ');
        const { metrics } = await ask('nannyml', name, metric as DriftMetric);
        assertNear(figureOf(metrics[metric as DriftMetric], pValue !== undefined), expected, each);
      }
    });
  }

  it('follows NannyML in choosing Jensen–Shannon', async () => {
    const { metric, conventions } = await ask('nannyml', 'few rows');
    assert.equal(metric, 'js');
    assert.deepEqual(conventions.js, {
      ...{ bins: 11, edgesFrom: 'baseline', binning: 'doane', zeroPolicy: 'none', logBase: '2', missing: 'left out' },
      ...{ nBaseline: 200, nCurrent: 150 },
    });
  });

  it('leaves metrics that a tool does not have to ours', async () => {
    const question = { database: tables.database, kind: 'numbers', integer: false } as const;
    const sides = await tables.of([1, 2], [3]);
    assert.equal(await measureAs('nannyml', { ...question, ...sides, metric: 'psi' }), undefined);
    assert.equal(await measureAs('evidently', { ...question, ...sides, metric: 'linf' }), undefined);
  });

  for (const preset of ['evidently', 'nannyml'] as const) {
    it(`has no number of ${preset} where a side is empty`, async () => {
      for (const kind of ['numbers', 'categories'] as const) {
        const sides = await tables.of([null], [1, 2], kind === 'numbers' ? 'DOUBLE' : 'VARCHAR');
        const answer = await measureAs(preset, { database: tables.database, kind, integer: false, ...sides });
        assert.deepEqual(figureOf(answer?.metrics[answer.metric], true), null);
      }
    });
  }
});

type FigureOrTest = number | null | { readonly statistic: number | null; readonly pValue: number | null } | undefined;

function figureOf(figure: FigureOrTest, pValue: boolean): number | null {
  if (typeof figure !== 'object' || figure === null) return figure ?? null;
  return pValue ? figure.pValue : figure.statistic;
}

/** To nine digits, or twelve after the point. */
function assertNear(actual: number | null, expected: number | null | undefined, path: string): void {
  if (actual === null || typeof expected !== 'number') {
    assert.equal(actual, expected ?? null, path);
    return;
  }
  // Its own copy of SciPy's series stops at terms of 1e-7.
  const least = path === 'cramerVonMises' ? 2e-8 : 1e-12;
  const off = Math.abs(actual - expected);
  assert.ok(off <= Math.max(1e-9 * Math.abs(expected), least), `${path}: ${actual} instead of ${expected}`);
}
