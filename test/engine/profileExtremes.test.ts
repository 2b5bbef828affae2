/** Profiles of data that is hard on them: columns that fail, very many columns, very many rows, very long cells. */
import assert from 'node:assert/strict';
import { linkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { thresholdsOf } from '../../src/config';
import { describeColumns, describeWhole } from '../../src/engine/profile/describe';
import type { Profile } from '../../src/protocol';
import { profileOf, tables } from './profileSupport';
import { workspaces } from './support';

describe('a profile of a column that fails', () => {
  const table = tables();
  const others = "i % 7 AS b, sin(i) AS c, 'x' || i % 3 AS d, i % 2 = 0 AS e";
  const described = async (query: string) => {
    const { context, columns } = await table(query);
    const describing = { ...context, dataset: 'set', thresholds: thresholdsOf({}), placeOf: () => undefined };
    const found = await describeColumns(describing, columns);
    return { columns: found.columns, ...(await describeWhole(describing, found)) };
  };

  // Statements of few rows are answered together, those of more each by itself.
  for (const rows of [100, 25_000])
    it(`says so of this column, and is whole otherwise: ${rows} rows`, async () => {
      // Whole numbers beyond what the engine subtracts.
      const wide = '340282366920938463463374607431768211455::UHUGEINT - i::UHUGEINT AS a';
      const found = await described(`SELECT ${wide}, ${others} FROM range(${rows}) AS t(i)`);
      const [failed, ...whole] = found.columns;
      assert.deepEqual(
        failed?.alerts.map(({ code, severity, column }) => [code, severity, column]),
        [['column-failed', 'warning', 'a']],
      );
      assert.match(failed.alerts[0]?.message ?? '', /^The column a could not be described: .*out of range/);
      assert.deepEqual([failed.nulls, failed.semantic, failed.numeric], [0, 'numeric', undefined]);
      const alone = await described(`SELECT ${others} FROM range(${rows}) AS t(i)`);
      assert.deepEqual(whole, alone.columns);
      assert.deepEqual(found.correlations, alone.correlations);
      assert.deepEqual(
        found.alerts.map(({ code }) => code),
        alone.alerts.map(({ code }) => code),
      );
    });
});

describe('a profile', () => {
  const workspace = workspaces();
  const column = ({ columns }: Pick<Profile, 'columns'>, name: string) => {
    const found = columns.find((each) => each.name === name);
    assert.ok(found, `there is no column ${name}`);
    return found;
  };

  it('of 5,000 columns is whole, and keeps to its budget of pairs', async function () {
    this.timeout(240_000);
    const values = Array.from({ length: 5000 }, (_, c) =>
      c % 50 === 0
        ? `sin(i * ${c + 1}) AS c${c}`
        : c % 50 === 1
          ? `'v' || (i * ${c}) % 3 AS c${c}`
          : c % 50 === 2
            ? `CASE WHEN i <> ${c % 7} THEN (i * ${c}) % 5 END AS c${c}`
            : `(i + ${c}) % 3 = 0 AS c${c}`,
    );
    const space = await workspace({});
    await space.query(
      `SET disabled_optimizers = 'common_subexpressions'; COPY (SELECT ${values.join(', ')} FROM range(12) AS t(i)) TO {a.parquet} (FORMAT parquet)`,
    );
    const found = await profileOf(space, 'a.parquet');
    assert.deepEqual(
      found.columns.map(({ name }) => name),
      values.map((_, c) => `c${c}`),
    );
    const semantics = new Map<string, number>();
    for (const { semantic, distinct } of found.columns) {
      assert.ok(distinct > 0);
      semantics.set(semantic, (semantics.get(semantic) ?? 0) + 1);
    }
    assert.deepEqual(Object.fromEntries(semantics), { numeric: 200, categorical: 100, boolean: 4700 });
    assert.equal(
      column(found, 'c4950').numeric?.histogram.counts.reduce((sum, count) => sum + count),
      12,
    );
    for (const { method, pairs, omittedColumns } of found.correlations) {
      assert.ok(pairs.length <= 5000, `${method}: ${pairs.length}`);
      if (method === 'cramersV') assert.ok(omittedColumns > 4000, `${omittedColumns}`);
    }
    assert.ok(found.correlations.some(({ method }) => method === 'cramersV'));
    assert.deepEqual(
      found.alerts.filter(({ code }) => code === 'column-failed' || code === 'figures-failed'),
      [],
    );
    assert.equal(found.head[11]?.length, 5000);
  });

  it('of 100,000,000 rows by a glob is exact where it says so, and marks what is estimated', async function () {
    this.timeout(240_000);
    const [rows, copies] = [1_000_000, 100];
    const space = await workspace({});
    const values = `(i % 5)::UTINYINT AS few, CASE WHEN i > 0 THEN ((i * 7919) % ${rows})::INTEGER END AS many`;
    await space.query(`COPY (SELECT ${values} FROM range(${rows}) AS t(i)) TO {0.parquet} (FORMAT parquet)`);
    for (let copy = 1; copy < copies; copy++) linkSync(space.path('0.parquet'), space.path(`${copy}.parquet`));
    const found = await profileOf(space, '*.parquet', { memoryLimit: '600MB' });
    assert.deepEqual([found.rows, found.files.length, found.sample], [rows * copies, copies, undefined]);
    const [few, many] = [column(found, 'few'), column(found, 'many')];
    assert.deepEqual([few.nulls, few.distinct, few.distinctExact, few.approximate], [0, 5, true, undefined]);
    assert.deepEqual(few.numeric?.histogram.counts, Array<number>(5).fill((rows * copies) / 5));
    const { min, max, mean, sum, zeros } = many.numeric ?? {};
    const total = (copies * (rows - 1) * rows) / 2;
    assert.deepEqual([many.nulls, min, max, mean, sum, zeros], [copies, 1, rows - 1, rows / 2, total, 0]);
    assert.equal(many.distinctExact, false);
    assert.ok(Math.abs(many.distinct / (rows - 1) - 1) < 0.2, `${many.distinct}`);
    assert.deepEqual(
      ['distinct', 'numeric.quantiles', 'numeric.histogram', 'numeric.mad'].filter(
        (figure) => !many.approximate?.includes(figure),
      ),
      [],
    );
    assert.ok(Math.abs((many.numeric?.quantiles['0.5'] ?? 0) / (rows / 2) - 1) < 0.05);
    assert.deepEqual(found.duplicates, { groups: rows, surplusRows: rows * (copies - 1) });
  });

  for (const format of ['csv', 'parquet'])
    it(`of cells of a megabyte each is bounded: ${format}`, async function () {
      this.timeout(120_000);
      const [cells, characters] = [40, 1_000_000];
      const space = await workspace({});
      const values = `i AS id, i || ':' || repeat('lorem ipsum ', ${characters / 10}) || 'x' AS t`;
      await space.query(`COPY (SELECT ${values} FROM range(${cells}) AS t(i)) TO {a.${format}} (FORMAT ${format})`);
      const found = await profileOf(space, `a.${format}`, { memoryLimit: '1GB' });
      const { text, alerts, distinct, semantic } = column(found, 't');
      assert.deepEqual([found.rows, distinct, semantic, alerts], [cells, cells, 'text', []]);
      const [shortest, longest] = [3 + 1.2 * characters, 4 + 1.2 * characters];
      assert.deepEqual([text?.minLength, text?.maxLength, text?.meanLength], [shortest, longest, shortest + 0.75]);
      assert.ok(found.head.every(([, value]) => (value?.length ?? 0) <= 200));
      assert.ok(JSON.stringify(found).length < 50_000);
    });

  for (const [format, opens, between, closes] of [
    ['jsonl', '', '\n', '\n'],
    ['json', '[', ',', ']'],
  ] as const)
    it(`of 300 records of a megabyte each suffices with a gigabyte: ${format}`, async function () {
      this.timeout(120_000);
      const [records, characters] = [300, 1_000_000];
      const space = await workspace({});
      const text = 'x'.repeat(characters);
      const written = Array.from({ length: records }, (_, id) => {
        const late = id === records - 1 ? ',"late":0.5' : '';
        return `${id === 0 ? opens : between}{"id":${id},"t":"${text}${id}"${late}}`;
      });
      await writeFile(space.path(`a.${format}`), [...written, closes]);
      const found = await profileOf(space, `a.${format}`, { memoryLimit: '1GB' });
      assert.deepEqual(
        found.columns.map(({ name, type, nulls, distinct }) => [name, type, nulls, distinct]),
        [
          ['id', 'integer', 0, records],
          ['t', 'string', 0, records],
          ['late', 'number', records - 1, 1],
        ],
      );
      assert.equal(column(found, 't').text?.maxLength, characters + 3);
    });
});
