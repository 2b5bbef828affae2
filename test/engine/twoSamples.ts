/** Two samples in tables of one database. */
import { Database, text } from '../../src/engine/duckdb';
import { remove, temporaryFolder } from '../host/workspace';

/** As the engine reads them; null: missing. */
export type Sample = readonly (string | number | null)[];

export class TwoSamples {
  private constructor(
    readonly database: Database,
    private readonly folder: string,
  ) {}

  static async open(threads = 2): Promise<TwoSamples> {
    const folder = await temporaryFolder();
    return new TwoSamples(await Database.open({ threads, memoryLimit: '500MB', spillFolder: folder }), folder);
  }

  /** As numbers are asked for: a relation of either side, and the SQL of its values. */
  async of(baseline: Sample, current: Sample, type = 'DOUBLE') {
    return { baseline: await this.side('before', baseline, type), current: await this.side('now', current, type) };
  }

  private async side(relation: string, sample: Sample, type: string) {
    const list = sample.map((value) => (value === null ? 'NULL' : text(String(value)))).join(', ');
    await this.database.run(
      `CREATE OR REPLACE TABLE ${relation} AS SELECT CAST(unnest([${list}]::VARCHAR[]) AS ${type}) AS x`,
    );
    return { relation, sql: 'x' };
  }

  async close(): Promise<void> {
    this.database.close();
    await remove(this.folder);
  }
}
