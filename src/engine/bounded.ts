/** Findings in a number that people and files bear. */
import type { Finding } from '../protocol';

/**
 * All of them where they are few; else the first, and one of what the others come to.
 * @param most that are told each by itself
 */
export function bounded(
  findings: readonly Finding[],
  most: number,
  summed: (rest: readonly Finding[]) => Finding,
): Finding[] {
  const rest = findings.slice(most);
  // One more is as long as the sum of it.
  return rest.length < 2 ? [...findings] : [...findings.slice(0, most), summed(rest)];
}
