/** Exported folders as the readers of Croissant, Frictionless and Hugging Face take them. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Database } from '../../src/engine/duckdb';
import type { Export, ExportRequest } from '../../src/protocol';
import { exportIn } from '../engine/exported';
import { here, workspaces, type Workspace } from '../engine/support';
import { askPython, testPython } from '../host/python';

interface Answer {
  readonly croissant?: {
    readonly errors: readonly string[];
    readonly warnings: readonly string[];
    readonly sets: readonly string[];
    readonly records: readonly Readonly<Record<string, string>>[];
  };
  readonly package?: {
    readonly valid: boolean;
    readonly errors: readonly unknown[];
    readonly resources: readonly (readonly [name: string, type: string, rows: number | null])[];
  };
  readonly hub?: {
    readonly splits: Readonly<Record<string, number>>;
    readonly features: Readonly<Record<string, string>>;
    readonly rows: Readonly<Record<string, readonly string[]>>;
  };
}

/** Names that nobody would choose, some of which mean something to the readers. */
const names = ['id', 'a b', 'a_b', 'filename', 'split', 'größe', 'we"ird', '__index', '..', '"; import os'];
const cells = (row: number) =>
  names.map((name, index) => (name === 'größe' && row % 5 === 0 ? '' : `${row + index / 4}`));
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const csv = [names.map(quoted), ...Array.from({ length: 40 }, (_, row) => cells(row))]
  .map((line) => line.join(','))
  .join('\n');

const facts = `title: 'Told: "the" # data'
    description: "Rows\\n--- of all kinds"
    license: CC0-1.0
    homepage: https://example.org/data
    citation: "@misc{x, title={\`T\`}}"
    keywords: [a, "b: c"]
    contributors: [Ada Lovelace, "Bob <bob@example.org>"]`;
const split = 'split: { train: 0.6, validation: 0.2, test: 0.2, seed: 1 }';
const yaml = (more: string) => `version: 1\ndatasets:\n  d:\n    source: data.csv\n    ${more}\n    ${split}\n`;

/** A value of every type that the library of Hugging Face refuses or that nests. */
const types = `SELECT range AS id, uuid() AS key, INTERVAL 90 MINUTE AS span, MAP {'a': range, 'b': NULL} AS pairs,
  [range, NULL] AS numbers, {'x': range, 'y': 'z'} AS point, [{'x': range}] AS points, DATE '2020-01-02' AS day,
  TIME '01:02:03.5' AS clock, TIMESTAMPTZ '2020-01-01 00:00:00+00' AS instant, 1.25::DECIMAL(10,2) AS price,
  'a\\x00'::BLOB AS bytes, [uuid()] AS keys, NULL::INTEGER AS nothing, sum(range) OVER () AS total FROM range(3)`;

