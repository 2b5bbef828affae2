/** What the page knows, and what its parts may do with it. */
import type {
  FindingHelp,
  FromValidationPage,
  Quality,
  ValidationActivity,
  ValidationOffers,
} from '../../src/protocol';

export interface PageState {
  readonly title: string;
  readonly offers: ValidationOffers;
  readonly activity: ValidationActivity;
  readonly stale?: string;
  readonly quality?: Quality;
  /** What the codes of its findings mean. */
  readonly help: Readonly<Record<string, FindingHelp>>;
}

export type Send = (message: FromValidationPage) => void;
