/** What every part of a profile is calculated from. */
import type { Database } from '../duckdb';
import type { StageColumn } from '../schema';
import type { ProfileColumn } from '../../protocol';

export interface ProfileContext {
  readonly database: Database;
  /** A table or view that has the columns by their ids, and `__row`, which tells the order of the rows (BIGINT). */
  readonly relation: string;
  /** How many rows it has. */
  readonly rows: number;
  /** Whether sketches may take the place of exact figures. */
  readonly fast: boolean;
  /** Of samples. */
  readonly seed: number;
  /** Folders from which a path in the data may start, absolute. */
  readonly mediaFolders: readonly string[];
  readonly signal: AbortSignal;
}

/** A column described by itself; what is to be said of it comes after. */
export type ColumnFigures = Omit<ProfileColumn, 'alerts'>;

export interface DescribedColumn {
  readonly column: StageColumn;
  readonly figures: ColumnFigures;
}
