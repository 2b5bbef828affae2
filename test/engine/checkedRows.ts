/** Rows made by hand, and what a check says of them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declaredCheck } from '../../src/config';
import { chosenRows, type Chosen } from '../../src/engine/checkRows';
import { runChecks } from '../../src/engine/checks';
import { Database } from '../../src/engine/duckdb';
import {
  checkResultSchema,
  qualityFindingSchema,
  splitNames,
  type CheckName,
  type CheckResult,
  type ColumnSpec,
  type DatasetSpec,
  type QualityFinding,
  type TableSchema,
} from '../../src/protocol';

export interface CheckedOptions {
  /** As it is written under `checks:`; absent: `{}`. */
  readonly written?: unknown;
  /** Columns as declared. */
  readonly columns?: Readonly<Record<string, ColumnSpec>>;
  readonly primaryKey?: readonly string[];
  readonly foreignKeys?: TableSchema['foreignKeys'];
  /** SQL of the split of a row, over the names of the columns; absent: no splits. */
  readonly split?: string;
  /** Names of the columns as they were read, before steps. */
  readonly read?: readonly string[];
  /** Only these of the rows are checked. */
  readonly chosen?: Chosen;
  readonly spec?: Partial<DatasetSpec>;
  readonly threads?: number;
  /** Where files that values name are looked for. */
  readonly mediaFolders?: readonly string[];
  /** Where files that are not whole are moved. */
  readonly quarantine?: string;
}

export interface Checked {
  readonly result: CheckResult;
  readonly findings: readonly QualityFinding[];
  readonly codes: readonly string[];
  /** The finding of this code, and only one. */
  readonly only: (code: string) => QualityFinding;
}

/** Makes one check of the rows of a query, in its order, from 0; a located row is in `rows` at its position from 1. */
export async function checkedRows(name: CheckName, query: string, options: CheckedOptions = {}): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-test-'));
  const { threads = 2 } = options;
  const database = await Database.open({ threads, memoryLimit: '1GB', spillFolder: join(folder, 'spill') });
  try {
    return await check(database, name, query, options);
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function check(
  database: Database,
  name: CheckName,
  query: string,
  {
    written = {},
    columns: specs = {},
    primaryKey = [],
    foreignKeys,
    split = 'NULL',
    read,
    chosen,
    spec,
    mediaFolders = [],
    quarantine,
  }: CheckedOptions,
): Promise<Checked> {
  const types = await database.describe(query);
  const ids = types.map((_, index) => `c${index}`);
  await database.run(
    `CREATE TABLE rows AS SELECT ${ids.join(', ')}, __split, row_number() OVER () - 1 AS __row ` +
      `FROM (SELECT *, CAST(${split} AS VARCHAR) FROM (${query})) AS t(${[...ids, '__split'].join(', ')})`,
  );
  const counted = await database.rows('SELECT __split AS split, count(*) AS rows FROM rows GROUP BY split');
  const schema: TableSchema = {
    columns: { ...specs },
    primaryKey: [...primaryKey],
    ...(foreignKeys && { foreignKeys }),
    extraColumns: 'ignore',
    onError: 'fail',
  };
  const declared = declaredCheck(name);
  if (!declared) throw new Error(`There is no check ${name}`);
  const parameters = declared.resolve(declared.parameters.parse(written));
  const rows = await chosenRows(
    {
      database,
      relation: 'rows',
      columns: types.map(({ name: column, type }, index) => ({
        ...{ name: column, id: `c${index}`, physicalType: type, spec: specs[column] ?? {} },
      })),
      rows: counted.reduce((sum, row) => sum + Number(row['rows']), 0),
      splits: splitNames.filter((each) => counted.some((row) => row['split'] === each)),
      schema,
      found: [],
      enforced: false,
      references: new Map(),
      mediaFolders,
      ...(read && { read }),
      ...(quarantine !== undefined && { quarantine }),
      spec: { name: 'set', source: [], schema, output: { formats: [], path: '' }, ...spec },
      signal: new AbortController().signal,
      locate: (rows, texts) =>
        Promise.resolve(
          rows.map((row, index) => {
            const text = texts?.[index];
            return { file: 'rows', row: Number(row) + 1, ...(typeof text === 'string' && { text }) };
          }),
        ),
    },
    chosen ?? { seed: 0 },
  );
  const { results, findings } = await runChecks(rows, [{ name, parameters }], 'set', () => undefined);
  // What is written is what the contract says, and JSON holds all of it.
  const found = findings.map((finding) => qualityFindingSchema.parse(JSON.parse(JSON.stringify(finding))));
  const [result] = results.map((each) => checkResultSchema.parse(each));
  if (!result) throw new Error('The check was not made');
  return {
    result,
    findings: found,
    codes: found.map(({ code }) => code),
    only: (code) => {
      const [one, ...others] = found.filter((finding) => finding.code === code);
      if (!one || others.length > 0)
        throw new Error(`There are ${others.length + (one ? 1 : 0)} of ${code}: ${JSON.stringify(found)}`);
      return one;
    },
  };
}

/** Positions of the rows that a finding shows, from 1. */
export function rowsOf({ locations = [] }: QualityFinding): (number | undefined)[] {
  return locations.map(({ row }) => row);
}
