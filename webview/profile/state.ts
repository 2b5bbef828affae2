/** What the page knows, and what its parts may do with it. */
import type {
  FromProfilePage,
  GridFilter,
  Pair,
  Profile,
  ProfileActivity,
  ProfileColumn,
  ProfileOffers,
} from '../../src/protocol';

export interface PageState {
  readonly title: string;
  readonly offers: ProfileOffers;
  readonly activity: ProfileActivity;
  readonly stale?: string;
  readonly profile?: Profile;
  /** While the profile is a first look: columns whose figures are of all rows. */
  readonly settled?: ReadonlySet<string>;
}

/** What came of comparing two columns. */
export type PairAnswer = { readonly pair: Pair } | { readonly message: string };

/** What a part of the page can set going. */
export interface Actions {
  readonly send: (message: FromProfilePage) => void;
  /** Shows a column in the list and its detail beside it. */
  readonly select: (column: string) => void;
  /** Shows rows; absent where there is no engine. */
  readonly showRows: ((filter: GridFilter) => void) | undefined;
  /** Compares two columns; absent where there is no engine. */
  readonly compare: ((a: string, b: string) => Promise<PairAnswer>) | undefined;
}

/** Whether the figures of the column are not of all rows. */
export function isSampled({ profile, settled }: PageState, { name }: ProfileColumn): boolean {
  return profile?.sample !== undefined && settled?.has(name) !== true;
}