describe('what an export says of its data', function () {
  this.timeout(600_000);
  const workspace = workspaces(here);
  const answers = new Map<string, Answer>();
  const exports = new Map<string, Export>();
  let space: Workspace;

  const exported = async (name: string, request: Partial<ExportRequest>, target = 'd') => {
    exports.set(name, await exportIn(space, target, { ...request, output: space.path(name) }));
  };

  before(async () => {
    const python = await testPython();
    space = await workspace({ '.mldata.yaml': yaml(facts), 'data.csv': csv });
    assert.equal((await space.buildOne()).status, 'built');
    const database = await Database.open({ threads: 1, memoryLimit: '1GB', spillFolder: space.path('spill') });
    await database.run(`COPY (${types}) TO '${space.path('types.parquet')}' (FORMAT parquet)`);
    database.close();
    await exported('hub', { framework: 'huggingface' });
    await exported('shards', { framework: 'huggingface', rowsPerFile: 5 });
    await exported('none', { framework: 'huggingface', where: 'id < 0' });
    await exported('types', { framework: 'huggingface' }, space.path('types.parquet'));
    await exported('text', { formats: ['csv', 'jsonl'], documents: ['croissant', 'datapackage', 'card'] });
    const all = ['croissant', 'package', 'hub'];
    const folders = Array.from(exports.keys(), (name) => ({
      path: space.path(name),
      readers: name === 'none' ? ['package'] : all,
    }));
    const question = { cache: space.path('cache'), folders };
    const found = (await askPython(python, resolve('test/interop/exportMetadata.py'), question)) as Answer[];
    for (const [index, name] of Array.from(exports.keys()).entries()) answers.set(name, found[index] ?? {});
  });

  for (const name of ['hub', 'shards', 'types', 'text']) {
    it(`is Croissant that its validator takes, from which records come: ${name}`, () => {
      const { errors, sets, records } = answers.get(name)?.croissant ?? {};
      assert.deepEqual(errors, []);
      assert.ok(sets?.includes('records'));
      assert.equal(records?.length, exports.get(name)?.rows);
    });
  }

  it('is without a warning but of a version, which data has none of, where the config says all', () => {
    assert.deepEqual(
      answers.get('hub')?.croissant?.warnings.map((warning) => /"([^"]+)" is recommended/.exec(warning)?.[1]),
      ['https://schema.org/version'],
    );
    assert.deepEqual(exports.get('hub')?.findings, []);
  });

  for (const name of ['hub', 'shards']) {
    it(`tells the split of each record, beside a column of that name: ${name}`, () => {
      const records = answers.get(name)?.croissant?.records ?? [];
      const counts = new Map<string, number>();
      for (const record of records) {
        const own = record['records/split-2'] ?? '';
        counts.set(own, (counts.get(own) ?? 0) + 1);
      }
      assert.deepEqual(
        [...counts].sort(),
        (exports.get(name)?.splits ?? []).map((one) => [one.name, one.rows] as const).sort(),
      );
    });
  }

  for (const name of ['hub', 'shards', 'none', 'types', 'text']) {
    it(`is a data package without a fault: ${name}`, () => {
      const { valid, errors } = answers.get(name)?.package ?? {};
      assert.deepEqual({ valid, errors }, { valid: true, errors: [] });
    });
  }

  it('has the rows of CSV read against their schema', () => {
    const tables = answers.get('text')?.package?.resources.filter(([, type]) => type === 'table');
    assert.deepEqual(
      tables?.map(([, , rows]) => rows),
      exports.get('text')?.splits.map(({ rows }) => rows),
    );
  });

  for (const name of ['hub', 'shards', 'text']) {
    it(`is loaded from the folder, with its splits and columns: ${name}`, () => {
      const { splits, features } = answers.get(name)?.hub ?? {};
      assert.deepEqual(
        splits,
        Object.fromEntries((exports.get(name)?.splits ?? []).map((one) => [one.name, one.rows])),
      );
      assert.deepEqual(Object.keys(features ?? {}), names);
    });
  }

  it('has types that are refused in another form, and says so', () => {
    const { features, splits } = answers.get('types')?.hub ?? {};
    assert.deepEqual(splits, { train: 3 });
    const { key, span, pairs, keys, numbers, point, price, instant } = features ?? {};
    assert.deepEqual(
      { key, span, pairs, keys, numbers, point, price, instant },
      {
        key: "Value('string')",
        span: "Value('string')",
        pairs: "List({'key': Value('string'), 'value': Value('int64')})",
        keys: "List(Value('string'))",
        numbers: "List(Value('int64'))",
        point: "{'x': Value('int64'), 'y': Value('string')}",
        price: "Value('decimal128(10, 2)')",
        instant: "Value('timestamp[us, tz=UTC]')",
      },
    );
    const told = exports.get('types')?.findings.filter(({ message }) => message.includes('`datasets`'));
    assert.deepEqual(told?.map(({ column }) => column).sort(), ['key', 'keys', 'pairs', 'span']);
  });

  it('names what the config does not say at the line of the dataset, and is written without; a blank says nothing', async () => {
    const little = yaml("license: CC-BY-4.0\n    title: ''\n    description: ' '");
    const bare = await workspace({ '.mldata.yaml': little, 'data.csv': csv });
    await bare.buildOne();
    const { findings } = await exportIn(bare, 'd', { documents: ['croissant'], output: bare.path('bare') });
    assert.deepEqual(
      findings.map(({ code, configPath, locations }) => [code, configPath?.at(-1), locations?.[0]?.line]),
      [
        ['metadata-missing', 'description', 7],
        ['metadata-missing', 'homepage', 3],
        ['metadata-missing', 'contributors', 3],
      ],
    );
    const document = JSON.parse(await readFile(bare.path('bare/croissant.json'), 'utf8')) as Record<string, unknown>;
    assert.equal(document['license'], 'https://spdx.org/licenses/CC-BY-4.0.html');
    assert.deepEqual([document['name'], 'description' in document], ['d', false]);
  });
});
