/** Steps that learn, against scikit-learn itself: from the same training rows they make the same numbers. */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Workspace } from '../engine/support';
import { askPython, testPython } from '../host/python';
import type { Row } from '../../src/engine/duckdb';

const numbers = ['Culmen Length (mm)', 'Culmen Depth (mm)', 'Body Mass (g)', 'Delta 15 N (o/oo)', 'Delta 13 C (o/oo)'];
/** In the order of the file. */
const categories = ['Species', 'Island', 'Date Egg', 'Sex'];
const continuous = 'Flipper Length (mm)';
const binary = 'Clutch Completion';
const smoothing = 7;

const list = (names: readonly string[]) => `[${names.map((name) => JSON.stringify(name)).join(', ')}]`;

/** A dataset of the same rows for each. */
const steps: Readonly<Record<string, string>> = {
  standard_scale: `columns: ${list(numbers)}`,
  minmax_scale: `columns: ${list(numbers)}, range: [-1, 3]`,
  robust_scale: `columns: ${list(numbers)}`,
  power: `columns: ${list(numbers)}`,
  one_hot: `columns: ${list(categories)}`,
  ordinal: `columns: ${list(categories)}`,
  target_encode: `columns: ${list(categories)}, target: ${JSON.stringify(continuous)}, smoothing: ${smoothing}`,
};
const datasets: Readonly<Record<string, string>> = {
  plain: '[]',
  ...Object.fromEntries(Object.entries(steps).map(([name, parameters]) => [name, `[{ ${name}: { ${parameters} } }]`])),
  target_encode_binary: `[{ target_encode: { columns: ${list(categories)}, target: ${binary}, smoothing: ${smoothing} } }]`,
};

const workspaceConfig = `version: 1
defaults:
  source: { path: penguins.csv, options: { nullValues: [NA] } }
  split: { train: 0.7, test: 0.3, seed: 5 }
datasets:
${Object.entries(datasets)
  .map(([name, transforms]) => `  ${name}: { transforms: ${transforms} }`)
  .join('\n')}
`;

type Matrix = readonly (readonly (number | null)[])[];
type Answer = Readonly<Record<string, Matrix>> & { readonly lambdas: readonly number[] };

describe('scikit-learn', () => {
  let space: Workspace;
  let answer: Answer;
  let trained: number;
  let lambdas: readonly number[];

  const rows = (dataset: string, split: string, columns = '*'): Promise<Row[]> =>
    space.query(`SELECT ${columns} FROM {datasets/${dataset}/data/${split}.parquet}`);
  const matrix = async (dataset: string, columns: string): Promise<Matrix> => {
    const all = [...(await rows(dataset, 'train', columns)), ...(await rows(dataset, 'test', columns))];
    return all.map((row) => Object.values(row).map((value) => (value === null ? null : Number(value))));
  };
  const named = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

  before(async function () {
    this.timeout(10 * 60_000);
    const python = await testPython();
    space = await Workspace.create({ '.mldata.yaml': workspaceConfig });
    await copyFile(resolve('examples/penguins/raw/penguins-raw.csv'), space.path('penguins.csv'));
    for (const { dataset, error } of (await space.build()).datasets) assert.equal(error?.message, undefined, dataset);
    const [train, test] = [await plain('train'), await plain('test')];
    trained = train.length;
    const learned = (await space.manifest('power')).steps?.[0]?.fitted as { columns: { curve: { lambda: number } }[] };
    lambdas = learned.columns.map(({ curve }) => curve.lambda);
    const question = { train, all: [...train, ...test], numbers, categories, continuous, binary, smoothing, lambdas };
    answer = (await askPython(python, resolve('test/interop/scikitLearn.py'), question)) as Answer;
  });
  after(() => space.remove());

  /** The rows before any step, as JSON can hold them. */
  function plain(split: string): Promise<Row[]> {
    const texts = categories.map((name) => `"${name}"::VARCHAR AS "${name}"`).join(', ');
    const values = [...numbers, continuous].map((name) => `"${name}"::DOUBLE AS "${name}"`).join(', ');
    return rows('plain', split, `${texts}, ${values}, "${binary}"`);
  }

  function assertSame(made: Matrix, expected: Matrix | undefined, tolerance = 1e-9): void {
    assert.ok(expected && made.length === expected.length && made.length > 0);
    for (const [row, values] of made.entries()) {
      assert.equal(values.length, expected[row]?.length);
      for (const [column, value] of values.entries()) {
        const other = expected[row]?.[column] ?? null;
        const same = value === null || other === null ? value === other : Math.abs(value - other) <= tolerance;
        assert.ok(same, `row ${row}, column ${column}: ${value}, and scikit-learn has ${other}`);
      }
    }
  }

  for (const name of ['standard_scale', 'minmax_scale', 'robust_scale']) {
    it(`scales as ${name} does`, async () => {
      assertSame(await matrix(name, named(numbers)), answer[name]);
    });
  }

  it('transforms by Yeo-Johnson as power does, for the same lambda', async () => {
    assertSame(await matrix('power', named(numbers)), answer['power']);
  });

  it('finds the lambda that power finds, as closely as both look for it', async () => {
    for (const [index, lambda] of lambdas.entries()) {
      const other = answer.lambdas[index] ?? NaN;
      assert.ok(
        Math.abs(lambda - other) <= 1e-6 * Math.max(1, Math.abs(other)),
        `${numbers[index]}: ${lambda}, ${other}`,
      );
    }
    assertSame(await matrix('power', named(numbers)), answer['power_transformer'], 1e-6);
  });

  it('has the columns that one_hot makes, in their order', async () => {
    const columns = `COLUMNS(c -> ${categories.map((name) => `c LIKE '${name}\\_%' ESCAPE '\\'`).join(' OR ')})`;
    assertSame(await matrix('one_hot', columns), answer['one_hot']);
  });

  it('numbers categories as ordinal does', async () => {
    assertSame(await matrix('ordinal', named(categories)), answer['ordinal']);
  });

  for (const [kind, dataset] of [
    ['continuous', 'target_encode'],
    ['binary', 'target_encode_binary'],
  ] as const) {
    it(`encodes by a ${kind} target as target_encode does, beyond the training rows`, async () => {
      const made = await matrix(dataset, named(categories));
      assertSame(made.slice(trained), answer[`target_encode_${kind}`]?.slice(trained));
    });
  }
});
