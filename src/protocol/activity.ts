/** How far something is that a panel shows as soon as it is there. */
export type Activity<Progress> =
  | { readonly state: 'working'; readonly progress?: Progress }
  | { readonly state: 'done' }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly message: string };

/** What every page that shows a document may ask for. */
export interface FromDocumentPage {
  readonly type: 'cancel' | 'refresh' | 'export' | 'showLog';
}
