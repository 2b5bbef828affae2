/**
 * What the editor and the pages inside its panels say to each other. A page gets finished words and figures, in the
 * user's language, and answers with positions in what it was given: it names no file and no command of its own.
 */
import type { Severity } from './finding';

/** A figure with its label; `title` is the full value, where `value` is rounded. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly title?: string;
}

export interface FindingView {
  readonly severity: Severity;
  readonly severityWord: string;
  readonly code: string;
  readonly message: string;
  readonly suggestion?: string;
  /** Places in the data, in the order of the finding's locations. */
  readonly places: readonly { readonly label: string; readonly text?: string }[];
}

/** Rows per split or, where the split is stratified, per split and class. */
export interface SplitChart {
  /** The finding, in a sentence. */
  readonly title: string;
  readonly bars: readonly {
    readonly split: string;
    /** Absent where the split has no classes; an empty class is `null` in words. */
    readonly class?: string;
    readonly rows: number;
    /** Of the bars it is compared with: all rows, or the rows of its split. 0–1. */
    readonly share: number;
    /** Rows and share as people read them. */
    readonly label: string;
  }[];
  readonly rowsTitle: string;
  readonly shareTitle: string;
  readonly columns: readonly string[];
}

export interface TableView {
  readonly columns: readonly { readonly title: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly { readonly text: string; readonly title?: string }[])[];
}

export interface BuildReportView {
  readonly dataset: string;
  readonly outcome: 'good' | 'attention' | 'bad' | 'busy';
  readonly outcomeWord: string;
  readonly verdict: string;
  /** When, from what. */
  readonly origin: string;
  /** Something to know before reading on, such as that the data changed since. */
  readonly notice?: string;
  readonly canBuild: boolean;
  readonly hasManifest: boolean;
  readonly facts: readonly Fact[];
  readonly findings: readonly FindingView[];
  readonly splits?: SplitChart;
  readonly steps: readonly { readonly label: string; readonly share: number; readonly text: string }[];
  readonly artifacts: TableView;
}

/** Headings and button texts of the page. */
export interface BuildReportWords {
  readonly buildAgain: string;
  readonly openManifest: string;
  readonly openConfig: string;
  readonly findings: string;
  readonly noFindings: string;
  readonly splits: string;
  readonly steps: string;
  readonly artifacts: string;
  readonly showTable: string;
  readonly openInConfig: string;
}

/** What the page keeps over a restart of the editor. */
export interface BuildReportState {
  readonly config: string;
  readonly dataset: string;
}

export type ToBuildReport =
  | {
      readonly type: 'report';
      readonly view: BuildReportView;
      readonly words: BuildReportWords;
      readonly locale: string;
      readonly state: BuildReportState;
    }
  | {
      readonly type: 'missing';
      readonly dataset: string;
      readonly message: string;
      /** The button that makes a report; absent where nothing can be built. */
      readonly build?: string;
      readonly openConfig: string;
    };

export type FromBuildReport =
  | { readonly type: 'ready' }
  | { readonly type: 'build' | 'openManifest' | 'openConfig' }
  | { readonly type: 'openFinding'; readonly finding: number }
  | { readonly type: 'openPlace'; readonly finding: number; readonly place: number }
  | { readonly type: 'revealArtifact'; readonly artifact: number };
