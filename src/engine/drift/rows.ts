/** One side of a comparison. */
import type { Database } from '../duckdb';
import type { StageColumn } from '../schema';

export interface DriftRows {
  /** Both sides lie in the same one, under different names. */
  readonly database: Database;
  /** SQL of a table or view that has the columns by their ids. The order of its rows decides about nothing. */
  readonly relation: string;
  readonly columns: readonly StageColumn[];
  /** How many rows it has. */
  readonly rows: number;
  /** Folders from which a path in the data may start, absolute, the likeliest first. */
  readonly mediaFolders: readonly string[];
}
