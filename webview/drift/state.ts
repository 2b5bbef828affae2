/** What the page knows, and what its parts may do with it. */
import type { Drift, DriftActivity, DriftEntry, DriftOffers, FromDriftPage, ThresholdEdits } from '../../src/protocol';

export interface PageState {
  readonly title: string;
  readonly offers: DriftOffers;
  readonly activity: DriftActivity;
  readonly stale?: string;
  /** As it was compared. */
  readonly drift?: Drift;
  /** Of earlier versions, oldest first. */
  readonly history: readonly DriftEntry[];
  /** Thresholds that are tried out. */
  readonly edits: ThresholdEdits;
}

/** What a part of the page can set going. */
export interface Actions {
  readonly send: (message: FromDriftPage) => void;
  /** Shows a column in the list and its detail beside it. */
  readonly select: (column: string) => void;
  /** Tries out other thresholds. */
  readonly edit: (edits: ThresholdEdits) => void;
}
