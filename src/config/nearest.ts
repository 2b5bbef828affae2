/** The word somebody probably meant. */

/** The candidate nearest to `word`, if one is near enough to be a likely slip; of several the first. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = simplify(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = slip(plain, simplify(candidate), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `primary_key`, `PrimaryKey` and `primaryKey` are one word. */
function simplify(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '');
}

/** How far apart two words are; infinite when one isn't a slip of the other, or not a smaller one than `known`. */
function slip(word: string, candidate: string, known: number): number {
  const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
  // An abbreviation (`min`, `desc`) or an ending (`warning`) is a slip too, but a less likely one.
  const [less, more] = word.length < candidate.length ? [word, candidate] : [candidate, word];
  const short = less.length >= 3 && more.startsWith(less) ? allowed + 0.5 : Infinity;
  const distance = editDistance(word, candidate, Math.min(allowed, Math.ceil(known) - 1));
  return distance < candidate.length ? Math.min(distance, short) : short;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours (optimal string alignment); infinite beyond `most`, so
 * that only the places near the diagonal count (Ukkonen 1985).
 */
function editDistance(word: string, candidate: string, most: number): number {
  if (Math.abs(word.length - candidate.length) > most) return Infinity;
  const [a, b] = withoutCommonEnds(word, candidate);
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current: number[] = [];
    current[0] = i;
    let least = i;
    const last = Math.min(b.length, i + most);
    for (let j = Math.max(1, i - most); j <= last; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? Infinity) + 1,
        (current[j - 1] ?? Infinity) + 1,
        (previous[j - 1] ?? Infinity) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? Infinity) + 1);
      }
      current[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > most) return Infinity;
    before = previous;
    previous = current;
  }
  const distance = previous[b.length] ?? Infinity;
  return distance <= most ? distance : Infinity;
}

/** What two words begin and end with alike makes no difference. */
function withoutCommonEnds(a: string, b: string): [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}
