/** What the editor and the page with the first rows of a new source say to each other. */
import type { Peek } from './peek';

/** What becomes of the source. */
export type PeekDecision = 'add' | 'change' | 'cancel';

export interface ToPeekPage {
  readonly type: 'show';
  readonly peek: Peek;
  /** The name of the dataset, the file that it would stand in, and how. */
  readonly dataset: string;
  readonly config: string;
  readonly entry: string;
  /** What secrets of the address would be kept as. */
  readonly credentials: readonly string[];
  readonly locale: string;
  /** Of the user's language; absent: English. */
  readonly words?: Readonly<Record<string, string>>;
}

export type FromPeekPage = { readonly type: 'ready' } | { readonly type: 'decide'; readonly decision: PeekDecision };
