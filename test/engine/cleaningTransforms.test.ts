/** Steps that clean: what each makes of ordinary values, of missing ones, of a single row, and what it refuses. */
import assert from 'node:assert/strict';
import type { Row } from '../../src/engine/duckdb';
import type { StepRecord } from '../../src/protocol';
import { codes, config, workspaces, type Workspace } from './support';

/** A dataset over `rows.csv` with these steps, each on a line of its own. */
function stepping(steps: string, more = ''): string {
  return config('rows.csv', `transforms:\n${steps.trim().replace(/^\s*/gm, '  ')}\n${more}`);
}

/** Rows as JSON shows them. */
function plain(rows: readonly Row[]): Record<string, unknown>[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]: [string, unknown]) => [
        key,
        typeof value === 'bigint' ? Number(value) : value instanceof Date ? value.toISOString().slice(0, 10) : value,
      ]),
    ),
  );
}

interface Case {
  readonly does: string;
  readonly csv: string;
  readonly steps: string;
  readonly more?: string;
  /** The column that is looked at, top down; or several. */
  readonly gives: Readonly<Record<string, readonly unknown[]>>;
}

/** One test for each case. */
function give(cases: readonly Case[]): void {
  const workspace = workspaces();
  for (const { does, csv, steps, more, gives } of cases) {
    it(does, async () => {
      const space = await workspace({ '.mldata.yaml': stepping(steps, more), 'rows.csv': csv });
      const build = await space.buildOne();
      assert.equal(build.status, 'built', build.error?.message);
      assert.deepEqual(await column(space, Object.keys(gives)), gives);
    });
  }
}

async function column(space: Workspace, names: readonly string[], file = 'data'): Promise<Record<string, unknown[]>> {
  const rows = plain(await space.query(`FROM {datasets/d/data/${file}.parquet}`));
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}

async function steps(space: Workspace): Promise<StepRecord[]> {
  return (await space.manifest('d')).steps ?? [];
}

/** Names that would break SQL which is put together carelessly. */
const HOSTILE = `we"ird 'name'; ünï`;
const QUOTED = `"we""ird 'name'; ünï"`;

describe('cast', () => {
  give([
    {
      does: 'turns text into numbers and numbers into text',
      csv: 'a,b\n007,1\n8,2\n',
      more: 'schema: { columns: { a: string } }',
      steps: '- cast: { columns: { a: integer, b: string } }',
      gives: { a: [7, 8], b: ['1', '2'] },
    },
    {
      does: 'turns 0 and 1 into false and true, and back',
      csv: 'a,b\n1,true\n0,false\n,\n',
      steps: '- cast: { columns: { a: boolean, b: integer } }',
      gives: { a: [true, false, null], b: [1, 0, null] },
    },
    {
      does: 'keeps whole numbers when they become integers, under any name',
      csv: `${QUOTED}\n1.0\n2.0\n`,
      more: `schema: { columns: { ${JSON.stringify(HOSTILE)}: number } }`,
      steps: `- cast: { columns: { ${JSON.stringify(HOSTILE)}: integer } }`,
      gives: { [HOSTILE]: [1, 2] },
    },
    {
      does: 'leaves a column without values as it is, but for the type',
      csv: 'id,a\n1,\n',
      steps: '- cast: { columns: { a: date } }',
      gives: { a: [null] },
    },
  ]);

  const workspace = workspaces();
  const csv = 'id,a\n1,5\n2,x\n3,1.5\n4,x\n';

  it('stops the build at values that it would change, with count and samples', async () => {
    const space = await workspace({ '.mldata.yaml': stepping('- cast: { columns: { a: integer } }'), 'rows.csv': csv });
    const { status, error, findings } = await space.buildOne();
    assert.equal(status, 'failed');
    assert.match(error?.message ?? '', /Step 1, cast: 3 values of a cannot be cast to the type integer\./);
    const [finding] = findings;
    assert.deepEqual(
      [finding?.code, finding?.column, finding?.count, finding?.samples],
      ['cast-failed', 'a', 3, ['x', '1.5']],
    );
    assert.deepEqual(finding?.configPath, ['datasets', 'd', 'transforms', 0, 'cast', 'columns', 'a']);
  });

  it('makes them missing where it may, and says so', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- cast: { columns: { a: integer }, onError: null }'),
      'rows.csv': csv,
    });
    const build = await space.buildOne();
    assert.deepEqual([build.status, codes(build)], ['built', ['cast-failed']]);
    assert.equal(build.findings[0]?.severity, 'warning');
    assert.deepEqual(await column(space, ['a']), { a: [5, null, null, null] });
  });
});

