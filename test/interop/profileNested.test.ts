/** Figures of embeddings and lists, against NumPy. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { Database, text } from '../../src/engine/duckdb';
import { embeddingFigures } from '../../src/engine/profile/columns/nested/embedding';
import { listFigures } from '../../src/engine/profile/columns/nested/list';
import { askPython, testPython } from '../host/python';
import { remove, temporaryFolder } from '../host/workspace';
import type { EmbeddingProfile, ListProfile, Spread } from '../../src/protocol';

const DIMENSION = 24;

/** What both sides are given: numbers as texts, so that NaN and infinity are among them. */
const vectors = Array.from({ length: 1500 }, (_, row) =>
  Array.from({ length: DIMENSION }, (_, d) => {
    if (row % 500 === 7) return '0';
    if (row % 100 === 99 && d === 5) return ['NaN', 'Infinity', '-Infinity'][row % 3] ?? '';
    return String(d === 11 ? 0 : Math.sin(row * DIMENSION + d) * 10 ** ((row % 7) - 3));
  }),
);
const lists = Array.from({ length: 800 }, (_, row) =>
  Array.from({ length: (row * row) % 23 }, (_, i) => {
    if ((row + i) % 97 === 0) return (row + i) % 2 === 0 ? 'NaN' : '-Infinity';
    return String(Math.round(Math.cos(row + i) * 1000) / 8);
  }),
);

type Figures = Pick<EmbeddingProfile, 'norms' | 'nans' | 'zeroVectors' | 'constantDimensions'>;
interface Answer {
  readonly single: Figures;
  readonly double: Figures;
  readonly lists: Pick<ListProfile, 'lengths'> & Pick<ListProfile['elements'], 'spread' | 'nans' | 'distinct'>;
}

describe('the figures of nested columns', function () {
  this.timeout(10 * 60_000); // Python's packages may have to be fetched
  let folder: string;
  let database: Database;
  let answer: Answer;

  before(async () => {
    folder = await temporaryFolder();
    database = await Database.open({ threads: 2, memoryLimit: '500MB', spillFolder: folder });
    const python = await testPython();
    answer = (await askPython(python, resolve('test/interop/profileNested.py'), { vectors, lists })) as Answer;
  });
  after(async () => {
    database.close();
    await remove(folder);
  });

  async function given(rows: readonly (readonly string[])[], type: string) {
    const values = rows.map((row, i) => `(${i}, ${text(`[${row.join(', ')}]`)})`).join(', ');
    await database.run(
      `CREATE OR REPLACE TABLE data AS SELECT i::BIGINT AS __row, CAST(v AS ${type}) AS c0 FROM (VALUES ${values}) AS d(i, v)`,
    );
    const { signal } = new AbortController();
    return [
      { database, relation: 'data', rows: rows.length, fast: false, seed: 0, mediaFolders: [], signal },
      { name: 'value', id: 'c0', type: 'array', physicalType: type, spec: {} },
    ] as const;
  }

  for (const [name, type] of [
    ['single', 'FLOAT[]'],
    ['double', `DOUBLE[${DIMENSION}]`],
  ] as const) {
    it(`are NumPy's for vectors of ${name} floats`, async () => {
      const { norms, nans, zeroVectors, constantDimensions } = await embeddingFigures(...(await given(vectors, type)));
      assert.deepEqual(
        { nans, zeroVectors, constantDimensions },
        {
          nans: answer[name].nans,
          zeroVectors: answer[name].zeroVectors,
          constantDimensions: answer[name].constantDimensions,
        },
      );
      assertClose(norms, answer[name].norms);
    });
  }

  it("are NumPy's for lists", async () => {
    const { lengths, elements } = await listFigures(...(await given(lists, 'DOUBLE[]')));
    assertClose(lengths, answer.lists.lengths);
    assert.ok(elements.spread && answer.lists.spread);
    assertClose(elements.spread, answer.lists.spread);
    assert.deepEqual([elements.nans, elements.distinct], [answer.lists.nans, answer.lists.distinct]);
  });
});

/** To 1e-12 of the largest of them. */
function assertClose(actual: Spread, expected: Spread): void {
  const largest = Math.max(...Object.values(expected).map((value) => Math.abs(value ?? 0)));
  for (const key of ['min', 'max', 'mean', 'median'] as const) {
    const difference = Math.abs((actual[key] ?? NaN) - (expected[key] ?? NaN));
    assert.ok(difference <= 1e-12 * largest, `${key}: ${actual[key]}, and ${expected[key]} by NumPy`);
  }
}
