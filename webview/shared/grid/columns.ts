/** Where columns stand: pinned ones first and fixed, the others scrolled beneath; only those in sight are drawn. */
import type { GridColumn, GridLayout } from '../../../src/protocol';

export const MIN_WIDTH = 48;
const USUAL_WIDTH = 140;

export interface PlacedColumn {
  /** Position in the data. */
  readonly index: number;
  readonly column: GridColumn;
  /** From the left border of its part, pinned or scrolled. */
  readonly left: number;
  readonly width: number;
  readonly pinned: boolean;
}

export interface Columns {
  /** As they stand from left to right. */
  readonly placed: readonly PlacedColumn[];
  readonly pinnedWidth: number;
  /** Of those that are not pinned. */
  readonly width: number;
}

export const noLayout: GridLayout = { widths: {}, pinned: [], hidden: [] };

export function placeColumns(columns: readonly GridColumn[], layout: GridLayout): Columns {
  const hidden = new Set(layout.hidden);
  const pinnedNames = new Set(layout.pinned);
  const shown = columns.flatMap((column, index) => (hidden.has(column.name) ? [] : [{ column, index }]));
  const put = (part: typeof shown, pinned: boolean): { placed: PlacedColumn[]; width: number } => {
    let left = 0;
    const placed = part.map(({ column, index }) => {
      const width = Math.max(MIN_WIDTH, layout.widths[column.name] ?? USUAL_WIDTH);
      left += width;
      return { index, column, left: left - width, width, pinned };
    });
    return { placed, width: left };
  };
  const pinned = put(
    shown.filter(({ column }) => pinnedNames.has(column.name)),
    true,
  );
  const others = put(
    shown.filter(({ column }) => !pinnedNames.has(column.name)),
    false,
  );
  return { placed: [...pinned.placed, ...others.placed], pinnedWidth: pinned.width, width: others.width };
}

/** Those that are drawn: the pinned ones, and of the others those between two positions. */
export function columnsInSight({ placed }: Columns, from: number, to: number): PlacedColumn[] {
  const first = placed.findIndex(({ pinned }) => !pinned);
  if (first < 0) return [...placed];
  // Thousands of columns are looked through at each step of scrolling: by halves.
  let low = first;
  let high = placed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { left, width } = placed[middle] ?? { left: 0, width: 0 };
    if (left + width <= from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < placed.length && (placed[end]?.left ?? Infinity) < to) end++;
  return [...placed.slice(0, first), ...placed.slice(low, end)];
}

/** Wide enough for its name and its first values, within reason. */
export function fittingWidth(name: string, texts: readonly (string | null)[], characterWidth: number): number {
  const longest = Math.max(4, ...texts.map((text) => text?.length ?? 4));
  const header = Math.min(name.length, 32) * characterWidth + 60;
  return Math.round(Math.min(360, Math.max(72, header, longest * characterWidth + 18)));
}
