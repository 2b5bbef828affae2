/** Rows of databases, fetched into a temporary folder, and what came out. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Credentials } from '../../src/engine/credentials';
import { Database, pathLiteral, type Row } from '../../src/engine/duckdb';
import {
  fetchRows,
  snapshotFile,
  type Access,
  type DatabaseSource,
  type Fetched,
  type FetchContext,
  type SnapshotRecord,
} from '../../src/engine/databases';

type Options = Partial<
  Pick<FetchContext, 'signal' | 'credentials' | 'allowInner' | 'threads' | 'memoryLimit' | 'onProgress' | 'root'>
>;

/** What may be reached, and what references stand for. */
export function accessWith(environment: NodeJS.ProcessEnv, allowInner = true): Access {
  return { credentials: new Credentials({ environment }), allowInner };
}

export class Snapshots {
  private constructor(readonly folder: string) {}

  static async create(): Promise<Snapshots> {
    const snapshots = new Snapshots(await mkdtemp(join(tmpdir(), 'mldata-test-')));
    await mkdir(snapshots.scratch);
    return snapshots;
  }

  get scratch(): string {
    return join(this.folder, 'scratch');
  }

  target(name = 'snapshot'): string {
    return join(this.folder, name);
  }

  fetch(
    source: Omit<DatabaseSource, 'timeoutMs'> & { readonly timeoutMs?: number },
    options: Options = {},
    name?: string,
  ): Promise<Fetched> {
    const context: FetchContext = {
      folder: this.folder,
      root: this.folder,
      scratch: this.scratch,
      threads: 2,
      memoryLimit: '1GB',
      ...accessWith({}),
      now: new Date(0),
      signal: new AbortController().signal,
      onProgress: () => undefined,
      ...options,
    };
    return fetchRows({ timeoutMs: 60_000, ...source }, this.target(name), context);
  }

  /** Rows of the snapshot, each value as the engine writes it. */
  async texts(record: SnapshotRecord, name?: string): Promise<Row[]> {
    return this.query((file) => `SELECT columns(*)::VARCHAR FROM ${file}`, record, name);
  }

  async query(sql: (file: string) => string, record: SnapshotRecord, name?: string): Promise<Row[]> {
    const database = await Database.open({ threads: 2, memoryLimit: '1GB', spillFolder: this.scratch });
    try {
      return await database.rows(sql(`read_parquet(${pathLiteral(snapshotFile(this.target(name), record))})`));
    } finally {
      database.close();
    }
  }

  /** What lies in the folder of a snapshot, and what was left behind. */
  async files(name?: string): Promise<string[]> {
    const [kept, left] = await Promise.all([readdir(this.target(name)).catch(() => []), readdir(this.scratch)]);
    return [...kept, ...left].sort();
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
