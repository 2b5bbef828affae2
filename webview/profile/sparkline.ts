/** The spread of a column in 96 × 24 pixels: plain SVG, cheap enough for every row of a list. */
import type { ProfileColumn } from '../../src/protocol';

export interface Sparkline {
  /** Heights, 0–1. */
  readonly heights: readonly number[];
  /** Whether bars stand for values rather than for ranges that touch. */
  readonly apart: boolean;
  /** Share of the rows without a value, drawn hatched at the left. */
  readonly missing: number;
}

export const WIDTH = 96;
export const HEIGHT = 24;
const MAX_BARS = 24;

export function sparkline(column: ProfileColumn): Sparkline {
  const { boolean, categorical, list, embedding, image, audio, text } = column;
  const histogram =
    column.numeric?.histogram ??
    column.temporal?.histogram ??
    list?.lengthHistogram ??
    embedding?.normHistogram ??
    (column.semantic === 'text' ? text?.lengthHistogram : undefined);
  const values =
    column.semantic === 'boolean' && boolean !== undefined
      ? [boolean.true, boolean.false]
      : (categorical?.top ?? image?.formats ?? audio?.formats)?.map(({ count }) => count);
  const apart = column.semantic === 'boolean' || column.semantic === 'categorical' || histogram === undefined;
  const counts = apart ? (values ?? []).slice(0, MAX_BARS) : together(histogram.counts);
  const most = Math.max(1, ...counts);
  return { heights: counts.map((each) => each / most), apart, missing: column.nullRatio };
}

/** No more bars than there is room for: neighbours are added up. */
function together(counts: readonly number[]): number[] {
  const size = Math.ceil(counts.length / MAX_BARS) || 1;
  const sums: number[] = [];
  for (let start = 0; start < counts.length; start += size) {
    sums.push(counts.slice(start, start + size).reduce((sum, each) => sum + each, 0));
  }
  return sums;
}

/** The outline of all bars, right of what is missing. */
export function sparklinePath({ heights, apart, missing }: Sparkline): string {
  const left = missingWidth(missing);
  const room = WIDTH - left;
  const step = apart ? Math.min(12, room / Math.max(heights.length, 1)) : room / Math.max(heights.length, 1);
  const gap = apart ? Math.min(2, step / 4) : step > 3 ? 0.5 : 0;
  return heights
    .map((height, index) => {
      // What is there can be seen, however little it is.
      const tall = height === 0 ? 0 : Math.max(1, height * (HEIGHT - 1));
      const x = left + index * step;
      return tall === 0 ? '' : `M${round(x)} ${HEIGHT}v${round(-tall)}h${round(step - gap)}v${round(tall)}z`;
    })
    .join('');
}

export function missingWidth(missing: number): number {
  return missing === 0 ? 0 : round(Math.max(2, missing * WIDTH));
}

const round = (value: number): number => Math.round(value * 100) / 100;
