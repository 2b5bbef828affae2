/** One in-memory DuckDB with limits, cancellation and progress. What the driver knows is known here only. */
import { cancelled, MldataError } from '../../protocol';
import { text, textList } from './quoting';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface DatabaseOptions {
  readonly threads: number;
  /** e.g. `512MB`. */
  readonly memoryLimit: string;
  /** Where the engine spills; removed by whoever made it. */
  readonly spillFolder: string;
  readonly signal?: AbortSignal;
}

export type Value = string | number | bigint | boolean | null;
export type Row = Record<string, Value>;

export interface RunOptions {
  /** Share of the statement that is done (0–1), an estimate of the engine; called a few times a second. */
  readonly onProgress?: (fraction: number) => void;
}

const PROGRESS_INTERVAL_MS = 100;

/** Settings of sessions, and of how many threads work: none lets a statement reach anything. */
const ALWAYS_SET = [
  'threads',
  'external_threads',
  'TimeZone',
  'preserve_insertion_order',
  'enable_caching_operators',
  'enable_progress_bar',
  'enable_progress_bar_print',
  'progress_bar_time',
];

export class Database {
  /** How much work keeps sessions of its own busy, and the threads that are the engine's guests because of it. */
  private busy = 0;
  private external = 1;
  private asNeeded: Promise<void> = Promise.resolve();

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    /** Of the engine, such as `v1.5.5`. */
    readonly version: string,
    /** How many work on a statement. */
    readonly threads: number,
    private readonly signal: AbortSignal | undefined,
    /** Whether closing this session closes the database. */
    private readonly owner: boolean,
  ) {}

  /** Throws `engine-missing` when the native library cannot be loaded on this platform. */
  static async open(options: DatabaseOptions): Promise<Database> {
    // Not before it is needed: most processes never open a database.
    const { fixedOptions, loadDriver, takeAhead } = await import('./driver');
    const { DuckDBInstance, version } = await loadDriver().catch(explainMissing);
    const instance = await (takeAhead() ?? DuckDBInstance.create(':memory:', fixedOptions));
    // At least two: a single thread writes Parquet along another path with other row-group borders.
    const threads = Math.max(2, options.threads);
    const database = await Database.session(instance, version(), threads, options.signal, true);
    await database.run(
      `SET threads = ${threads}; SET memory_limit = ${text(options.memoryLimit)}; ` +
        `SET temp_directory = ${text(options.spillFolder)}`,
    );
    return database;
  }

  /**
   * Another session on the same tables (not the temporary ones), for statements that run at the same time; with a signal
   * of its own, for those that are stopped by themselves.
   */
  connect(signal = this.signal): Promise<Database> {
    return Database.session(this.instance, this.version, this.threads, signal, false);
  }

  /**
   * For work that keeps as many sessions busy as there are threads: each session's statements run on the thread that
   * waits for them. Threads of the engine's own beside those would have them wait in vain, at the cost of a core each.
   */
  async onePerSession<T>(work: () => Promise<T>): Promise<T> {
    this.busy++;
    try {
      await this.threadsAsNeeded();
      return await work();
    } finally {
      this.busy--;
    }
  }

  /**
   * Before each statement: the engine's own threads come back for the next one that is run after such work, as the last
   * one is often the end. Work of that kind may overlap, so that this is said in the order it became so.
   */
  private threadsAsNeeded(): Promise<void> {
    const external = this.busy > 0 ? this.threads : 1;
    this.asNeeded = this.asNeeded.then(async () => {
      if (external !== this.external)
        await this.guarded(() => this.connection.run(`SET external_threads = ${external}`), {});
      this.external = external;
    });
    return this.asNeeded;
  }

  /**
   * From now on no statement reads or writes anything but these files and what lies in these folders; it cannot be taken
   * back, nor any setting be changed but those that say how statements run. Behind the checks of what people write, in
   * case one of them lets something through.
   */
  async confine(folders: readonly string[], files: readonly string[]): Promise<void> {
    await this.run(
      `SET allowed_directories = ${textList(folders)}; SET allowed_paths = ${textList(files)}; SET enable_external_access = false; ` +
        `SET allowed_configs = ${textList(ALWAYS_SET)}; SET lock_configuration = true`,
    );
  }

  /**
   * For sums whose last bits depend on the order of their terms: one thread reads the rows as they stand. What the
   * machine could do meanwhile is lost, so it is for little work.
   */
  async inOrder<T>(work: () => Promise<T>): Promise<T> {
    await this.run('SET threads = 1');
    try {
      return await work();
    } finally {
      await this.run(`SET threads = ${this.threads}`);
    }
  }

  private static async session(
    instance: DuckDBInstance,
    version: string,
    threads: number,
    signal: AbortSignal | undefined,
    owner: boolean,
  ): Promise<Database> {
    const database = new Database(instance, await instance.connect(), version, threads, signal, owner);
    // After a filter the engine would gather rows, up to two thousand: of cells of a megabyte that is all the memory.
    await database.run(
      "SET TimeZone = 'UTC'; SET preserve_insertion_order = true; SET enable_caching_operators = false; " +
        'SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0',
    );
    return database;
  }

  /** Runs a statement and returns how many rows it wrote. Rejects with the cancelled error once the signal is aborted. */
  async run(sql: string, options: RunOptions = {}): Promise<number> {
    await this.threadsAsNeeded();
    return this.guarded(async () => (await this.connection.run(sql)).rowsChanged, options);
  }

  /** Reads a small result. */
  async rows(sql: string): Promise<Row[]> {
    await this.threadsAsNeeded();
    return this.guarded(async () => (await this.connection.runAndReadAll(sql)).getRowObjectsJS() as Row[], {});
  }

  /** Reads the one row of a query that has exactly one. */
  async row(sql: string): Promise<Row> {
    const [row] = await this.rows(sql);
    if (!row) throw new Error('The query returned no row');
    return row;
  }

  /** Names and types of a query's columns, without running it. */
  async describe(query: string): Promise<{ name: string; type: string }[]> {
    const rows = await this.rows(`DESCRIBE ${query}`);
    return rows.map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) }));
  }

  /** Appends plain values to a table, column by column in the table's order. */
  async append(table: string, rows: Iterable<readonly (bigint | string | null)[]>): Promise<void> {
    const appender = await this.connection.createAppender(table);
    for (const row of rows) {
      for (const value of row) {
        if (value === null) appender.appendNull();
        else if (typeof value === 'bigint') appender.appendBigInt(value);
        else appender.appendVarchar(value);
      }
      appender.endRow();
    }
    appender.closeSync();
  }

  close(): void {
    this.connection.closeSync();
    if (this.owner) this.instance.closeSync();
  }

  private async guarded<T>(work: () => Promise<T>, { onProgress }: RunOptions): Promise<T> {
    if (this.signal?.aborted) throw cancelled();
    const interrupt = () => {
      this.connection.interrupt();
    };
    this.signal?.addEventListener('abort', interrupt, { once: true });
    const timer = onProgress && setInterval(() => this.report(onProgress), PROGRESS_INTERVAL_MS);
    try {
      return await work();
    } catch (error) {
      throw this.signal?.aborted ? cancelled() : error;
    } finally {
      clearInterval(timer);
      this.signal?.removeEventListener('abort', interrupt);
    }
  }

  private report(onProgress: (fraction: number) => void): void {
    const { percentage } = this.connection.progress;
    if (percentage > 0) onProgress(Math.min(1, percentage / 100));
  }
}

function explainMissing(error: unknown): never {
  throw new MldataError(
    'buildFailed',
    'engine-missing',
    `The data engine (DuckDB) could not be loaded on ${process.platform}-${process.arch}. ` +
      `Reinstall mldata for this platform. (${firstLine(error)})`,
    [],
    { cause: error },
  );
}

/** Whether the engine complains of what a value is, as when text is cast to a number. */
export function isAboutValues(error: unknown): boolean {
  return /^(Conversion|Invalid Input|Out of Range) Error/.test(firstLine(error));
}

/** DuckDB's message without its code frame and hints, for a sentence of ours. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/** A path as SQL text for readers that expand wildcards: the file is taken by its name, not as a pattern. */
export function pathLiteral(path: string): string {
  return text(portable(path).replace(/[[\]*?]/g, '[$&]'));
}

/** A path as SQL text for a file that is written. */
export function targetLiteral(path: string): string {
  return text(portable(path));
}

function portable(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}
