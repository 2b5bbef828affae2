/** What the editor and the page that tries transforms say to each other. The page gets the document itself and draws it. */
import type { Finding } from './finding';
import type { Preview, PreviewStep } from './preview';

/** What the page keeps over a restart of the editor. */
export interface PreviewPanelState {
  /** Address of the configuration. */
  readonly config: string;
  readonly dataset: string;
  /** The one step that is shown, from 1; absent: all. */
  readonly step?: number;
}

export type PreviewActivity =
  | { readonly state: 'working' | 'done' | 'cancelled' }
  /** `inConfig`: the configuration is where it can be put right. */
  | {
      readonly state: 'failed';
      readonly message: string;
      readonly findings: readonly Finding[];
      readonly inConfig: boolean;
    };

export type ToPreviewPage =
  | {
      readonly type: 'start';
      readonly locale: string;
      /** Texts by their English; absent: English. */
      readonly words?: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'state';
      readonly state: PreviewPanelState;
      readonly activity: PreviewActivity;
    }
  /** `steps`: all of the dataset, whichever are shown. */
  | { readonly type: 'preview'; readonly preview: Preview; readonly steps: readonly PreviewStep[] };

export type FromPreviewPage =
  | { readonly type: 'ready' }
  | { readonly type: 'refresh' | 'cancel' | 'openConfig' | 'showLog' }
  /** Shows one step, from 1, or all. */
  | { readonly type: 'select'; readonly step?: number }
  /** Goes to where a step is written. */
  | { readonly type: 'openStep'; readonly step: number }
  /** By its position in the preview's findings, or in those of a failure. */
  | { readonly type: 'openFinding'; readonly finding: number };
