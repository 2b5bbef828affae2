/** How often rows are scanned for the checks. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plannedChecks } from '../../../src/config';
import { runChecks } from '../../../src/engine/checks';
import { Aggregates } from '../../../src/engine/checks/aggregates';
import { Database } from '../../../src/engine/duckdb';
import type { CheckName } from '../../../src/protocol';

describe('what checks ask of all rows', () => {
  let folder = '';
  let database: Database;
  let statements: string[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mldata-test-'));
    database = await Database.open({ threads: 2, memoryLimit: '500MB', spillFolder: join(folder, 'spill') });
    // Every statement passes through one of these.
    for (const name of ['run', 'rows'] as const) {
      const original = database[name].bind(database) as (sql: string) => Promise<never>;
      database[name] = (sql: string) => {
        statements.push(sql);
        return original(sql);
      };
    }
  });
  after(async () => {
    database.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => (statements = []));

  const ten = '(SELECT i AS c0, i * 2 AS c1 FROM range(10) r(i))';

  it('is answered by one statement where it is asked at the same time, and once where it is the same', async () => {
    const aggregates = new Aggregates(database, ten, 2);
    const questions = ['count(c0)', 'sum(c1)', 'max(c0)', 'count(c0)'];
    const answers = await Promise.all(questions.map((sql) => aggregates.ask(sql)));
    assert.deepEqual(answers.map(Number), [10, 90, 9, 10]);
    assert.equal(await aggregates.ask('max(c0)'), answers[2]);
    assert.deepEqual(statements, ['SELECT count(c0) AS a0, sum(c1) AS a1, max(c0) AS a2 FROM ' + ten]);
  });

  it('is answered by another statement where it follows from an answer', async () => {
    const aggregates = new Aggregates(database, ten, 2);
    const most = Number(await aggregates.ask('max(c0)'));
    assert.equal(Number(await aggregates.ask(`count(*) FILTER (WHERE c0 = ${most})`)), 1);
    assert.equal(statements.length, 2);
  });

  it('fails by itself where it cannot be answered', async () => {
    const aggregates = new Aggregates(database, ten, 2);
    const answers = await Promise.allSettled(['count(c0)', 'sum(c9)', 'max(c1)'].map((sql) => aggregates.ask(sql)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('comes in statements that can be planned where it is much', async () => {
    const aggregates = new Aggregates(database, ten, 2);
    const questions = Array.from({ length: 250 }, (_, index) => `sum(c0 + ${index})`);
    const answers = await Promise.all(questions.map((sql) => aggregates.ask(sql)));
    assert.deepEqual(
      answers.map(Number),
      questions.map((_, index) => 45 + 10 * index),
    );
    assert.equal(statements.length, 5);
  });

  it('comes in fewer of them where each would name many columns', async () => {
    const aggregates = new Aggregates(database, ten, 2400);
    const questions = Array.from({ length: 450 }, (_, index) => `sum(c1 + ${index})`);
    await Promise.all(questions.map((sql) => aggregates.ask(sql)));
    assert.deepEqual(
      statements.map((sql) => sql.split(' AS a').length - 1),
      [200, 200, 50],
    );
  });

  const rowsOf = (columns: number) => ({
    ...{ database, relation: 'wide', rows: 100, splits: [], found: [], enforced: false, mediaFolders: [] },
    columns: Array.from({ length: columns }, (_, index) => ({
      ...{ name: `column ${index}`, id: `c${index}`, physicalType: index % 2 ? 'BIGINT' : 'VARCHAR', spec: {} },
    })),
    schema: { columns: {}, primaryKey: [], extraColumns: 'ignore' as const, onError: 'null' as const },
    references: new Map(),
    signal: new AbortController().signal,
    locate: () => Promise.resolve([]),
  });
  const wide = (columns: number) =>
    `CREATE OR REPLACE TABLE wide AS SELECT ${Array.from({ length: columns }, (_, index) => (index % 2 ? `i + ${index}` : `'v' || (i % 7)`) + ` AS c${index}`).join(', ')}, ` +
    'i AS __row, NULL::VARCHAR AS __split FROM range(100) r(i)';

  it('takes one scan for checks that look at the same time, whatever their number', async () => {
    await database.run(wide(20));
    statements = [];
    const checks: CheckName[] = ['missing', 'row_count', 'custom'];
    const rules = Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => [
        `r${index}`,
        { expression: `"column 1"`, figure: 'maximum', atLeast: {}, atMost: { error: 500 + index } },
      ]),
    );
    const planned = plannedChecks({ custom: { rules } }, checks);
    const { results } = await runChecks(rowsOf(20), planned, 'd', () => undefined);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['passed', 'passed', 'passed'],
    );
    // Those whose expressions are read first come a moment later.
    assert.ok(scans() <= 2, statements.join('\n'));
  });

  it('takes many small statements for a thousand columns, which are planned in less time', async () => {
    await database.run(wide(1000));
    statements = [];
    const { results, findings } = await runChecks(
      rowsOf(1000),
      plannedChecks(undefined, ['missing']),
      'd',
      () => undefined,
    );
    assert.deepEqual([results[0]?.status, findings.length], ['passed', 0]);
    assert.equal(scans(), 24);
  });

  function scans(): number {
    return statements.filter((sql) => sql.startsWith('SELECT') && sql.endsWith('FROM wide')).length;
  }
});
