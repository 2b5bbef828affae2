import assert from 'node:assert/strict';
import { codes, config, workspaces, type Workspace } from './support';

const shares = 'train: 0.8, validation: 0.1, test: 0.1';

/** A CSV with a running `id` and further columns made from it. */
function table(rows: number, columns: Readonly<Record<string, (id: number) => string | number>>): string {
  const names = Object.keys(columns);
  const lines = Array.from({ length: rows }, (_, id) =>
    [id, ...names.map((name) => columns[name]?.(id) ?? '')].join(','),
  );
  return [['id', ...names].join(','), ...lines, ''].join('\n');
}

/** Ids per split as they were written. */
async function idsOf(space: Workspace, build = 'd'): Promise<Record<string, number[]>> {
  const result: Record<string, number[]> = {};
  for (const split of ['train', 'validation', 'test']) {
    const rows = await space.query(`SELECT id FROM {datasets/${build}/data/${split}.parquet}`).catch(() => []);
    result[split] = rows.map(({ id }) => Number(id));
  }
  return result;
}

describe('splits', () => {
  const workspace = workspaces();

  for (const [rows, expected] of [
    [1000, [800, 100, 100]],
    [10, [8, 1, 1]],
    [7, [5, 1, 1]],
    [12345, [9876, 1235, 1234]],
  ] as const) {
    it(`are exact within one row for ${rows} rows, exclusive, and hold every row`, async () => {
      const space = await workspace({
        '.mldata.yaml': config('a.csv', `split: { ${shares}, seed: 1 }`),
        'a.csv': table(rows, {}),
      });
      const build = await space.buildOne();
      for (const [index, { rows: size }] of build.splits.entries())
        assert.ok(Math.abs(size - (expected[index] ?? 0)) <= 1, `${size}`);
      const { train = [], validation = [], test = [] } = await idsOf(space);
      const all = [...train, ...validation, ...test];
      assert.equal(new Set(all).size, rows);
      assert.equal(all.length, rows);
      assert.deepEqual(
        train,
        [...train].sort((a, b) => a - b),
        'rows keep the order of the source',
      );
    });
  }

  it('keep 40 classes of 5 within one row, and the totals too: 160/20/20', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', `split: { ${shares}, stratify: label, seed: 1 }`),
      'a.csv': table(200, { label: (id) => `c${id % 40}` }),
    });
    const build = await space.buildOne();
    assert.deepEqual(
      build.splits.map(({ rows }) => rows),
      [160, 20, 20],
    );
    for (const { classes = [], name } of build.splits) {
      const share = name === 'train' ? 4 : 0.5;
      for (const { rows } of classes) assert.ok(Math.abs(rows - share) < 1, `${name} ${rows}`);
    }
    const counted = await space.query(
      `SELECT label, count(*) AS rows FROM {datasets/d/data/train.parquet} GROUP BY label`,
    );
    assert.ok(counted.every(({ rows }) => rows === 4n));
  });

  it('treat null as a class and send a class with one row to train, with a finding', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'a.csv',
        `schema: { columns: { label: string } }\nsplit: { ${shares}, stratify: label, seed: 1 }`,
      ),
      'a.csv': table(101, { label: (id) => (id === 100 ? 'lonely' : id % 2 ? 'a' : '') }),
    });
    const build = await space.buildOne();
    assert.deepEqual(codes(build), ['class-of-one']);
    const byValue = (split: number) =>
      Object.fromEntries((build.splits[split]?.classes ?? []).map(({ value, rows }) => [String(value), rows]));
    assert.deepEqual(byValue(0), { a: 40, lonely: 1, null: 40 });
    assert.deepEqual(byValue(1), { a: 5, lonely: 0, null: 5 });
  });

  it('never let a group span two splits, with sizes within the largest group', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', `split: { ${shares}, group: owner, seed: 1 }`),
      'a.csv': table(1000, { owner: (id) => `g${Math.floor(Math.sqrt(id))}` }),
    });
    const build = await space.buildOne();
    for (const { rows, name } of build.splits)
      assert.ok(Math.abs(rows - (name === 'train' ? 800 : 100)) <= 63, `${name} ${rows}`);
    assert.ok(codes(build).includes('split-sizes-by-group'));
    const spanning = await space.query(
      `SELECT owner FROM (SELECT DISTINCT owner, filename FROM read_parquet('${space.path('datasets/d/data/*.parquet')}', filename = true)) GROUP BY owner HAVING count(*) > 1`,
    );
    assert.deepEqual(spanning, []);
  });

  it('keep groups whole and class shares close when both are asked', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'a.csv',
        `split: { train: 0.6, validation: 0.2, test: 0.2, group: patient, stratify: label, seed: 3 }`,
      ),
      'a.csv': table(3000, {
        patient: (id) => `p${Math.floor(id / 5)}`,
        label: (id) => (Math.floor(id / 5) % 4 === 0 ? 'sick' : 'well'),
      }),
    });
    const build = await space.buildOne();
    for (const { rows, name, classes = [] } of build.splits) {
      const share = name === 'train' ? 0.6 : 0.2;
      assert.ok(Math.abs(rows - 3000 * share) <= 5, `${name} ${rows}`);
      const sick = classes.find(({ value }) => value === 'sick')?.rows ?? 0;
      assert.ok(Math.abs(sick - 750 * share) <= 5, `${name} sick ${sick}`);
    }
    const spanning = await space.query(
      `SELECT patient FROM (SELECT DISTINCT patient, filename FROM read_parquet('${space.path('datasets/d/data/*.parquet')}', filename = true)) GROUP BY patient HAVING count(*) > 1`,
    );
    assert.deepEqual(spanning, []);
  });

  it('split in time: train is earliest, test latest, and the gap is left out', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', `schema: { columns: { day: date } }\nsplit: { ${shares}, time: day, gap: 2d }`),
      // Newest first, so that the order of the file is not the order in time.
      'a.csv': table(100, {
        day: (id) => new Date(Date.UTC(2024, 0, 100 - id)).toISOString().slice(0, 10),
        // The second of those without one lies in a gap.
        note: (id) => (id === 3 || id === 20 ? '' : 'x'),
      }),
    });
    const build = await space.buildOne();
    assert.deepEqual(
      build.splits.map(({ rows }) => rows),
      [79, 9, 10],
    );
    const { columns } = await space.manifest('d');
    assert.deepEqual(
      columns.map(({ name, missing }) => [name, missing]),
      [
        ['id', 0],
        ['day', 0],
        ['note', 1],
      ],
    );
    assert.deepEqual(codes(build), ['split-gap']);
    const span = async (split: string) =>
      (
        await space.query(
          `SELECT min(day)::VARCHAR AS first, max(day)::VARCHAR AS last FROM {datasets/d/data/${split}.parquet}`,
        )
      )[0];
    assert.deepEqual(
      [await span('train'), await span('validation'), await span('test')],
      [
        { first: '2024-01-01', last: '2024-03-19' },
        { first: '2024-03-21', last: '2024-03-29' },
        { first: '2024-03-31', last: '2024-04-09' },
      ],
    );
  });

  it('split by an unsigned number, with a gap in its units', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.parquet', `split: { ${shares}, time: at, gap: 150 }`),
    });
    await space.query(
      `COPY (SELECT i AS id, i::UINTEGER AS at FROM range(100) AS t(i)) TO '${space.path('a.parquet')}' (FORMAT parquet)`,
    );
    const build = await space.buildOne();
    // Every row of train lies within the gap; nothing underflows.
    assert.deepEqual(
      build.splits.map(({ rows }) => rows),
      [0, 0, 10],
    );
  });

  it('refuse a duration as gap in a column that turns out to hold numbers', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', `split: { ${shares}, time: at, gap: 10s }`),
      'a.csv': table(20, { at: (id) => id }),
    });
    const build = await space.buildOne();
    assert.equal(build.error?.code, 'split-conflict');
    assert.deepEqual(build.findings[0]?.configPath, ['datasets', 'd', 'split', 'gap']);
  });

  it('refuse to split in time when times are missing', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', `schema: { columns: { day: date } }\nsplit: { ${shares}, time: day }`),
      'a.csv': 'id,day\n1,2024-01-01\n2,\n',
    });
    const build = await space.buildOne();
    assert.equal(build.error?.code, 'time-missing');
  });

  it('write their row numbers and follow them again', async () => {
    const space = await workspace({
      '.mldata.yaml':
        `version: 1\ndatasets:\n` +
        `  first: { source: 'raw/*.csv', split: { ${shares}, seed: 5, writeIndices: true } }\n` +
        `  second: { source: 'raw/*.csv', split: { indices: datasets/first/reports/split-indices.csv } }\n`,
      'raw/a.csv': table(60, {}),
      'raw/b.csv': table(40, {}),
    });
    const { datasets } = await space.build();
    assert.deepEqual(
      datasets.map(({ status, error }) => error?.message ?? status),
      ['built', 'built'],
    );
    assert.deepEqual(await idsOf(space, 'second'), await idsOf(space, 'first'));
  });

  it('number rows as the source does, also after records in quarantine', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'a.csv',
        `schema: { onError: quarantine, columns: { id: integer } }\nsplit: { indices: rows.csv }`,
      ),
      'a.csv': 'id,x\n10,a\nbroken\n30,c\nforty,d\n50,e\n',
      'rows.csv': 'row,split\n1,train\n3,validation\n5,test\n',
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    assert.deepEqual(await idsOf(space), { train: [10], validation: [30], test: [50] });
  });

  for (const [name, rows, message] of [
    ['an unknown row', 'row,split\n9,train\n', /not in the data/],
    ['an unknown split', 'row,split\n1,dev\n', /dev is no split/],
    ['a row twice', 'row,split\n1,train\n1,test\n', /stands twice/],
    ['other columns', 'a,b\n1,2\n', /instead of file, row and split/],
    ['half a row', 'row,split\n1.6,train\n', /1\.6 is no row number/],
    ['a row without a split', 'row,split\n1,\n', /An empty field is no split/],
    ['a record too short', 'row,split\n1,train\n2\n', /rows\.csv: Line 3 has not as many fields/],
    ['nothing in it', '', /instead of file, row and split/],
  ] as const) {
    it(`refuse indices with ${name}`, async () => {
      const space = await workspace({
        '.mldata.yaml': config('a.csv', 'split: { indices: rows.csv }'),
        'a.csv': 'id\n1\n2\n',
        'rows.csv': rows,
      });
      const build = await space.buildOne();
      assert.match(build.error?.message ?? '', message);
    });
  }

  it('do not depend on the order in which files are named', async () => {
    const files = { 'a.csv': table(50, {}), 'b.csv': table(70, {}), 'c.csv': table(30, {}) };
    const one = await workspace({
      ...files,
      '.mldata.yaml': config('[a.csv, b.csv, c.csv]', `split: { ${shares}, seed: 1 }`),
    });
    const other = await workspace({
      ...files,
      '.mldata.yaml': config('[c.csv, a.csv, b.csv]', `split: { ${shares}, seed: 1 }`),
    });
    const hashes = async (space: Workspace) => (await space.buildOne()).artifacts.map(({ sha256 }) => sha256);
    assert.deepEqual(await hashes(other), await hashes(one));
  });

  it('leave every row where it was when another row breaks', async () => {
    const rows = Array.from({ length: 40 }, (_, id) => `${id},${id}`);
    const whole = await workspace({
      '.mldata.yaml': config('a.csv', `split: { ${shares}, seed: 1 }`),
      'a.csv': `id,x\n${rows.join('\n')}\n`,
    });
    const broken = await workspace({
      '.mldata.yaml': config('a.csv', `schema: { onError: quarantine }\nsplit: { ${shares}, seed: 1 }`),
      'a.csv': `id,x\nbroken\n${rows.slice(1).join('\n')}\n`,
    });
    await whole.buildOne();
    await broken.buildOne();
    const placeOf = async (space: Workspace) =>
      Object.entries(await idsOf(space)).flatMap(([split, ids]) => ids.map((id) => [id, split] as const));
    const before = new Map(await placeOf(whole));
    const moved = (await placeOf(broken)).filter(([id, split]) => before.get(id) !== split);
    // A share is a number of rows, so one row less moves no more than the rows at the borders.
    assert.ok(moved.length <= 2, `${moved.length} rows moved`);
  });

  for (const key of ['stratify', 'group']) {
    it(`take 0 and -0 for one value to ${key} by`, async () => {
      const space = await workspace({
        '.mldata.yaml': config(
          'a.csv',
          `schema: { columns: { x: number } }\nsplit: { train: 0.5, test: 0.5, ${key}: x, seed: 1 }`,
        ),
        'a.csv': 'id,x\n1,0.0\n2,-0.0\n3,0\n4,-0\n5,1\n6,1\n',
      });
      const build = await space.buildOne();
      assert.equal(build.status, 'built', build.error?.message);
      const ids = await idsOf(space);
      assert.deepEqual(Object.values(ids).flat().sort(), [1, 2, 3, 4, 5, 6]);
    });
  }

  it('derive a seed from the name when none is given, and record it', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv', `split: { ${shares} }`), 'a.csv': table(20, {}) });
    await space.buildOne();
    const { split } = (await space.manifest('d')).config;
    assert.equal(split?.seedFrom, 'name');
    assert.ok(Number.isInteger(split.seed));
  });

  it('change with the seed', async () => {
    const build = async (seed: number) => {
      const space = await workspace({
        '.mldata.yaml': config('a.csv', `split: { ${shares}, seed: ${seed} }`),
        'a.csv': table(200, {}),
      });
      await space.buildOne();
      return idsOf(space);
    };
    assert.notDeepEqual(await build(1), await build(2));
  });

  it('name the columns there are when asked to stratify by another', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', `split: { ${shares}, stratify: nope }`),
      'a.csv': table(20, {}),
    });
    const build = await space.buildOne();
    assert.equal(build.error?.code, 'split-column-missing');
    assert.deepEqual(build.findings[0]?.configPath, ['datasets', 'd', 'split', 'stratify']);
  });
});