describe('sample', () => {
  const workspace = workspaces();
  const csv = `id\n${Array.from({ length: 5000 }, (_, index) => index).join('\n')}\n`;
  const sampled = async (step: string, options = {}) => {
    const space = await workspace({ '.mldata.yaml': stepping(step), 'rows.csv': csv });
    const build = await space.buildOne(options);
    assert.deepEqual([build.status, codes(build)], ['built', []], build.error?.message);
    return (await column(space, ['id']))['id'] ?? [];
  };

  it('keeps exactly so many rows, in their order', async () => {
    for (const [step, rows] of [
      ['- sample: { rows: 37 }', 37],
      ['- sample: { share: 0.1 }', 500],
      ['- sample: { rows: 9000 }', 5000],
    ] as const) {
      const ids = (await sampled(step)) as number[];
      assert.equal(ids.length, rows);
      assert.deepEqual(
        ids,
        [...ids].sort((a, b) => a - b),
      );
    }
  });

  it('keeps the same rows on any number of threads, and others with another seed', async () => {
    const first = await sampled('- sample: { rows: 50, seed: 1 }', { threads: 1 });
    assert.deepEqual(await sampled('- sample: { rows: 50, seed: 1 }', { threads: 4 }), first);
    assert.notDeepEqual(await sampled('- sample: { rows: 50, seed: 2 }'), first);
  });

  it('stops the build when it leaves no row', async () => {
    const space = await workspace({ '.mldata.yaml': stepping('- sample: { share: 0.1 }'), 'rows.csv': 'id\n1\n' });
    assert.deepEqual(codes(await space.buildOne()), ['rows-lost']);
  });
});

describe('deduplicate', () => {
  const csv = 'id,a,b\n1,x,\n2,x,\n3,y,1\n4,x,2\n5,z,1\n';
  give([
    {
      does: 'keeps the first of equal rows, and a missing value equals a missing one',
      csv,
      steps: '- deduplicate: { columns: [a, b] }',
      gives: { id: [1, 3, 4, 5] },
    },
    {
      does: 'can keep the last',
      csv,
      steps: '- deduplicate: { columns: a, keep: last }',
      gives: { id: [3, 4, 5] },
    },
    {
      does: 'can keep none of them',
      csv,
      steps: '- deduplicate: { columns: a, keep: none, allowLoss: true }',
      gives: { id: [3, 5] },
    },
    {
      does: 'compares whole rows unless it is told otherwise',
      csv: `${QUOTED},a\n1,2\n1,2\n1,3\n`,
      steps: '- deduplicate: {}',
      gives: { [HOSTILE]: [1, 1], a: [2, 3] },
    },
    {
      does: 'takes 0 and -0 for equal, and NaN for equal to itself',
      csv: 'id,a\n1,0.0\n2,-0.0\n3,nan\n4,nan\n5,1\n',
      more: 'schema: { columns: { a: number } }',
      steps: '- deduplicate: { columns: a }',
      gives: { id: [1, 3, 5] },
    },
    { does: 'keeps a single row', csv: 'id,a\n1,\n', steps: '- deduplicate: { keep: none }', gives: { id: [1] } },
  ]);
});

