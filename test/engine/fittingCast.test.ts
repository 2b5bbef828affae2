import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, text } from '../../src/engine/duckdb';
import { candidates, fittingCast } from '../../src/engine/schema/candidates';
import { castText, physicalType } from '../../src/engine/schema/types';

/** Of as many characters as a time, and no times as they are written. */
const nearlyTimes = [
  ...[
    '-020-01-02 03:04:05',
    '2020-01-1T 03:04:05',
    '2020-01-9  03:04:05',
    '2020-01-02  3:04:05',
    '2020/01/02 03:04:05',
  ],
  ...[
    '2020-01-02 03:04:0.',
    '2020-01-02 03:04:0Z',
    '2020-a1-02 03:04:05',
    '2020-01-02 03:0x:05',
    '20 0-01-02 03:04:05',
  ],
];

/** As people and programs write them, and nearly so. */
const written = [
  ...[
    '0',
    '-0',
    '7',
    '-7',
    '007',
    '-07',
    '+5',
    '1_000',
    ' 5',
    '5 ',
    '5.0',
    '1e3',
    '999999999999999999',
    '-999999999999999999',
  ],
  ...['1234567890123456789', '99999999999999999999', '-', '--1', '', '１２'],
  ...['0.5', '.5', '5.', '-.5', '1e400', '0.30000000000000004', '0.1234567890123456789', 'inf', 'nan'],
  ...['true', 'false', 'True', 'False', 'TRUE', 'FALSE', 'tRUE', 't', 'yes', ' true'],
  ...[
    '2020-01-02',
    '2020-1-2',
    '2020-13-01',
    '2020-01-02 03:04:05',
    '2020-01-02T03:04',
    '2020-01-02 03:04:05Z',
    '2020-01-02 03:04:05+02',
  ],
  ...nearlyTimes,
];

describe('the cast of a guessed type', () => {
  let folder: string;
  let database: Database;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mldata-casts-'));
    database = await Database.open({ threads: 2, memoryLimit: '256MB', spillFolder: folder });
    await database.run(`CREATE TABLE texts AS SELECT unnest([${written.map(text).join(', ')}]) AS x`);
  });
  after(async () => {
    database.close();
    await rm(folder, { recursive: true });
  });

  for (const { type, zoned, fits } of candidates) {
    it(`gives what testing every row finds: ${type}${zoned ? ' with a zone' : ''}`, async () => {
      const cast = castText('x', type, physicalType(type, zoned));
      const rows = await database.rows(
        `SELECT x, CAST(${fittingCast('x', type, zoned)} AS VARCHAR) AS guessed, ` +
          `CAST(CASE WHEN ${fits('x')} THEN ${cast} END AS VARCHAR) AS found FROM texts`,
      );
      assert.deepEqual(
        rows.map(({ x, guessed }) => [x, guessed]),
        rows.map(({ x, found }) => [x, found]),
      );
      assert.ok(rows.some(({ guessed }) => guessed !== null));
    });
  }

  const integers: readonly (readonly [written: string, value: string | null])[] = [
    ['7', '7'],
    ['-7', '-7'],
    ['007', '7'],
    ['+5', '5'],
    ['1_000', '1000'],
    [' 5 ', '5'],
    ['5.0', '5'],
    ['1.5', null],
    ['1e3', null],
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', null],
    ['seven', null],
  ];
  for (const [given, value] of integers) {
    it(`reads ${JSON.stringify(given)} as the declared integer ${value}`, async () => {
      const row = await database.row(
        `SELECT CAST(${castText('x', 'integer', 'BIGINT')} AS VARCHAR) AS value FROM (SELECT ${text(given)} AS x)`,
      );
      assert.equal(row['value'], value);
    });
  }

  it('takes nothing for a time that is not written as one', async () => {
    const rows = await database.rows(
      `SELECT x FROM (SELECT unnest([${nearlyTimes.map(text).join(', ')}]) AS x) WHERE ${castText('x', 'datetime', 'TIMESTAMP')} IS NOT NULL`,
    );
    assert.deepEqual(rows, []);
  });
});
