/** Which cells are selected, and where keys take the selection. Columns are counted as they stand on the screen. */

export interface CellAt {
  /** Of the view; −1: the header. */
  readonly row: number;
  readonly column: number;
}

/** From the one corner to the other, where the keyboard is. */
export interface Selection {
  readonly anchor: CellAt;
  readonly active: CellAt;
  /** All columns of the rows, whatever the corners say. */
  readonly wholeRows: boolean;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that a page of the screen has. */
  readonly page: number;
}

export interface Key {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
}

export const start: Selection = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 }, wholeRows: false };

/** Undefined where the key moves nothing. */
export function moved(selection: Selection, { key, ctrl, shift }: Key, extent: Extent): Selection | undefined {
  const { row, column } = selection.active;
  const [lastRow, lastColumn] = [extent.rows - 1, extent.columns - 1];
  const to = ((): CellAt | undefined => {
    switch (key) {
      case 'ArrowUp':
        return { row: ctrl ? 0 : row - 1, column };
      case 'ArrowDown':
        return { row: ctrl ? lastRow : row + 1, column };
      case 'ArrowLeft':
        return { row, column: ctrl ? 0 : column - 1 };
      case 'ArrowRight':
        return { row, column: ctrl ? lastColumn : column + 1 };
      case 'PageUp':
        return { row: Math.max(Math.min(row, 0), row - extent.page), column };
      case 'PageDown':
        return { row: row + extent.page, column };
      case 'Home':
        return { row: ctrl ? 0 : row, column: 0 };
      case 'End':
        return { row: ctrl ? lastRow : row, column: lastColumn };
      default:
        return undefined;
    }
  })();
  return to && selected(selection, to, extent, shift);
}

/** The cell, or all from where the selection began up to it. */
export function selected(from: Selection, to: CellAt, extent: Extent, extend: boolean, wholeRows = false): Selection {
  const least = extend ? 0 : -1;
  const active = {
    row: Math.max(least, Math.min(to.row, extent.rows - 1)),
    column: Math.max(0, Math.min(to.column, extent.columns - 1)),
  };
  return { anchor: extend ? { ...from.anchor, row: Math.max(0, from.anchor.row) } : active, active, wholeRows };
}

export interface Range {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

export function rangeOf({ anchor, active, wholeRows }: Selection, columns: number): Range {
  return {
    firstRow: Math.min(anchor.row, active.row),
    lastRow: Math.max(anchor.row, active.row),
    firstColumn: wholeRows ? 0 : Math.min(anchor.column, active.column),
    lastColumn: wholeRows ? columns - 1 : Math.max(anchor.column, active.column),
  };
}