describe('fill_missing', () => {
  const csv = `id,${QUOTED},city,word\n1,1,Bonn,b\n2,,Bonn,\n3,2,Ulm,a\n4,9,Ulm,a\n5,,Kiel,b\n`;
  const name = JSON.stringify(HOSTILE);
  give([
    {
      does: 'puts the mean in; integers become numbers',
      csv,
      steps: `- fill_missing: { columns: [${name}], strategy: mean }`,
      gives: { [HOSTILE]: [1, 4, 2, 9, 4] },
    },
    {
      does: 'puts the median in, which lies between two values',
      csv: 'id,a\n1,1\n2,\n3,2\n4,9\n5,4\n',
      steps: '- fill_missing: { columns: a, strategy: median }',
      gives: { a: [1, 3, 2, 9, 4] },
    },
    {
      does: 'puts the most frequent value in; of several the smallest',
      csv,
      steps: `- fill_missing: { columns: [word, ${name}], strategy: mode }`,
      gives: { word: ['b', 'a', 'a', 'a', 'b'], [HOSTILE]: [1, 1, 2, 9, 1] },
    },
    {
      does: 'puts a constant in',
      csv,
      steps: `- fill_missing: { columns: [word], strategy: constant, value: "it's" }`,
      gives: { word: ['b', "it's", 'a', 'a', 'b'] },
    },
    {
      does: 'puts the value before in, where there is one',
      csv: 'id,a\n1,\n2,5\n3,\n4,\n5,6\n',
      steps: '- fill_missing: { columns: a, strategy: forward }',
      gives: { id: [1, 2, 3, 4, 5], a: [null, 5, 5, 5, 6] },
    },
    {
      does: 'puts the value after in, within groups',
      csv: 'id,a,g\n1,,x\n2,5,y\n3,6,x\n4,,y\n',
      steps: '- fill_missing: { columns: a, strategy: backward, groupBy: g }',
      gives: { id: [1, 2, 3, 4], a: [6, 5, 6, null] },
    },
    {
      does: 'takes the value of a group, and that of all rows for a group without one',
      csv,
      steps: `- fill_missing: { columns: [${name}], strategy: median, groupBy: [city] }`,
      gives: { [HOSTILE]: [1, 1, 2, 9, 2] },
    },
    {
      does: 'knows groups by several columns, a missing value among them, and the mode of each',
      csv: 'id,a,g,h\n1,x,,1.0\n2,,,1\n3,y,q,1\n4,y,q,2\n5,y,q,2\n6,,q,1\n7,z,q,1\n8,z,,1\n9,x,,1\n',
      steps: '- fill_missing: { columns: a, strategy: mode, groupBy: [g, h] }',
      gives: { a: ['x', 'x', 'y', 'y', 'y', 'y', 'z', 'z', 'x'] },
    },
    {
      does: 'has the mean of each group',
      csv: 'id,a,g\n1,0.1,x\n2,0.2,x\n3,,x\n4,8,y\n5,,y\n',
      steps: '- fill_missing: { columns: a, strategy: mean, groupBy: g }',
      gives: { a: [0.1, 0.2, 0.15000000000000002, 8, 8] },
    },
    {
      does: 'leaves a column without values as it is, in a single row too',
      csv: 'id,a,b,c\n1,,,\n',
      more: 'schema: { columns: { a: number, b: integer, c: string } }',
      steps: [
        '- fill_missing: { columns: a, strategy: mean }',
        '- fill_missing: { columns: b, strategy: median, groupBy: id }',
        '- fill_missing: { columns: c, strategy: mode }',
        '- fill_missing: { columns: c, strategy: forward }',
      ].join('\n'),
      gives: { a: [null], b: [null], c: [null] },
    },
  ]);

  const workspace = workspaces();
  const numbers = `id,a,g\n${Array.from({ length: 60 }, (_, row) => `${row},${row % 3 === 0 ? '' : row * row},${row % 2}`).join('\n')}\n`;
  const split = 'split: { train: 0.5, test: 0.5, seed: 1 }';

  it('learns from the training rows only, and keeps what it learned in the manifest', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- fill_missing: { columns: a, strategy: mean, groupBy: g }', split),
      'rows.csv': numbers,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const [train] = await space.query(
      'SELECT avg(a) FILTER (id % 3 <> 0) AS mean, avg(a) FILTER (id % 3 <> 0 AND g = 1) AS odd FROM {datasets/d/data/train.parquet}',
    );
    const [test] = await space.query(
      'SELECT min(a) AS odd FROM {datasets/d/data/test.parquet} WHERE id % 3 = 0 AND g = 1',
    );
    assert.equal(test?.['odd'], train?.['odd']);
    const [filled] = (
      (await steps(space))[0]?.fitted as { columns: { column: string; value: number; groups: string }[] }
    ).columns;
    assert.deepEqual([filled?.column, filled?.value], ['a', train?.['mean']]);
    const groups = JSON.parse(filled?.groups ?? '') as { keys: string[][]; values: string[] };
    assert.deepEqual([groups.keys, Number(groups.values[1])], [[['0'], ['1']], train?.['odd']]);
  });

  it('gives the same bytes on any number of threads', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping(
        '- fill_missing: { columns: a, strategy: mean, groupBy: g }\n- fill_missing: { columns: g, strategy: forward }',
        split,
      ),
      'rows.csv': numbers,
    });
    const hashes = new Set<string>();
    for (const threads of [1, 2, 4]) {
      const { artifacts } = await space.buildOne({ threads, force: true });
      hashes.add(artifacts.map(({ sha256 }) => sha256).join());
    }
    assert.equal(hashes.size, 1);
  });
});

