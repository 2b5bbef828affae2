/** A histogram in one line of text. */

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
