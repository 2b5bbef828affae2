/** What a profile says of columns whose values hold other values. */
import assert from 'node:assert/strict';
import { Database } from '../../src/engine/duckdb';
import { columnTypeOf, type StageColumn } from '../../src/engine/schema';
import { embeddingFigures, isEmbeddingColumn } from '../../src/engine/profile/columns/nested/embedding';
import { listFigures } from '../../src/engine/profile/columns/nested/list';
import { holdObjects, structFigures } from '../../src/engine/profile/columns/nested/struct';
import { embeddingSchema, listSchema, structSchema, type ColumnType } from '../../src/protocol';
import { remove, temporaryFolder } from '../host/workspace';
import type { ProfileContext } from '../../src/engine/profile/context';

describe('figures of nested columns', () => {
  let folder: string;
  let database: Database;

  before(async () => {
    folder = await temporaryFolder();
    database = await Database.open({ threads: 2, memoryLimit: '500MB', spillFolder: folder });
  });
  after(async () => {
    database.close();
    await remove(folder);
  });

  /** @param rows SQL of the values, one row each, or of a query with one column */
  async function given(
    rows: readonly string[] | string,
    { type: declared, fast = false }: { type?: ColumnType; fast?: boolean } = {},
  ): Promise<{ context: ProfileContext; column: StageColumn }> {
    const query = typeof rows === 'string' ? rows : rows.map((row) => `SELECT ${row} AS value`).join(' UNION ALL ');
    await database.run(
      `CREATE OR REPLACE TABLE data AS SELECT row_number() OVER () - 1 AS __row, value AS c0 FROM (${query}) AS q(value)`,
    );
    const [, described] = await database.describe('SELECT * FROM data');
    const physicalType = described?.type ?? '';
    const { count } = await database.row('SELECT count(*) AS count FROM data');
    const type = declared ?? columnTypeOf(physicalType);
    const { signal } = new AbortController();
    return {
      context: { database, relation: 'data', rows: Number(count), fast, seed: 0, mediaFolders: [], signal },
      column: { name: 'value', id: 'c0', type, physicalType, spec: {} },
    };
  }

  async function list(...asked: Parameters<typeof given>) {
    const { context, column } = await given(...asked);
    return listSchema.parse(await listFigures(context, column));
  }
  async function embedding(...asked: Parameters<typeof given>) {
    const { context, column } = await given(...asked);
    return embeddingSchema.parse(await embeddingFigures(context, column));
  }
  async function fields(...asked: Parameters<typeof given>) {
    const { context, column } = await given(...asked);
    const found = structSchema.parse(await structFigures(context, column));
    return found.fields.map(({ name, type, nulls }) => `${name} ${type} ${nulls}`);
  }

  describe('lists', () => {
    it('have lengths, of the rows that have a list', async () => {
      const { lengths, lengthHistogram, empty } = await list(['[1, 2, 3]', '[]', 'NULL', '[4]', '[5, NULL]', '[]']);
      assert.deepEqual(lengths, { min: 0, max: 3, mean: 1.2, median: 1 });
      assert.deepEqual(lengthHistogram, { edges: [0, 1, 2, 3, 4], counts: [2, 1, 1, 1] });
      assert.equal(empty, 2);
    });

    it('have elements that are counted, missing ones too', async () => {
      const { elements } = await list(['[3, 1, 3]', '[NULL, 1]', 'NULL', '[3]']);
      assert.deepEqual(elements, {
        type: 'INTEGER',
        count: 6,
        nulls: 1,
        distinct: 2,
        spread: { min: 1, max: 3, mean: 11 / 5, median: 3 },
        top: [
          { value: '3', count: 3 },
          { value: '1', count: 2 },
        ],
      });
    });

    it('of floating numbers tell NaN and infinity from the others', async () => {
      const { elements } = await list(["[1.5, 'nan'::DOUBLE, 'inf'::DOUBLE]", "[2.5, '-inf'::DOUBLE, NULL, 5.0]"]);
      assert.deepEqual(elements.spread, { min: 1.5, max: 5, mean: 3, median: 2.5 });
      assert.equal(elements.nans, 1);
      assert.equal(elements.distinct, 6);
      assert.equal(elements.top, undefined, 'no value occurs twice');
    });

    const forms = [
      { form: 'arrays of a fixed length', rows: ['[1, 2]::INTEGER[2]', '[3, NULL]::INTEGER[2]'], type: 'INTEGER' },
      { form: 'JSON arrays as text', rows: ["'[1, 2]'", "'[3, null]'"], declared: 'array', type: 'BIGINT' },
    ] as const;
    for (const { form, rows, type, ...rest } of forms) {
      it(`may be ${form}`, async () => {
        const { lengths, elements } = await list(rows, 'declared' in rest ? { type: rest.declared } : {});
        assert.deepEqual(lengths, { min: 2, max: 2, mean: 2, median: 2 });
        assert.equal(elements.type, type);
        assert.deepEqual([elements.count, elements.nulls, elements.distinct], [4, 1, 3]);
        assert.deepEqual(elements.spread, { min: 1, max: 3, mean: 2, median: 2 });
      });
    }

    it('of texts have the most frequent ones, ties by value', async () => {
      const { elements } = await list(["['b', 'a', 'b']", "['a', 'c', '<script>', '<script>']"]);
      assert.deepEqual(elements.top, [
        { value: '<script>', count: 2 },
        { value: 'a', count: 2 },
        { value: 'b', count: 2 },
        { value: 'c', count: 1 },
      ]);
      assert.equal(elements.spread, undefined);
    });

    it('show the beginning of long texts only', async () => {
      const { elements } = await list(["[repeat('x', 1000000), repeat('x', 1000000)]"]);
      assert.equal(elements.top?.[0]?.value, `${'x'.repeat(200)}…`);
      assert.equal(elements.top[0].count, 2);
    });

    const nested = [
      { what: 'lists', rows: ['[[1], [2, 3]]', '[NULL]'], type: 'INTEGER[]', of: undefined },
      { what: 'structs', rows: ["[{'a': 1}, NULL, {'a': 2}]"], type: 'STRUCT', of: undefined },
      { what: 'JSON objects', rows: [`'[{"a": 1}, null, {"b": 2}]'`], type: 'OBJECT', of: 'array' },
      { what: 'JSON of all kinds', rows: [`'[1, null, "x"]'`], type: 'JSON', of: 'array' },
    ] as const;
    for (const { what, rows, type, of } of nested) {
      it(`of ${what} have counts, and no more than that`, async () => {
        const { elements } = await list(rows, of ? { type: of } : {});
        assert.deepEqual(elements, { type, count: 3, nulls: 1 });
      });
    }

    const without = [
      { case: 'no rows', rows: 'SELECT NULL::INTEGER[] WHERE false' },
      { case: 'no list', rows: ['NULL::INTEGER[]', 'NULL::INTEGER[]'] },
    ];
    for (const { case: name, rows } of without) {
      it(`with ${name} have no figures`, async () => {
        const { lengths, lengthHistogram, elements } = await list(rows);
        assert.deepEqual(lengths, { min: null, max: null, mean: null, median: null });
        assert.deepEqual(lengthHistogram, { edges: [], counts: [] });
        assert.deepEqual(elements, { type: 'INTEGER', count: 0, nulls: 0 });
      });
    }

    const objects = [
      { of: 'structs', rows: ["[{'a': 1}]"], hold: true },
      { of: 'lists of structs', rows: ["[[{'a': 1}]]"], hold: true },
      { of: 'maps', rows: ['[MAP {1: 2}]'], hold: true },
      { of: 'JSON objects', rows: [`'[{"a": 1}]'`], type: 'array', hold: true },
      { of: 'lists', rows: ['[[1]]'], hold: false },
      { of: 'texts', rows: ["['STRUCT']"], hold: false },
    ] as const;
    for (const { of, rows, hold, ...rest } of objects) {
      it(`of ${of} ${hold ? 'hold objects' : 'hold none'}`, async () => {
        assert.equal(holdObjects(await list(rows, 'type' in rest ? { type: rest.type } : {})), hold);
      });
    }

    it('leave out what would be an estimate, where sketches are allowed', async () => {
      const many = 'SELECT range(i * 1000, i * 1000 + 1000) FROM range(250) t(i)';
      const exact = await list(many);
      assert.equal(exact.elements.distinct, 250_000);
      assert.equal(exact.elements.spread?.median, 124_999.5);
      const { elements } = await list(many, { fast: true });
      assert.deepEqual(elements.spread, { ...exact.elements.spread, median: null });
      assert.equal(elements.distinct, undefined);
    });
  });

  describe('embeddings', () => {
    const vector = (...components: readonly (number | string)[]) =>
      `[${[...components, ...Array<number>(8).fill(0)].slice(0, 8).join(', ')}]::FLOAT[]`;

    const rule = [
      { name: 'lists of FLOAT, all of one length', rows: [vector(1), vector(2)], is: true },
      { name: 'arrays of DOUBLE', rows: ['range(8)::DOUBLE[8]'], is: true },
      { name: 'JSON arrays of numbers', rows: ["'[1.5, 2, 3, 4, 5, 6, 7, 8]'"], type: 'array', is: true },
      { name: 'nine in ten of one length', rows: [...Array<string>(9).fill(vector(1)), '[1]::FLOAT[]'], is: true },
      { name: 'fewer of one length', rows: [...Array<string>(8).fill(vector(1)), '[]', '[1]::FLOAT[]'], is: false },
      { name: 'fewer than eight dimensions', rows: ['[1, 2, 3]::FLOAT[3]'], is: false },
      { name: 'whole numbers', rows: ['range(8)'], is: false },
      { name: 'JSON arrays of whole numbers', rows: ["'[1, 2, 3, 4, 5, 6, 7, 8]'"], type: 'array', is: false },
      { name: 'text', rows: ["'[1.5, 2, 3, 4, 5, 6, 7, 8]'"], is: false },
      { name: 'nothing', rows: ['NULL::FLOAT[]'], is: false },
    ] as const;
    for (const { name, rows, is, ...rest } of rule) {
      it(`${is ? 'are' : 'are not'}: ${name}`, async () => {
        const { context, column } = await given(rows, 'type' in rest ? { type: rest.type } : {});
        assert.equal(await isEmbeddingColumn(context, column), is);
      });
    }

    it('have a dimension and Euclidean norms', async () => {
      const figures = await embedding([vector(3, 4), vector(0, 0, 5), vector(12, 5), 'NULL', '[1]::FLOAT[]']);
      assert.equal(figures.dimension, 8);
      assert.equal(figures.otherDimensions, 1);
      assert.deepEqual(figures.norms, { min: 5, max: 13, mean: 23 / 3, median: 5 });
      assert.equal(
        figures.normHistogram.counts.reduce((sum, count) => sum + count),
        3,
      );
    });

    it('may miss components, or have some that are no numbers; zero vectors are counted', async () => {
      const figures = await embedding([
        vector("'nan'::FLOAT"),
        vector("'-inf'::FLOAT"),
        vector('NULL'),
        vector(0),
        vector(-2),
      ]);
      assert.equal(figures.nans, 3);
      assert.equal(figures.zeroVectors, 1);
      assert.deepEqual(figures.norms, { min: 0, max: 2, mean: 1, median: 1 });
    });

    it('have norms where squares leave the range of doubles', async () => {
      const large = [`list_transform(range(8), lambda i: 3e200)`, `list_transform(range(8), lambda i: 3e-200)`];
      const { norms, nans, zeroVectors } = await embedding(large);
      const length = 3 * Math.sqrt(8);
      assert.ok(Math.abs((norms.max ?? 0) / (length * 1e200) - 1) < 1e-12);
      assert.ok(Math.abs((norms.min ?? 0) / (length * 1e-200) - 1) < 1e-12);
      assert.deepEqual([nans, zeroVectors], [0, 0]);
    });

    it('may be constant in some dimensions', async () => {
      // The last one varies in the last row only, long after the first vectors.
      const rows = `SELECT list_transform(range(8), lambda d: CASE WHEN d IN (1, 5) THEN 0.5 WHEN d = 7 THEN (i = 4999)::INTEGER
                    ELSE sin(i * 8 + d) END) FROM range(5000) t(i)`;
      const { constantDimensions, dimension } = await embedding(rows);
      assert.equal(dimension, 8);
      assert.deepEqual(constantDimensions, { count: 2, first: [1, 5] });
    });

    it('of one vector are constant in none', async () => {
      const { constantDimensions } = await embedding([vector(1, 2, 3)]);
      assert.deepEqual(constantDimensions, { count: 0, first: [] });
    });

    it('may be texts of JSON', async () => {
      const figures = await embedding(["'[3, 4.0, 0, 0, 0, 0, 0, 0]'", "'[0, null, 0, 0, 0, 0, 0, 0]'"], {
        type: 'array',
      });
      assert.equal(figures.norms.max, 5);
      assert.equal(figures.nans, 1);
    });
  });

  describe('objects', () => {
    it('have fields with types and nulls, those of objects within after them', async () => {
      assert.deepEqual(
        await fields([
          "{'id': 1, 'name': NULL, 'at': {'x': 1.5, 'y': NULL}, 'tags': ['a']}",
          "{'id': 2, 'name': 'b', 'at': NULL, 'tags': NULL}",
          'NULL',
        ]),
        ['id INTEGER 0', 'name VARCHAR 1', 'at STRUCT 1', 'at.x DECIMAL(2,1) 1', 'at.y INTEGER 2', 'tags VARCHAR[] 1'],
      );
    });

    it('in lists have fields counted by element', async () => {
      const elements = "[{'price': 1, 'of': [{'n': 1}, {'n': NULL}]}, {'price': NULL, 'of': NULL}, NULL]";
      assert.deepEqual(await fields([elements, '[]', 'NULL']), [
        '[].price INTEGER 1',
        '[].of STRUCT[] 1',
        '[].of[].n INTEGER 1',
      ]);
      assert.deepEqual(await fields([`{'items': ${elements}}`]), [
        'items STRUCT[] 0',
        'items[].price INTEGER 1',
        'items[].of STRUCT[] 1',
        'items[].of[].n INTEGER 1',
      ]);
    });

    it('may be maps, whose most frequent keys are their fields', async () => {
      const maps = ["MAP {'b': 1, 'a': NULL}", "MAP {'b': 2}", 'NULL', 'MAP {}'];
      assert.deepEqual(await fields(maps), ['b INTEGER 1', 'a INTEGER 3']);
      assert.deepEqual(await fields(["{'m': MAP {'k': 1}}", "{'m': NULL}"]), [
        'm MAP(VARCHAR, INTEGER) 1',
        'm.k INTEGER 0',
      ]);
    });

    it('may be texts of JSON, with the fields of the most frequent shape first', async () => {
      const rows = [
        `'{"a": 1, "A": {"x~/y": 2}, "items": [{"p": 1.5}, {"p": null}, {}, 7], "n": null, "m": 3}'`,
        `'{"a": 4, "A": {"x~/y": 5}, "items": [6], "n": null, "m": 3}'`,
        `'{"a": 4, "A": {"x~/y": 5}, "items": [6], "n": null, "m": 3}'`,
        `'{"a": null, "A": {}, "m": "x", "b.c": [1, -2.5]}'`,
        'NULL',
      ];
      assert.deepEqual(await fields(rows, { type: 'object' }), [
        'a BIGINT 1',
        'A OBJECT 0',
        'A.x~/y BIGINT 1',
        'items JSON[] 1',
        'n NULL 4',
        'm JSON 0',
        '"b.c" DOUBLE[] 3',
      ]);
    });

    it('in lists in texts of JSON have fields by element', async () => {
      const rows = [`'{"items": [{"p": 1.5, "q": {"r": true}}, {"p": null}, null]}'`, `'{"items": []}'`];
      assert.deepEqual(await fields(rows, { type: 'object' }), [
        'items OBJECT[] 0',
        'items[].p DOUBLE 1',
        'items[].q OBJECT 1',
        'items[].q.r BOOLEAN 1',
      ]);
    });

    it('in JSON arrays as text have fields by element', async () => {
      const rows = [`'[[{"a": 1}], [{"a": null}, {"b": []}]]'`, `'[]'`];
      assert.deepEqual(await fields(rows, { type: 'array' }), ['[][].a BIGINT 2', '[][].b NULL[] 2']);
    });

    it('with a key of its own in each row are told by their most frequent keys', async () => {
      const rows = `SELECT '{"user' || i || '": 1, "id": ' || i || '}' FROM range(5000) t(i)`;
      const found = await fields(rows, { type: 'object' });
      assert.equal(found[0], 'id JSON 0');
      assert.equal(found.length, 100);
    });

    it('whose names are SQL, quotes or empty are told like others', async () => {
      assert.deepEqual(await fields([`{'"; DROP TABLE data; --': {'it''s': 1, 'a.b': NULL}}`]), [
        `"""; DROP TABLE data; --" STRUCT 0`,
        `"""; DROP TABLE data; --".it's INTEGER 0`,
        `"""; DROP TABLE data; --"."a.b" INTEGER 1`,
      ]);
    });

    it('that are missing have fields all the same', async () => {
      assert.deepEqual(await fields(['NULL::STRUCT(a INTEGER)']), ['a INTEGER 0']);
    });
  });
});
