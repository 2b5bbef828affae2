/** What the editor and the page of a comparison say to each other. The page gets the document itself and draws it. */
import type { Activity, FromDocumentPage } from './activity';
import type { Drift } from './drift';
import type { DriftEntry } from './driftHistory';
import type { DriftProgress, DriftRequest } from './driftRequest';
import type { DriftMeasure, DriftMetric, Levels } from './driftSpec';
import type { ConfigPath } from './finding';

/** What the page keeps over a restart of the editor, beside its own view of it. */
export interface DriftPanelState {
  readonly request: DriftRequest;
  readonly title: string;
  /** Address of the configuration that names the dataset. */
  readonly config?: string;
  /** The dataset whose `drift` counts; absent where only files are compared. */
  readonly dataset?: string;
  /** It was stopped when asked, and is not begun anew by itself. */
  readonly cancelled?: boolean;
}

export type DriftActivity = Activity<DriftProgress>;

/** What can be asked of whoever shows the page; a file that a colleague opens has no editor behind it. */
export interface DriftOffers {
  /** Comparing again, with another baseline, exporting. */
  readonly engine: boolean;
  /** Opening the line that a finding belongs to, and writing thresholds into it. */
  readonly config: boolean;
}

/** Thresholds that somebody tried out: of measures, of columns, and from which share on the dataset drifts. */
export interface ThresholdEdits {
  readonly measures: Readonly<Partial<Record<DriftMeasure, Levels>>>;
  /** Levels of a column are those of a measure, which decides about it from then on. */
  readonly columns: Readonly<Record<string, { readonly method: DriftMetric; readonly thresholds: Levels }>>;
  readonly share?: number;
}

export type ToDriftPage =
  | {
      readonly type: 'start';
      readonly title: string;
      readonly locale: string;
      /** Texts by their English; absent: English. */
      readonly words?: Readonly<Record<string, string>>;
      readonly state?: DriftPanelState;
      readonly offers: DriftOffers;
    }
  | { readonly type: 'drift'; readonly drift: Drift }
  /** How far earlier versions of the current side were from their baselines, oldest first. */
  | { readonly type: 'history'; readonly entries: readonly DriftEntry[] }
  | {
      readonly type: 'activity';
      readonly activity: DriftActivity;
      /** What changed since the comparison was made. */
      readonly stale?: string;
    };

export type FromDriftPage =
  | { readonly type: 'ready' }
  | FromDocumentPage
  | { readonly type: 'chooseBaseline' | 'swap' }
  /** At the dataset, at one of its columns, or at what `path` names. */
  | { readonly type: 'openConfig'; readonly column?: string; readonly path?: ConfigPath }
  | { readonly type: 'saveThresholds'; readonly edits: ThresholdEdits };
