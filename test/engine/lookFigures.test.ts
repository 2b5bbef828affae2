/** Values of the data that an editor may write into a config. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../src/engine/duckdb';
import { figuresOf } from '../../src/engine/look/figures';

describe('the values that a look lists', () => {
  let folder = '';
  let database: Database;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mldata-test-'));
    database = await Database.open({ threads: 2, memoryLimit: '500MB', spillFolder: join(folder, 'spill') });
  });
  after(async () => {
    database.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are whole: a column with a longer one than is shown lists none', async () => {
    await database.run(
      "CREATE TABLE t AS SELECT repeat('é', 200) AS c0, repeat('é', 200 + i) AS c1 FROM range(2) r(i)",
    );
    const columns = ['c0', 'c1'].map((id) => {
      return { name: id, id, type: 'string', physicalType: 'VARCHAR', spec: { type: 'string' } } as const;
    });
    const looked = await figuresOf(database, 't', columns);
    assert.deepEqual(
      looked.map(({ distinct, values }) => [distinct, values]),
      [
        [1, [{ value: 'é'.repeat(200), count: 2 }]],
        [2, undefined],
      ],
    );
  });
});
