/** Scrolling over more rows than a page can be high. */

/** No browser draws an element much higher than 16 million pixels where it is asked to. */
export const MAX_HEIGHT = 8_000_000;

export interface ScrollMap {
  /** Of the scrolled area, in pixels. */
  readonly height: number;
  /** Where the last row is just visible: pixels of rows above the top. */
  readonly maxTop: number;
  /** Whether a pixel of the scroll bar is more than one of the rows. */
  readonly scaled: boolean;
  /** From the position of the scroll bar to the pixels of rows above the top. */
  toTop(scroll: number): number;
  toScroll(top: number): number;
}

export function scrollMap(rows: number, rowHeight: number, viewport: number): ScrollMap {
  const total = rows * rowHeight;
  const height = Math.min(total, MAX_HEIGHT);
  const maxTop = Math.max(0, total - viewport);
  const maxScroll = Math.max(0, height - viewport);
  const factor = maxScroll === 0 ? 0 : maxTop / maxScroll;
  const clamp = (value: number, most: number): number => Math.min(Math.max(0, value), most);
  return {
    height,
    maxTop,
    scaled: total > height,
    toTop: (scroll) => clamp(scroll * factor, maxTop),
    toScroll: (top) => (factor === 0 ? 0 : clamp(top / factor, maxScroll)),
  };
}

/** The top that shows a row in full, and moves no farther than that takes. */
export function topShowing(row: number, top: number, rowHeight: number, viewport: number): number {
  const above = row * rowHeight;
  const below = above + rowHeight - viewport;
  return above < top ? above : below > top ? below : top;
}
