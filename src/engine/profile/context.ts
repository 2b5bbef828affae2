/** What every part of a profile is calculated from. */
import type { Database, Row } from '../duckdb';
import type { StageColumn } from '../schema';
import type { ProfileColumn } from '../../protocol';
import type { Statements } from './together';

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
  /** What a first look at all rows found of columns, by their ids. */
  readonly seen?: ReadonlyMap<string, Row>;
  /** Columns whose values were seen to go up and down, by their ids. */
  readonly unordered?: ReadonlySet<string>;
  /** One in so many of the rows, chosen by `hash(__row, seed)`, in a table: where sketches are allowed and rows are many. */
  readonly drawn?: {
    readonly relation: string;
    readonly oneIn: number;
    readonly rows: number;
    /** The ids of columns of which it has so few different values that all rows are grouped by them. */
    readonly few: ReadonlySet<string>;
  };
}

/** The same for one column, whose statements may be answered with those of others. */
export interface ColumnContext extends Omit<ProfileContext, 'database'> {
  readonly database: Statements;
}

/** A column described by itself; what is to be said of it comes after. */
export type ColumnFigures = Omit<ProfileColumn, 'alerts'>;

export interface DescribedColumn {
  readonly column: StageColumn;
  readonly figures: ColumnFigures;
}
