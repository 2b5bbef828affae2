/** Tables made by hand, and what a profile says of them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thresholdsOf } from '../../src/config';
import { dataTarget } from '../../src/engine/dataTarget';
import { Database } from '../../src/engine/duckdb';
import { profileRows, type ProfileJob } from '../../src/engine/profile';
import { profileColumn } from '../../src/engine/profile/columns/column';
import type { DescribedColumn, ProfileContext } from '../../src/engine/profile/context';
import { columnTypeOf, type StageColumn } from '../../src/engine/schema';
import {
  profileSchema,
  type ColumnSpec,
  type Profile,
  type ProfileListener,
  type ProfileRequest,
} from '../../src/protocol';
import type { Workspace } from './support';

/** Without a process of its own. */
export async function profileOf(
  space: Workspace,
  target: string,
  more: Partial<ProfileRequest & ProfileJob> = {},
  listener: ProfileListener = { onProgress: () => undefined, onUpdate: () => undefined },
): Promise<Profile> {
  const scratch = await mkdtemp(join(tmpdir(), 'mldata-profile-'));
  try {
    const found = await dataTarget({ target, folder: space.folder, threads: 2, ...more });
    const job = { spec: { name: target }, target: found, scratch, seed: 42, fast: false, thresholds: thresholdsOf({}) };
    const limits = { threads: 2, memoryLimit: '1GB' };
    const document = await profileRows({ ...job, ...limits, ...more }, listener, new AbortController().signal);
    return profileSchema.parse(document);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export interface TableOptions {
  readonly specs?: Readonly<Record<string, ColumnSpec>>;
  readonly threads?: number;
  readonly fast?: boolean;
}

export class ProfiledTable {
  private constructor(
    readonly context: ProfileContext,
    readonly columns: readonly StageColumn[],
    private readonly folder: string,
  ) {}

  /** @param query whose columns and rows they are, in its order */
  static async of(query: string, { specs = {}, threads = 2, fast = false }: TableOptions = {}): Promise<ProfiledTable> {
    const folder = await mkdtemp(join(tmpdir(), 'mldata-test-'));
    const database = await Database.open({ threads, memoryLimit: '500MB', spillFolder: join(folder, 'spill') });
    const types = await database.describe(query);
    const names = types.map((_, index) => `c${index}`).join(', ');
    await database.run(
      `CREATE TABLE rows AS SELECT ${names}, row_number() OVER () - 1 AS __row FROM (${query}) AS t(${names})`,
    );
    const columns = types.map(({ name, type }, index): StageColumn => {
      const spec = specs[name] ?? {};
      return { name, id: `c${index}`, type: spec.type ?? columnTypeOf(type), physicalType: type, spec };
    });
    const { count } = await database.row('SELECT count(*) AS count FROM rows');
    const context: ProfileContext = {
      database,
      relation: 'rows',
      rows: Number(count),
      fast,
      seed: 7,
      mediaFolders: [],
      signal: new AbortController().signal,
    };
    return new ProfiledTable(context, columns, folder);
  }

  async described(): Promise<DescribedColumn[]> {
    const described: DescribedColumn[] = [];
    for (const column of this.columns) described.push({ column, figures: await profileColumn(this.context, column) });
    return described;
  }

  column(name: string): StageColumn {
    const column = this.columns.find((each) => each.name === name);
    if (!column) throw new Error(`There is no column ${name}`);
    return column;
  }

  async remove(): Promise<void> {
    this.context.database.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Tables of a suite; they go after each test. */
export function tables(): (query: string, options?: TableOptions) => Promise<ProfiledTable> {
  const open: ProfiledTable[] = [];
  afterEach(async () => {
    for (const table of open.splice(0)) await table.remove();
  });
  return async (query, options) => {
    const table = await ProfiledTable.of(query, options);
    open.push(table);
    return table;
  };
}