describe('steps that change texts', () => {
  const name = JSON.stringify(HOSTILE);
  give([
    {
      does: 'trim takes every kind of white space away around a text, and none within',
      csv: `${QUOTED},b\n"\t a\u00a0b\u3000",1\n"  ",2\n,3\n`,
      steps: `- trim: { columns: [${name}] }`,
      gives: { [HOSTILE]: ['a\u00a0b', '', null], b: [1, 2, 3] },
    },
    {
      does: 'lowercase knows letters beyond ASCII',
      csv: 'a,b\nÄRGER,X\n,Y\n',
      steps: '- lowercase: { columns: a }',
      gives: { a: ['ärger', null], b: ['X', 'Y'] },
    },
    {
      does: 'replace replaces a text wherever it stands, letter by letter',
      csv: 'a\na.b.c\nabc\n""\n',
      steps: `- replace: { columns: a, text: ".", with: "'" }`,
      gives: { a: ["a'b'c", 'abc', null] },
    },
    {
      does: 'replace replaces every match of a pattern, and knows its groups',
      csv: 'a\n2024-12-31 2025-01-02\nnone\n',
      steps: `- replace: { columns: a, pattern: '(\\d+)-(\\d+)-(\\d+)', with: '\\3.\\2.\\1\\\\' }`,
      gives: { a: ['31.12.2024\\ 02.01.2025\\', 'none'] },
    },
    {
      does: 'text_length counts characters, words and bytes in columns of their own',
      csv: `${QUOTED}\nzwölf  große Boxer\n😀\n`,
      more: `schema: { columns: { ${name}: string } }`,
      steps: `- text_length: { columns: ${name} }\n- text_length: { columns: ${name}, unit: words }\n- text_length: { columns: ${name}, unit: bytes }`,
      gives: {
        [`${HOSTILE}_characters`]: [18, 1],
        [`${HOSTILE}_words`]: [3, 1],
        [`${HOSTILE}_bytes`]: [20, 4],
      },
    },
    {
      does: 'work on a column without values',
      csv: 'id,a\n1,\n',
      more: 'schema: { columns: { a: string } }',
      steps:
        '- trim: { columns: a }\n- lowercase: { columns: a }\n- replace: { columns: a, pattern: x, with: y }\n- text_length: { columns: a }',
      gives: { a: [null], a_characters: [null] },
    },
  ]);
});

