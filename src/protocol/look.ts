/** What the source of a dataset holds, as far as an editor needs it to help writing the config. */
import type { RunOptions } from './run';
import type { Finding } from './finding';
import type { ColumnType } from './spec';
import type { ValueCount } from './profile';

export interface LookRequest extends RunOptions {
  /** Absolute path of the config. */
  readonly configPath: string;
  readonly dataset: string;
  /** The config's text where it is not saved yet. */
  readonly text?: string;
}

export interface LookedColumn {
  readonly name: string;
  /** What it would be declared as. */
  readonly type: ColumnType;
  readonly nulls: number;
  readonly distinct: number;
  readonly min?: string;
  readonly max?: string;
  /** All different values with their counts, most frequent first, where they are few. */
  readonly values?: readonly ValueCount[];
}

export interface SourceLook {
  readonly dataset: string;
  /** Of the files and of how they are read: another look with the same would say the same. */
  readonly fingerprint: string;
  readonly rows: number;
  /** Whether the figures are of the first rows only, because the source is large. */
  readonly partial: boolean;
  readonly columns: readonly LookedColumn[];
  /** Where the config contradicts the data, on the paths of the config. */
  readonly findings: readonly Finding[];
}
