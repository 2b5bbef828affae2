/** What the editor and the page of the data grid say to each other. */
import type { Severity } from './finding';
import type { GridCell, GridCellRequest, GridColumn, GridPage, GridPageRequest, GridThumbnail, GridView } from './grid';
import type { DataRequest } from './profile';

/** A row, or one cell of it, that something was found about. */
export interface GridMark {
  /** Position in the data, from 0. */
  readonly row: number;
  readonly column?: string;
  readonly severity: Severity;
  readonly message: string;
}

/** What the command "Show Data" is called with by other screens. */
export interface ShowData {
  readonly request: DataRequest;
  readonly title: string;
  /** Absent: all rows in the order of the data. */
  readonly view?: GridView;
  /** Where to begin: a position in the data, from 0, of which `view` leaves out nothing. */
  readonly row?: number;
  readonly marks?: readonly GridMark[];
}

/** How the columns are laid out, by their names. */
export interface GridLayout {
  readonly widths: Readonly<Record<string, number>>;
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
}

/** What the page keeps over a restart of the editor; the editor reads it as something that may have any form. */
export interface GridPanelState {
  readonly show: ShowData;
  readonly layout: GridLayout;
}

/** A page of rows as it comes into the page: the Arrow stream as it is. */
export type GridPageBytes = Omit<GridPage, 'arrow'> & { readonly arrow: Uint8Array };

export interface GridError {
  readonly code: string;
  readonly message: string;
}

export type ToGridPage =
  | {
      /** Rows are being opened, for the first time or again. */
      readonly type: 'opening';
      readonly state: GridPanelState;
      /** Whether what the page itself kept is newer. */
      readonly kept: boolean;
      readonly locale: string;
      /** Of the user's language; absent: English. */
      readonly words?: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'opened';
      readonly rows: number;
      readonly columns: readonly GridColumn[];
      /** Sentences about what stood out while the files were read. */
      readonly notes: readonly string[];
    }
  /** Another view of the same rows, from outside. */
  | { readonly type: 'show'; readonly show: ShowData }
  | { readonly type: 'failed'; readonly error: GridError }
  | { readonly type: 'page'; readonly key: number; readonly page: GridPageBytes }
  | { readonly type: 'cell'; readonly key: number; readonly cell: GridCell }
  | { readonly type: 'thumbnail'; readonly key: number; readonly thumbnail: GridThumbnail }
  | { readonly type: 'refused'; readonly key: number; readonly error: GridError };

/** Questions have a key, which their answers have too. */
export type FromGridPage =
  | { readonly type: 'ready' }
  | { readonly type: 'page'; readonly key: number; readonly request: Omit<GridPageRequest, 'id'> }
  | { readonly type: 'cell' | 'thumbnail'; readonly key: number; readonly request: Omit<GridCellRequest, 'id'> }
  /** The answer is no longer wanted. */
  | { readonly type: 'cancel'; readonly key: number }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'refresh' | 'showLog' };
