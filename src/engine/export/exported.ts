/** What an export offers to whoever describes or packages its data: the rows in a table, and the files they were written to. */
import type { Database } from '../duckdb';
import type {
  ColumnSpec,
  DatasetSpec,
  ExportedFile,
  ExportFormat,
  ExportRequest,
  Finding,
  Manifest,
  ManifestColumn,
} from '../../protocol';

/**
 * The table of all rows that are exported, in the order of the files: the columns by their ids, `__row` (BIGINT, from 0,
 * without gaps, over all splits) and, where there are splits, `__split` (VARCHAR).
 */
export const EXPORTED = 'exported';

export interface ExportedColumn extends ManifestColumn {
  /** Its name in the table: names of columns may be anything. */
  readonly id: string;
  /** What the config declares of it; empty for files without one. */
  readonly spec: ColumnSpec;
  /** Rows without a value among those that are exported. */
  readonly nulls: number;
}

export interface ExportedSplit {
  /** `train`, `validation`, `test`. */
  readonly name: string;
  readonly rows: number;
  /** `__row` of its first row; the others follow it. */
  readonly first: number;
}

/** The rows as they were read, before anything is written. */
export interface ReadData {
  /** The dataset's name, or what stands for it: a name for files and folders. */
  readonly name: string;
  readonly columns: readonly ExportedColumn[];
  readonly rows: number;
  /** Those with no row too, in the order of the build; none where the rows are in no splits. */
  readonly splits: readonly ExportedSplit[];
  /** Of the build that is exported; absent for files. */
  readonly manifest?: Manifest;
  /** What the config says now, else what it said when the dataset was built; absent for files. */
  readonly spec?: DatasetSpec;
  /** Absolute, the config itself, for the places of findings; absent without one. */
  readonly configPath?: string;
  /** Folders from which paths in columns of images and audio may start, absolute, the likeliest first. */
  readonly mediaFolders: readonly string[];
  readonly database: Database;
  /** A folder for what does not remain. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

export interface ExportedData extends ReadData {
  /** The folder that becomes the output once all is written: paths of files are relative to it. */
  readonly folder: string;
  /** The formats that were written, the first in `data/`; those that failed are not among them. */
  readonly formats: readonly ExportFormat[];
  /** Files of data, with their hashes, by format, split and number. */
  readonly files: readonly ExportedFile[];
}

/** A file that was written into the folder beside the data. */
export interface WrittenFile {
  readonly path: string;
  readonly kind: 'metadata' | 'code';
  /** Absent: it is to be hashed. */
  readonly known?: { readonly bytes: number; readonly sha256: string };
}

export interface Written {
  readonly files: readonly WrittenFile[];
  readonly findings: readonly Finding[];
}

export interface Prepared {
  /** What is missing but can be done without. */
  readonly findings: readonly Finding[];
  /** Of large files that are written beside the data. */
  readonly bytes: number;
}

export interface Adapted {
  readonly columns: readonly ExportedColumn[];
  /** Which columns are in another form now. */
  readonly findings: readonly Finding[];
}

/** What makes a package of the data for one framework. */
export interface Framework {
  /** Those it reads, one in a package; the first is written where the request names none. */
  readonly formats: readonly ExportFormat[];
  /** Asked before anything is written. Throws what it cannot do without, with findings that say what to add where. */
  prepare(data: ReadData, request: ExportRequest): Promise<Prepared>;
  /**
   * Columns of the table that it cannot read as they are, changed in the table to a type that it reads: asked after
   * `prepare`, before anything is written. Returns all columns as they are then.
   */
  adapt(data: ReadData): Promise<Adapted>;
  /** Writes what belongs to the package. */
  write(data: ExportedData, request: ExportRequest): Promise<Written>;
}
