/** A column's values as a histogram in one line of text. */
import type { ProfileColumn } from './profile';

/** How many values lie in each bin or class, in their order, for a small drawing; empty where there is no such thing. */
export function shapeOf(column: ProfileColumn): readonly number[] {
  const { semantic, numeric, categorical, text, temporal, list, embedding, boolean } = column;
  if (boolean) return [boolean.false, boolean.true];
  if (categorical && semantic === 'categorical') return categorical.top.map(({ count }) => count);
  return (
    numeric?.histogram.counts ??
    temporal?.histogram.counts ??
    text?.lengthHistogram.counts ??
    embedding?.normHistogram.counts ??
    list?.lengthHistogram.counts ??
    []
  );
}

const nothing = '▁';
const blocks = '▂▃▄▅▆▇█';

/** At most so many blocks, neighbouring bins taken together; what is there is never as low as what is not. */
export function sparkline(counts: readonly number[], width: number): string {
  const bars = Math.min(width, counts.length);
  const heights = Array.from({ length: bars }, (_, bar) => {
    const [from, to] = [bar, bar + 1].map((edge) => Math.floor((edge * counts.length) / bars));
    return counts.slice(from, to).reduce((sum, count) => sum + count, 0);
  });
  const highest = Math.max(1, ...heights);
  return heights
    .map((height) => (height === 0 ? nothing : blocks[Math.ceil((height / highest) * blocks.length) - 1]))
    .join('');
}
