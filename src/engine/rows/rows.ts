/** The rows of a target as one relation, for everything that looks at data and changes none. */
import type { MediaName } from '../media';
import type { StageColumn } from '../schema';
import type { DatasetFolders } from '../sources';
import type { DatasetSpec, Finding, Location, Manifest, SourceSpec } from '../../protocol';

/** What a request's target turned out to be. Plain JSON: it goes to a job process. */
export type RowsTarget = {
  /** The name or path that was asked for. */
  readonly name: string;
} & (
  | {
      readonly of: 'build';
      readonly manifest: Manifest;
      /** What the config says of the dataset now. */
      readonly spec?: DatasetSpec;
      /** Absolute paths by the artifact's path. */
      readonly files: Readonly<Record<string, string>>;
      /** Only this split. */
      readonly split?: string;
      /** The folder of the config that was built, absolute: what its inputs are relative to. */
      readonly configFolder?: string;
    }
  | {
      readonly of: 'source';
      readonly spec: DatasetSpec;
      readonly folder: string;
      readonly root?: string;
      readonly datasets?: DatasetFolders;
    }
  | {
      readonly of: 'files';
      readonly source: readonly SourceSpec[];
      readonly folder: string;
      /** Columns of CSV files that hold text, whatever it looks like. */
      readonly texts?: readonly string[];
      /** Instead of files of data: images and recordings that lie in the folder, which the rows name. */
      readonly media?: readonly MediaName[];
    }
);

/** What a config says of the dataset. */
export function configOf(target: RowsTarget): DatasetSpec | undefined {
  switch (target.of) {
    case 'build':
      return target.spec ?? target.manifest.config;
    case 'source':
      return target.spec;
    case 'files':
      return undefined;
  }
}

/** The relation of a target's rows. */
export const ROWS = 'data_rows';

export interface Rows {
  /**
   * A table, or a view of Parquet files: the columns by their ids, `__row` (BIGINT, position in the order of the data,
   * from 0), and `__split` (VARCHAR) where the rows are of a build in splits. There may be more, whose names begin with
   * `__` too.
   */
  readonly relation: string;
  readonly columns: readonly StageColumn[];
  readonly rows: number;
  /** A table lies in memory or in the spill folder; Parquet files are read where they are. */
  readonly stored: 'table' | 'parquet';
  readonly splits: readonly { readonly name: string; readonly rows: number }[];
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Folders from which a path in the data may start, absolute, the likeliest first. */
  readonly mediaFolders: readonly string[];
  readonly findings: readonly Finding[];
  /**
   * SQL condition on the relation that holds for the rows from the one position up to the other, both included. Files and
   * row groups without them are not read.
   */
  between(first: number, last: number): string;
  /**
   * Where rows stand in their files, and in which line of text; of a first look at text nothing is told.
   * @param rows values of `__row`
   * @param texts what they hold, to be shown there
   */
  locate(rows: readonly bigint[], texts: readonly (string | null)[]): Promise<Location[]>;
  /** Throws `source-changed` where a file is no longer the one that was read. */
  assertUnchanged(): Promise<void>;
  /** Gives back the table that text was read into, for those who have a copy of it; nothing can be read here any more. */
  release?(): Promise<void>;
}
