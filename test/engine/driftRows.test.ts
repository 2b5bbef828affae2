/** Rows of two sides in one database: every kind of side, and what is wrong with them. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import type { Drift, DriftProgress } from '../../src/protocol';
import { driftHere } from './driftHere';
import { config, here, workspaces } from './support';

/** 600 people; the second half is older. */
const people = (from: number, to: number, shift = 0) =>
  `id,age,city\n${Array.from({ length: to - from }, (_, at) => {
    const row = from + at;
    return `${row},${20 + shift + ((row * 37) % 40)},${['Oslo', 'Lima', 'Bern'][row % 3]}\n`;
  }).join('')}`;

const statuses = ({ columns }: Drift) => Object.fromEntries(columns.map(({ name, status }) => [name, status]));

describe('rows of two sides', () => {
  const workspace = workspaces(here);

  it('are the same where both sides are: nothing drifts', async () => {
    const space = await workspace({ 'a.csv': people(0, 600) });
    const drift = await driftHere(space, 'a.csv', 'a.csv');
    assert.deepEqual(statuses(drift), { id: 'none', age: 'none', city: 'none' });
    assert.deepEqual([drift.summary.drift, drift.summary.severity], [false, 'none']);
    assert.deepEqual(drift.schema, { added: [], removed: [], retyped: [], breaking: false });
    assert.deepEqual([drift.baseline.rows, drift.current.rows, drift.current.of], [600, 600, 'files']);
  });

  for (const [what, window] of [
    ['as a whole', undefined],
    ['in windows too', { column: 'day', by: 'month' }],
  ] as const)
    it(`are compared ${what} but for a column that cannot be read, which says why`, async () => {
      const space = await workspace({});
      const query =
        "SELECT i AS a, hash(i) AS b, i % 7 AS c, DATE '2026-01-01' + (i % 50)::INT AS day FROM range(5000) AS t(i)";
      await space.query(`COPY (${query}) TO {a.parquet} (FORMAT parquet, COMPRESSION zstd)`);
      const [chunk] = await space.query("SELECT * FROM parquet_metadata({a.parquet}) WHERE path_in_schema = 'b'");
      const content = await readFile(space.path('a.parquet'));
      await space.write('whole.parquet', content);
      const at = Number(chunk?.['data_page_offset']);
      content.fill(0xee, at, at + 60);
      await space.write('a.parquet', content);
      const fractions: number[] = [];
      const settings = { settings: window ? { window } : {} };
      const drift = await driftHere(space, 'whole.parquet', 'a.parquet', settings, ({ fraction }) =>
        fractions.push(fraction),
      );
      assert.deepEqual(statuses(drift), { b: 'failed', a: 'none', c: 'none', day: 'none' });
      assert.equal(drift.summary.compared, 3);
      const failed = drift.findings.filter(({ code }) => code === 'drift-column-failed');
      assert.deepEqual([failed.map(({ column }) => column), drift.windows?.length], [['b'], window && 2]);
      assert.deepEqual(
        fractions,
        fractions.toSorted((a, b) => a - b),
      );
    });

  it('of which no column can be read are refused', async () => {
    const space = await workspace({});
    await space.query('COPY (SELECT hash(i) AS b FROM range(5000) AS t(i)) TO {a.parquet} (FORMAT parquet)');
    const content = await readFile(space.path('a.parquet'));
    await space.write('whole.parquet', content);
    content.fill(0xee, 4, 64);
    await space.write('a.parquet', content);
    await assert.rejects(driftHere(space, 'whole.parquet', 'a.parquet'));
  });

  it('are found to differ in any format, and in another one on each side', async () => {
    const space = await workspace({ 'a.csv': people(0, 600), 'b.csv': people(0, 500, 15) });
    await space.query(`COPY (FROM {b.csv}) TO '${space.path('b.parquet')}' (FORMAT parquet)`);
    const rows = people(0, 500, 15).trim().split('\n').slice(1);
    const lines = rows.map((row) => {
      const [id, age, city] = row.split(',');
      return JSON.stringify({ id: Number(id), age: Number(age), city });
    });
    await space.write('b.jsonl', `${lines.join('\n')}\n`);
    for (const current of ['b.csv', 'b.parquet', 'b.jsonl']) {
      const drift = await driftHere(space, 'a.csv', current);
      assert.equal(drift.columns[0]?.name, 'age', current);
      assert.equal(drift.columns[0].status, 'high', current);
      assert.equal(statuses(drift)['city'], 'none', current);
    }
  });

  it('are of a build and of the sources of another dataset, and of one split', async () => {
    const space = await workspace({
      '.mldata.yaml':
        config('a.csv', 'split: { train: 0.5, test: 0.5, seed: 1 }\ndrift: { columns: { age: { muted: true } } }') +
        '  e: { source: b.csv }\n',
      'a.csv': people(0, 600),
      'b.csv': people(0, 600, 15),
    });
    await space.build({ names: ['d'] });
    const configPath = space.path('.mldata.yaml');
    const splits = await driftHere(space, 'd', 'd', { configPath, baselineSplit: 'train', currentSplit: 'test' });
    assert.deepEqual([splits.baseline.split, splits.baseline.rows, splits.current.rows], ['train', 300, 300]);
    assert.equal(splits.baseline.of, 'build');
    assert.ok(splits.baseline.versionId);
    const sources = await driftHere(space, 'd', 'e', { configPath });
    assert.equal(sources.current.of, 'source');
    assert.deepEqual([sources.columns[0]?.name, sources.columns[0]?.status], ['age', 'high']);
  });

  it('keep what looks like a number as text where the dataset on the other side has text', async () => {
    const zips = (rows: number) =>
      `zip\n${Array.from({ length: rows }, (_, row) => `0${1000 + (row % 7)}\n`).join('')}`;
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'schema: { columns: { zip: string } }'),
      'a.csv': zips(300),
      'b.csv': zips(280),
    });
    const drift = await driftHere(space, 'd', 'b.csv', { configPath: space.path('.mldata.yaml') });
    assert.deepEqual(drift.schema.retyped, []);
    assert.equal(drift.columns[0]?.type, 'string');
    assert.equal(drift.columns[0].status, 'none');
  });

  it('take for missing what the dataset on the other side takes for it', async () => {
    const ages = (rows: number) =>
      `age\n${Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? 'NA' : 20 + (row % 7))).join('\n')}\n`;
    const space = await workspace({
      '.mldata.yaml': config('{ path: a.csv, options: { nullValues: [NA] } }'),
      'a.csv': ages(300),
      'b.csv': ages(280),
    });
    const { columns } = await driftHere(space, 'd', 'b.csv', { configPath: space.path('.mldata.yaml') });
    assert.deepEqual([columns[0]?.type, columns[0]?.status], ['integer', 'none']);
    assert.deepEqual(columns[0]?.missing, { baseline: 0.1, current: 0.1 });
  });

  it('report columns that came, went and changed their type', async () => {
    const space = await workspace({
      'a.csv': 'same,gone,kind\n' + '1,2,3\n'.repeat(50),
      'b.csv': 'same,new,kind\n' + '1,2,three\n'.repeat(50),
    });
    const drift = await driftHere(space, 'a.csv', 'b.csv');
    assert.deepEqual(drift.schema, {
      ...{ added: ['new'], removed: ['gone'] },
      retyped: [{ name: 'kind', baseline: 'integer', current: 'string' }],
      breaking: true,
    });
    assert.deepEqual(
      ['new', 'gone', 'kind'].map((name) => statuses(drift)[name]),
      ['added', 'removed', 'retyped'],
    );
  });

  it('tell what of a file could not be read', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'schema: { columns: { n: integer }, onError: "null" }'),
      'a.csv': `n\n${'1\n'.repeat(40)}x\n`,
      'b.csv': `n\n${'1\n'.repeat(40)}`,
    });
    const { findings, columns } = await driftHere(space, 'b.csv', 'd', { configPath: space.path('.mldata.yaml') });
    assert.ok(findings.some(({ code, severity }) => code === 'cast-failed' && severity === 'warning'));
    assert.ok((columns[0]?.missing?.current ?? 0) > 0);
  });

  it('say how far they are, from nothing to all', async () => {
    const space = await workspace({ 'a.csv': people(0, 300), 'b.csv': people(0, 300) });
    const told: DriftProgress[] = [];
    await driftHere(space, 'a.csv', 'b.csv', {}, (progress) => told.push(progress));
    assert.deepEqual([...new Set(told.map(({ step }) => step))], ['read', 'columns']);
    const fractions = told.map(({ fraction }) => fraction);
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    assert.ok(fractions.every((fraction) => fraction >= 0 && fraction <= 1));
  });

  const empty: readonly (readonly [string, string, string, RegExp])[] = [
    ['with a header and no row', 'id,age,city\n', 'drift-no-rows', /has no rows/],
    ['of no byte', '', 'source-empty', /empty/],
  ];
  for (const [what, content, code, says] of empty) {
    it(`are refused where a side is a file ${what}, whichever side it is`, async () => {
      const space = await workspace({ 'a.csv': people(0, 60), 'none.csv': content });
      for (const [baseline, current] of [
        ['a.csv', 'none.csv'],
        ['none.csv', 'a.csv'],
      ] as const)
        await assert.rejects(driftHere(space, baseline, current), { code, message: says });
    });
  }

  it('are refused where a file is cut off', async () => {
    const space = await workspace({ 'a.csv': people(0, 600) });
    await space.query(`COPY (FROM {a.csv}) TO '${space.path('b.parquet')}' (FORMAT parquet)`);
    const bytes = await readFile(space.path('b.parquet'));
    await writeFile(space.path('b.parquet'), bytes.subarray(0, bytes.length - 200));
    await assert.rejects(driftHere(space, 'a.csv', 'b.parquet'), { code: /source-unreadable|source-truncated/ });
  });

  it('are refused where a file becomes another one meanwhile', async () => {
    const space = await workspace({ 'a.csv': people(0, 600), 'b.csv': people(0, 600) });
    let written: Promise<void> | undefined;
    await assert.rejects(
      driftHere(space, 'a.csv', 'b.csv', {}, ({ step }) => {
        if (step === 'columns') written ??= space.write('b.csv', people(0, 700));
      }),
      { code: 'source-changed' },
    );
    await written;
  });
});
