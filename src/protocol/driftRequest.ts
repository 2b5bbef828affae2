/** What is asked for where rows are to be compared, and how far the comparison is. */
import type { Drift } from './drift';
import type { DriftSpec } from './driftSpec';
import type { RunOptions } from './run';

export interface DriftRequest extends RunOptions {
  /** Absolute path of the config; absent where none was found: then both sides are paths. */
  readonly configPath?: string;
  /**
   * Datasets, `NAME@VERSION`, builds, files, folders or patterns; `previous`, a tag or an id alone is a version of the
   * dataset on the other side. Absent: as the config says of the dataset that `current` names.
   */
  readonly baseline?: string;
  readonly current: string;
  /** Of builds: only these splits. */
  readonly baselineSplit?: string;
  readonly currentSplit?: string;
  /** Where paths that are not absolute begin. */
  readonly folder: string;
  /** Over what the config says. */
  readonly settings?: DriftSpec;
  /** `all` metrics, or the deciding one and PSI. */
  readonly metrics: 'deciding' | 'all';
}

export interface DriftProgress {
  readonly step: 'read' | 'columns' | 'windows';
  /** The file or column it is busy with. */
  readonly detail?: string;
  /** Share of the whole that is done, 0–1. */
  readonly fraction: number;
  readonly etaSeconds?: number;
}

export interface DriftReportRequest {
  readonly drift: Drift;
  /** `.json`, `.md`, `.html` or `.sarif`, absolute; replaced where it exists. */
  readonly file: string;
}
