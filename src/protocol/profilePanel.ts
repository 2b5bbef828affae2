/** What the editor and the page of a profile say to each other. The page gets the document itself and draws it. */
import type { Activity, FromDocumentPage } from './activity';
import type { ConfigPath } from './finding';
import type { GridFilter } from './grid';
import type { Pair, Profile, ProfileColumn, ProfileProgress, ProfileRequest } from './profile';

/** What the page keeps over a restart of the editor, beside its own view of it. */
export interface ProfilePanelState {
  readonly request: ProfileRequest;
  readonly title: string;
  /** Address of the configuration that names the dataset. */
  readonly config?: string;
  /** It was stopped when asked, and is not begun anew by itself. */
  readonly cancelled?: boolean;
}

export type ProfileActivity = Activity<ProfileProgress>;

/** What can be asked of whoever shows the page; a file that a colleague opens has no engine behind it. */
export interface ProfileOffers {
  /** Profiling again, comparing two columns, showing rows. */
  readonly engine: boolean;
  readonly config: boolean;
}

export type ToProfilePage =
  | {
      readonly type: 'start';
      readonly title: string;
      readonly locale: string;
      /** Texts by their English; absent: English. */
      readonly words?: Readonly<Record<string, string>>;
      readonly state: ProfilePanelState;
      readonly offers: ProfileOffers;
    }
  | {
      readonly type: 'profile';
      readonly profile: Profile;
      /** While it is a first look at a sample: columns whose figures are of all rows. Absent: it is whole. */
      readonly settled?: readonly string[];
    }
  | { readonly type: 'columns'; readonly rows: number; readonly columns: readonly ProfileColumn[] }
  | {
      readonly type: 'activity';
      readonly activity: ProfileActivity;
      /** What changed since the profile was made. */
      readonly stale?: string;
    }
  | { readonly type: 'pair'; readonly pair: Pair }
  | { readonly type: 'pairFailed'; readonly a: string; readonly b: string; readonly message: string };

export type FromProfilePage =
  | { readonly type: 'ready' }
  | FromDocumentPage
  /** Profiles again: a share of the rows (0–1), or all. */
  | { readonly type: 'profile'; readonly share?: number }
  /** At the dataset, at one of its columns, or at what `path` names. */
  | { readonly type: 'openConfig'; readonly column?: string; readonly path?: ConfigPath }
  | { readonly type: 'showData'; readonly filters: readonly GridFilter[] }
  | { readonly type: 'pair'; readonly a: string; readonly b: string };
