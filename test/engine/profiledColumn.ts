/** One column of a table made by hand, profiled. */
import { Database, text } from '../../src/engine/duckdb';
import { profileColumn } from '../../src/engine/profile/columns/column';
import { columnTypeOf } from '../../src/engine/schema';
import { profileColumnSchema, type ColumnSpec, type ProfileColumn } from '../../src/protocol';
import { remove, temporaryFolder } from '../host/workspace';

export interface ColumnToProfile {
  readonly type: string;
  /** As the engine reads them in its type; null: missing. */
  readonly values: readonly (string | null)[];
  readonly name?: string;
  readonly spec?: ColumnSpec;
  readonly fast?: boolean;
}

export type Profiled = Omit<ProfileColumn, 'alerts'>;

export class ColumnProfiler {
  private constructor(
    readonly database: Database,
    private readonly folder: string,
  ) {}

  static async open(threads = 2): Promise<ColumnProfiler> {
    const folder = await temporaryFolder();
    return new ColumnProfiler(await Database.open({ threads, memoryLimit: '500MB', spillFolder: folder }), folder);
  }

  async values({ values, type, ...options }: ColumnToProfile): Promise<Profiled> {
    const list = values.map((value) => (value === null ? 'NULL' : text(value))).join(', ');
    const rows = `SELECT unnest(range(${values.length})), CAST(unnest([${list}]::VARCHAR[]) AS ${type})`;
    return this.query(rows, { type, ...options });
  }

  /** @param rows SQL of a query of `__row` and the value */
  async query(
    rows: string,
    { type, name = 'value', spec = {}, fast = false }: Omit<ColumnToProfile, 'values'>,
  ): Promise<Profiled> {
    const { database } = this;
    await database.run(`CREATE OR REPLACE TABLE data AS SELECT r AS __row, v AS c0 FROM (${rows}) AS q(r, v)`);
    const { count } = await database.row('SELECT count(*) AS count FROM data');
    const { signal } = new AbortController();
    const column = await profileColumn(
      { database, relation: 'data', rows: Number(count), fast, seed: 7, mediaFolders: [], signal },
      { name, id: 'c0', type: spec.type ?? columnTypeOf(type), physicalType: type, spec },
    );
    // What is written is what the contract says, and JSON holds all of it.
    const { alerts: _, ...written } = profileColumnSchema.parse(JSON.parse(JSON.stringify({ ...column, alerts: [] })));
    return written;
  }

  async close(): Promise<void> {
    this.database.close();
    await remove(this.folder);
  }
}