describe('map', () => {
  give([
    {
      does: 'exchanges values and keeps others',
      csv: `${QUOTED}\nf\nm\nx\n`,
      steps: `- map: { columns: [${JSON.stringify(HOSTILE)}], values: { f: "it's", m: null } }`,
      gives: { [HOSTILE]: ["it's", null, 'x'] },
    },
    {
      does: 'gives values of another type, and makes others missing',
      csv: 'a,b\nf,true\nm,false\nx,\n',
      steps:
        '- map: { columns: a, values: { f: 0, m: 1.5 }, other: null }\n- map: { columns: b, values: { true: yes, false: no }, other: fail }',
      gives: { a: [0, 1.5, null], b: ['yes', 'no', null] },
    },
    {
      does: 'compares numbers and dates as such',
      csv: 'a,b,c\n1.0,3,2024-01-01\n2.5,4,2024-01-02\n',
      more: 'schema: { columns: { a: number, c: date } }',
      steps:
        '- map: { columns: a, values: { 1: 10 } }\n- map: { columns: b, values: { 3: 0.5 } }\n- map: { columns: c, values: { 2024-01-01: first }, other: null }',
      gives: { a: [10, 2.5], b: [0.5, 4], c: ['first', null] },
    },
    {
      does: 'leaves a column without values without values',
      csv: 'id,a\n1,\n',
      more: 'schema: { columns: { a: string } }',
      steps: '- map: { columns: a, values: { x: 1 }, other: fail }',
      gives: { a: [null] },
    },
  ]);

  it('stops the build at other values when it is told so', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- map: { columns: a, values: { f: 0 }, other: fail }'),
      'rows.csv': 'a\nf\nm\nm\n',
    });
    const { status, findings } = await space.buildOne();
    const [finding] = findings;
    assert.deepEqual(
      [status, finding?.code, finding?.count, finding?.samples],
      ['failed', 'transform-values', 2, ['m']],
    );
  });
  const workspace = workspaces();
});

describe('clip', () => {
  give([
    {
      does: 'brings numbers to the bounds; whole ones stay whole between whole bounds',
      csv: `${QUOTED},b\n-5,-5\n3,3.5\n99,99\n,\n`,
      steps: `- clip: { columns: [${JSON.stringify(HOSTILE)}, b], minimum: 0, maximum: 10 }`,
      gives: { [HOSTILE]: [0, 3, 10, null], b: [0, 3.5, 10, null] },
    },
    {
      does: 'may have one bound, between whole numbers too, and leaves NaN alone',
      csv: 'a,b\n1,nan\n2,inf\n',
      more: 'schema: { columns: { b: number } }',
      steps: '- clip: { columns: [a, b], maximum: 1.5 }',
      gives: { a: [1, 1.5], b: [NaN, 1.5] },
    },
    {
      does: 'takes quantiles for bounds, which lie between two values',
      csv: 'a\n0\n1\n2\n3\n10\n',
      steps: '- clip: { columns: a, quantiles: [0.125, 0.875] }',
      gives: { a: [0.5, 1, 2, 3, 6.5] },
    },
    {
      does: 'leaves a column without values as it is, and a single value',
      csv: 'a,b\n5,\n',
      more: 'schema: { columns: { b: number } }',
      steps: '- clip: { columns: [a, b], quantiles: [0.125, 0.875] }',
      gives: { a: [5], b: [null] },
    },
  ]);
});

