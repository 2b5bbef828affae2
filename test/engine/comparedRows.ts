/** Two tables made by hand, and how far they are from each other. */
import { rm } from 'node:fs/promises';
import { driftSettings } from '../../src/config';
import { compareRows, type Compared, type CompareOptions, type DriftRows } from '../../src/engine/drift';
import { Database } from '../../src/engine/duckdb';
import { columnTypeOf } from '../../src/engine/schema';
import {
  driftColumnSchema,
  driftSchema,
  type ColumnSpec,
  type DriftColumn,
  type DriftSpec,
  type Finding,
} from '../../src/protocol';
import { temporaryFolder } from '../host/workspace';

export interface CompareTableOptions extends Partial<CompareOptions> {
  /** As the config says. */
  readonly settings?: DriftSpec;
  /** Columns as declared, of both sides. */
  readonly columns?: Readonly<Record<string, ColumnSpec>>;
  readonly threads?: number;
  /** Where files that values name are looked for. */
  readonly mediaFolders?: readonly string[];
}

export interface ComparedTables extends Compared {
  /** The column of this name. */
  readonly column: (name: string) => DriftColumn;
  readonly codes: readonly string[];
  /** The first finding of this code. */
  readonly finding: (code: string) => Finding;
}

/** Compares the rows of two queries. */
export async function compared(
  baseline: string,
  current: string,
  { settings, columns = {}, threads = 2, mediaFolders = [], ...options }: CompareTableOptions = {},
): Promise<ComparedTables> {
  const folder = await temporaryFolder();
  const database = await Database.open({ threads, memoryLimit: '1GB', spillFolder: folder });
  const side = async (name: string, query: string): Promise<DriftRows> => {
    const types = await database.describe(query);
    const ids = types.map((_, index) => `c${index}`);
    await database.run(`CREATE TABLE ${name} AS SELECT ${ids.join(', ')} FROM (${query}) AS t(${ids.join(', ')})`);
    const { rows } = await database.row(`SELECT count(*) AS rows FROM ${name}`);
    return {
      ...{ database, relation: name, rows: Number(rows), mediaFolders },
      columns: types.map(({ name: column, type }, index) => ({
        ...{ name: column, id: `c${index}`, physicalType: type, spec: columns[column] ?? {} },
        type: columns[column]?.type ?? columnTypeOf(type),
      })),
    };
  };
  try {
    const found = await compareRows(
      await side('before', baseline),
      await side('now', current),
      driftSettings(settings),
      {
        metrics: 'deciding',
        dataset: 'set',
        signal: new AbortController().signal,
        onProgress: () => undefined,
        ...options,
      },
    );
    // What is written is what the contract says, and JSON holds all of it.
    const parts = driftSchema.pick({ columns: true, summary: true, windows: true, findings: true });
    parts.parse(JSON.parse(JSON.stringify({ ...found, schema: undefined })));
    return {
      ...found,
      codes: found.findings.map(({ code }) => code),
      column: (name) => {
        const column = found.columns.find((each) => each.name === name);
        if (!column) throw new Error(`There is no column ${name}`);
        return driftColumnSchema.parse(JSON.parse(JSON.stringify(column)));
      },
      finding: (code) => {
        const one = found.findings.find((finding) => finding.code === code);
        if (!one) throw new Error(`There is no ${code} among ${JSON.stringify(found.findings)}`);
        return one;
      },
    };
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}
