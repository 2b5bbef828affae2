/** The word somebody probably meant. */

/** The candidate nearest to `word`, if one is near enough to be a likely slip. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = simplify(word);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = slip(plain, simplify(candidate));
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

/** How far apart two words are; infinite when one isn't a slip of the other. */
function slip(word: string, candidate: string): number {
  const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
  // An abbreviation (`min`, `desc`) or an ending (`warning`) is a slip too, but a less likely one.
  const [less, more] = word.length < candidate.length ? [word, candidate] : [candidate, word];
  const short = less.length >= 3 && more.startsWith(less) ? allowed + 0.5 : Infinity;
  if (Math.abs(word.length - candidate.length) > allowed) return short;
  const distance = editDistance(word, candidate);
  return distance <= allowed && distance < candidate.length ? distance : short;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      current[j] = cost;
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
