/** What a check is to the engine: rows in, findings out. Each check is a file of this folder. */
import type { Database, Value } from '../duckdb';
import type { CheckName, ColumnSpec, DatasetSpec, Finding, Location, SplitName, TableSchema } from '../../protocol';

/** The rows of another dataset, with its columns by their ids. */
export interface ReferencedRows {
  readonly relation: string;
  readonly columns: readonly Pick<CheckedColumn, 'name' | 'id' | 'physicalType'>[];
}

export interface CheckedColumn {
  readonly name: string;
  /** How SQL calls it: `c0`, `c1`, …; it needs no quotes. */
  readonly id: string;
  /** DuckDB's type. */
  readonly physicalType: string;
  /** As declared; empty for a column that is not. */
  readonly spec: ColumnSpec;
}

/** The rows that are checked. */
export interface CheckContext {
  readonly database: Database;
  /**
   * A relation with the columns by their ids, `__row` (BIGINT, tells rows apart, in the order they were read) and
   * `__split` (VARCHAR, null for a row in no split).
   */
  readonly relation: string;
  readonly columns: readonly CheckedColumn[];
  /** Names of the columns as they were read, in the order of the source; absent where no step came after. */
  readonly read?: readonly string[];
  /** A relation with all rows, where `relation` holds a part of them: a split, or a sample. */
  readonly whole?: string;
  readonly rows: number;
  /** Those that rows are in, in the order train, validation, test. */
  readonly splits: readonly SplitName[];
  readonly schema: TableSchema;
  /** What reading the rows found; `enforced` says whether they were held against the schema then. */
  readonly found: readonly CheckFinding[];
  readonly enforced: boolean;
  /** The rows of the other datasets that keys name, as they are built; one that is not built is absent. */
  readonly references: ReadonlyMap<string, ReferencedRows>;
  /** Absent for a bare path. */
  readonly spec?: DatasetSpec;
  /** Share of the rows that were read (0–1) where they are a sample. */
  readonly sampled?: number;
  /** Where files that values name are looked for, absolute, the likeliest first. */
  readonly mediaFolders: readonly string[];
  /** Where files that are not whole are moved, absolute; absent: they stay. */
  readonly quarantine?: string;
  readonly signal: AbortSignal;
  /**
   * The value of an aggregate over all rows. What is asked for at the same time is answered by one scan, so ask for all
   * that is needed at once: `Promise.all([aggregate('count(c0)'), aggregate('avg(c1)')])`.
   */
  readonly aggregate: (sql: string) => Promise<Value>;
  /**
   * SQL over the ids of the columns for an expression that somebody wrote, such as that of `where`. Throws what makes the
   * check end with a finding on its parameter.
   * @param at the parameter, within the check
   * @param type what the value is cast to
   */
  readonly bind: (expression: string, at: readonly (string | number)[], type?: 'BOOLEAN') => Promise<string>;
  /**
   * Where rows stand in their files, at most the first `MAX_SAMPLES` of them. Rows that are in no file are left out.
   * @param rows values of `__row`
   * @param texts what the rows hold, to be shown there
   */
  readonly locate: (rows: readonly bigint[], texts?: readonly (string | null)[]) => Promise<Location[]>;
  readonly onProgress: (fraction: number, detail?: string) => void;
}

/**
 * A finding without what the runner adds: the dataset, the check, the link to its documentation. Its `configPath` is one
 * within the dataset, such as `['schema', 'columns', 'Age']`; absent: that of the check.
 */
export type CheckFinding = Omit<Finding, 'dataset' | 'docs'>;

export type CheckOutcome =
  | {
      readonly findings: readonly CheckFinding[];
      /** From then on the same rows are told a warning or an error more, in ISO 8601; absent: they never are. */
      readonly until?: string;
    }
  | { readonly skipped: string };

export interface Check<P = unknown> {
  readonly name: CheckName;
  /** @param parameters in full, as `src/config/checks/` resolves them */
  run(context: CheckContext, parameters: P): Promise<CheckOutcome>;
}
