/** Rows of a dataset a page at a time, for a grid on a screen. */
import type { Finding } from './finding';
import type { DataRequest } from './profile';
import type { ColumnType } from './spec';

export const filterOperators = [
  'equals',
  'notEquals',
  'contains',
  'startsWith',
  'less',
  'greater',
  'between',
  'oneOf',
  'missing',
  'present',
  'nan',
  'blank',
] as const;
export type FilterOperator = (typeof filterOperators)[number];

/**
 * Rows whose column is so; values as text, cast to the column's type. A missing value is only ever `missing`, and NaN is
 * neither less nor greater than anything; `contains` and `startsWith` look at the text of a value, in any letter case.
 */
export interface GridFilter {
  readonly column: string;
  readonly operator: FilterOperator;
  /** None, one, two (`between`: from the first up to the second, both included) or more (`oneOf`). */
  readonly values: readonly string[];
}

/**
 * Which rows of all (those that every filter keeps), and in what order; rows that are equal in it keep the order they
 * have in the data. Missing values come last either way, and NaN counts as larger than every number.
 */
export interface GridView {
  readonly filters: readonly GridFilter[];
  readonly sort: readonly { readonly column: string; readonly descending: boolean }[];
}

export interface GridColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly physicalType: string;
  /** Its values are paths of images, as declared or by their endings. */
  readonly image: boolean;
}

export interface OpenedGrid {
  readonly id: string;
  readonly rows: number;
  readonly columns: readonly GridColumn[];
  /** What stood out while the files were read, such as cells that are none of their declared type. */
  readonly findings: readonly Finding[];
}

export interface GridPageRequest {
  readonly id: string;
  readonly view: GridView;
  /** Of the view, from 0. */
  readonly offset: number;
  readonly limit: number;
  /** Positions of columns; absent: all. */
  readonly columns?: readonly number[];
  /** Texts up to {@link COPIED_CHARACTERS} instead of {@link SHOWN_CHARACTERS}. */
  readonly long?: boolean;
}

/** How much of a value a page has. */
export const SHOWN_CHARACTERS = 200;
/** As much as a cell of a spreadsheet holds. */
export const COPIED_CHARACTERS = 32_767;
/** How many rows a page has at most. */
export const MAX_PAGE_ROWS = 1000;

export interface GridPage {
  /** How many rows the view has. */
  readonly rows: number;
  readonly offset: number;
  /**
   * An Arrow IPC stream, base64: `row` (position in the data, from 0), then a column of texts for each column, shortened,
   * null where a value is missing.
   */
  readonly arrow: string;
  /** Texts that go on: `[row of the page, column of the page]`. */
  readonly cut: readonly (readonly [number, number])[];
}

export type GridOpenRequest = DataRequest;

/** One value in full, or an image in small. */
export interface GridCellRequest {
  readonly id: string;
  /** Position in the data, from 0, as a page names it. */
  readonly row: number;
  readonly column: number;
}

export interface GridCell {
  /** Null: missing. Nested values as JSON. */
  readonly text: string | null;
  /** Whether it goes on beyond the million characters that are given. */
  readonly cut: boolean;
}

export interface GridThumbnail {
  /** PNG, base64; absent where the file is no image that can be read. */
  readonly png?: string;
  /** Why there is none. */
  readonly message?: string;
}