describe('bin', () => {
  const csv = `${QUOTED}\n0\n1\n2\n3\n10\n""\n`;
  const name = JSON.stringify(HOSTILE);
  give([
    {
      does: 'numbers bins from 0: each begins with its edge, the last has both, and outside there is none',
      csv: 'a\n-1\n0\n9.9\n10\n20\n21\n',
      steps: '- bin: { columns: a, edges: [0, 10, 20] }',
      gives: { a: [null, 0, 0, 1, 1, null] },
    },
    {
      does: 'can label them',
      csv: `${QUOTED},b\n0,1\n2,1\n,1\n`,
      steps: `- bin: { columns: ${name}, edges: [0, 1, 2], labels: ["it's low", high] }`,
      gives: { [HOSTILE]: ["it's low", 'high', null] },
    },
    {
      does: 'makes bins of one width',
      csv,
      steps: `- bin: { columns: ${name}, uniform: 2 }`,
      gives: { [HOSTILE]: [0, 0, 0, 0, 1, null] },
    },
    {
      does: 'makes bins of about as many rows',
      csv,
      steps: `- bin: { columns: ${name}, quantile: 2 }`,
      gives: { [HOSTILE]: [0, 0, 1, 1, 1, null] },
    },
    {
      does: 'makes one bin of edges that fall together',
      csv: 'a,b,c\n0,7,\n0,7,\n0,7,\n9,7,\n',
      more: 'schema: { columns: { c: number } }',
      steps: '- bin: { columns: [a, b, c], quantile: 4 }\n',
      gives: { a: [0, 0, 0, 1], b: [0, 0, 0, 0], c: [null, null, null, null] },
    },
    {
      does: 'has a bin for a single row',
      csv: 'a\n5\n',
      steps: '- bin: { columns: a, uniform: 3 }',
      gives: { a: [0] },
    },
  ]);

  const workspace = workspaces();

  it('learns edges from the training rows only; what lies beyond them is in the first bin and the last', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping(
        '- derive: { column: b, expression: a }\n- clip: { columns: a, quantiles: [0, 1] }\n- bin: { columns: b, uniform: 2 }',
        'split: { train: 0.6, test: 0.4, time: id }',
      ),
      'rows.csv': 'id,a\n1,5\n2,6\n3,7\n4,1000\n5,-1000\n',
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    assert.deepEqual(await column(space, ['a', 'b'], 'test'), { a: [7, 5], b: [1, 0] });
    assert.deepEqual(
      (await steps(space)).map(({ fitted }) => fitted),
      [
        undefined,
        { columns: [{ column: 'a', minimum: 5, maximum: 7 }] },
        { columns: [{ column: 'b', edges: [5, 6, 7] }] },
      ],
    );
  });

  it('says when there are fewer bins than labels', async () => {
    const space = await workspace({
      '.mldata.yaml': stepping('- bin: { columns: a, quantile: 2, labels: [low, high] }'),
      'rows.csv': 'a\n1\n1\n1\n',
    });
    const { error, findings } = await space.buildOne();
    assert.match(error?.message ?? '', /only 1 bin for 2 labels/);
    assert.deepEqual(findings[0]?.configPath?.slice(3), [0, 'bin', 'labels']);
  });
});

describe('datetime_parts', () => {
  const name = JSON.stringify(HOSTILE);
  const all = '[year, quarter, month, week, day, dayofyear, weekday, hour, minute, second]';
  give([
    {
      does: 'adds a column per part; weeks are those of ISO 8601 and begin on Monday, which is 0',
      csv: 'when\n2024-12-30T23:59:58.9\n2023-01-01T00:00:00\n',
      more: 'schema: { columns: { when: datetime } }',
      steps: `- datetime_parts: { columns: when, parts: ${all}, drop: true }`,
      gives: {
        when: [undefined, undefined],
        when_year: [2024, 2023],
        when_quarter: [4, 1],
        when_month: [12, 1],
        when_week: [1, 52],
        when_day: [30, 1],
        when_dayofyear: [365, 1],
        when_weekday: [0, 6],
        when_hour: [23, 0],
        when_minute: [59, 0],
        when_second: [58, 0],
      },
    },
    {
      does: 'takes dates, keeps them, and leaves missing ones missing',
      csv: `${QUOTED},b\n2024-02-29,1\n,2\n`,
      more: `schema: { columns: { ${name}: date } }`,
      steps: `- datetime_parts: { columns: [${name}], parts: [day] }`,
      gives: { [HOSTILE]: ['2024-02-29', null], [`${HOSTILE}_day`]: [29, null] },
    },
    {
      does: 'reads times with a zone in UTC',
      csv: 'when\n2024-01-01T00:30:00+02:00\n',
      more: 'schema: { columns: { when: datetime } }',
      steps: '- datetime_parts: { columns: when, parts: [year, hour] }',
      gives: { when_year: [2023], when_hour: [22] },
    },
  ]);
});
