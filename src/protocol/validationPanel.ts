/** What the editor and the page of a validation say to each other. The page gets the document itself and draws it. */
import type { Activity, FromDocumentPage } from './activity';
import type { CheckName } from './checks';
import type { FindingHelp } from './finding';
import type { Quality, ValidateProgress, ValidateRequest } from './quality';

/** What the page keeps over a restart of the editor, beside its own view of it. */
export interface ValidationPanelState {
  readonly request: ValidateRequest;
  readonly title: string;
  /** Address of the configuration that names the dataset. */
  readonly config?: string;
  /** It was stopped when asked, and is not begun anew by itself. */
  readonly cancelled?: boolean;
}

export type ValidationActivity = Activity<ValidateProgress>;

/** What can be asked of whoever shows the page; a file that a colleague opens has no editor behind it. */
export interface ValidationOffers {
  /** Validating again, exporting, copying. */
  readonly engine: boolean;
  /** Opening the line that a check or a finding belongs to. */
  readonly config: boolean;
  /** Opening data at a row. */
  readonly places: boolean;
}

export type ToValidationPage =
  | {
      readonly type: 'start';
      readonly title: string;
      readonly locale: string;
      /** Texts by their English; absent: English. */
      readonly words?: Readonly<Record<string, string>>;
      readonly state?: ValidationPanelState;
      readonly offers: ValidationOffers;
    }
  /** `help`: what the codes of its findings mean. */
  | { readonly type: 'quality'; readonly quality: Quality; readonly help: Readonly<Record<string, FindingHelp>> }
  | {
      readonly type: 'activity';
      readonly activity: ValidationActivity;
      /** What changed since the checks were made. */
      readonly stale?: string;
    };

export type FromValidationPage =
  | { readonly type: 'ready' }
  | FromDocumentPage
  | { readonly type: 'copy' }
  /** At the dataset, at a check of it, or where a finding belongs, told by its place in the document. */
  | { readonly type: 'openConfig'; readonly check?: CheckName; readonly finding?: number }
  /** One of the locations of a finding. */
  | { readonly type: 'openPlace'; readonly finding: number; readonly place: number };
