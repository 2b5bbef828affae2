/** What the page knows, and what its parts may do with it. */
import type { FromValidationPage, Quality, ValidationActivity, ValidationOffers } from '../../src/protocol';

export interface PageState {
  readonly title: string;
  readonly offers: ValidationOffers;
  readonly activity: ValidationActivity;
  readonly stale?: string;
  readonly quality?: Quality;
}

export type Send = (message: FromValidationPage) => void;
