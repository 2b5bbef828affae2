/** What formats cannot keep: it is said, with how many values it befalls, and what is written instead. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { tableFromIPC } from 'apache-arrow';
import type { ExportFormat } from '../../src/protocol';
import { exportIn } from './exported';
import { config, here, workspaces } from './support';

interface Case {
  readonly what: string;
  /** SQL of the values, one each. */
  readonly values: readonly string[];
  readonly format: ExportFormat;
  /** How many values are concerned; 0: nothing is lost. */
  readonly count: number;
  readonly message?: RegExp;
  readonly severity?: 'warning' | 'info';
  /** A part of the file. */
  readonly written?: string;
}

const cases: readonly Case[] = [
  { what: 'whole numbers that doubles hold', values: ['9007199254740992::BIGINT'], format: 'json', count: 0 },
  {
    what: 'whole numbers over 2^53',
    values: ['9007199254740993::BIGINT', '1::BIGINT'],
    format: 'json',
    count: 1,
    message: /more digits .* JSON keep/,
    severity: 'warning',
    written: '9007199254740993',
  },
  {
    what: 'whole numbers over 2^53 in lists',
    values: ['[9007199254740993::BIGINT]'],
    format: 'jsonl',
    count: 1,
    written: '[9007199254740993]',
  },
  {
    what: 'whole numbers over 2^53',
    values: ['9007199254740993::BIGINT'],
    format: 'csv',
    count: 0,
    written: '9007199254740993',
  },
  {
    what: 'decimals of many digits',
    values: ['0.12345678901234567890::DECIMAL(30,20)', '0.5'],
    format: 'jsonl',
    count: 1,
    written: '0.12345678901234567890',
  },
  { what: 'decimals that doubles hold', values: ['1.25::DECIMAL(10,2)'], format: 'jsonl', count: 0 },
  {
    what: 'sums of many digits',
    values: ['170141183460469231731687303715884105::DECIMAL(38,0)'],
    format: 'json',
    count: 1,
    written: '170141183460469231731687303715884105',
  },
  {
    what: 'NaN and infinity',
    values: ["'nan'::DOUBLE", "'inf'::DOUBLE", '1.5'],
    format: 'json',
    count: 2,
    severity: 'warning',
    written: '"a":null',
  },
  {
    what: 'NaN in objects',
    values: [`struct_pack(x := 'nan'::DOUBLE, "y z" := 1)`],
    format: 'jsonl',
    count: 1,
    written: '{"x":null,"y z":1}',
  },
  {
    what: 'NaN in lists of maps',
    values: ["[map(['k'], ['inf'::DOUBLE])]"],
    format: 'jsonl',
    count: 1,
    message: /NaN or infinity/,
    written: '[{"k":null}]',
  },
  {
    what: 'NaN and infinity',
    values: ["'nan'::FLOAT", "'-inf'::FLOAT"],
    format: 'csv',
    count: 2,
    written: 'nan\n-inf',
  },
  { what: 'NaN and infinity', values: ["'nan'::DOUBLE"], format: 'parquet', count: 0 },
  {
    what: 'lists',
    values: ['[1, 2]'],
    format: 'csv',
    count: 1,
    message: /JSON text/,
    severity: 'info',
    written: '"[1,2]"',
  },
  {
    what: 'NaN in lists',
    values: ["['nan'::DOUBLE]"],
    format: 'csv',
    count: 1,
    message: /JSON inside of CSV/,
    written: '[null]',
  },
  {
    what: 'bytes',
    values: [String.raw`'\xAA\x00'::BLOB`],
    format: 'csv',
    count: 1,
    message: /base64/,
    written: 'qgA=',
  },
  {
    what: 'bytes in lists',
    values: [String.raw`['\xAA\x00'::BLOB]`],
    format: 'json',
    count: 1,
    message: /base64/,
    written: '["qgA="]',
  },
  {
    what: 'instants',
    values: ["TIMESTAMPTZ '2020-01-01 10:00:00+02'"],
    format: 'csv',
    count: 1,
    message: /in UTC/,
    severity: 'info',
    written: '2020-01-01 08:00:00+00',
  },
  {
    what: 'empty texts beside missing values',
    values: ["''", 'NULL', "'x'"],
    format: 'csv',
    count: 1,
    message: /take both for missing/,
    written: '""\n\nx',
  },
  {
    what: 'missing values that have a line of their own',
    values: ['1', 'NULL'],
    format: 'csv',
    count: 1,
    message: /empty line, .* skip it/,
    severity: 'warning',
  },
  { what: 'empty texts alone', values: ["''", "'x'"], format: 'csv', count: 0 },
  {
    what: 'maps',
    values: ['map([1], [2])'],
    format: 'json',
    count: 1,
    message: /keys .* as texts/,
    written: '{"1":2}',
  },
  {
    what: 'UUIDs',
    values: ["'11111111-2222-3333-4444-555555555555'::UUID"],
    format: 'csv',
    count: 0,
    written: '11111111-2222-3333-4444-555555555555',
  },
  {
    what: 'UUIDs',
    values: ["'11111111-2222-3333-4444-555555555555'::UUID"],
    format: 'arrow',
    count: 1,
    message: /Arrow as text/,
  },
  { what: 'intervals', values: ['INTERVAL 1 MONTH'], format: 'json', count: 0, written: '"1 month"' },
];

describe('what a format cannot keep', () => {
  const workspace = workspaces(here);

  for (const { what, values, format, count, message = /./, severity, written } of cases) {
    it(`${format}: ${what}${count === 0 ? ' are kept' : ''}`, async () => {
      const space = await workspace({ '.mldata.yaml': config('x.csv') });
      await space.query(`COPY (${values.map((value) => `SELECT ${value} AS a`).join(' UNION ALL ')}) TO {in.parquet}`);
      const { findings } = await exportIn(space, 'in.parquet', { formats: [format] });
      const lossy = findings.filter((finding) => finding.code === 'export-lossy' && message.test(finding.message));
      assert.deepEqual(
        lossy.map((finding) => [finding.column, finding.count]),
        count === 0 ? [] : [['a', count]],
        JSON.stringify(findings),
      );
      if (severity !== undefined) assert.equal(lossy[0]?.severity, severity);
      const file = space.path(`exports/in/data/data.${format}`);
      if (written !== undefined)
        assert.ok((await readFile(file, 'utf8')).includes(written), await readFile(file, 'utf8'));
      if (format === 'arrow')
        assert.equal(tableFromIPC(await readFile(file)).get(0)?.['a'], '11111111-2222-3333-4444-555555555555');
      if (format === 'json') JSON.parse(await readFile(file, 'utf8'));
    });
  }
});
