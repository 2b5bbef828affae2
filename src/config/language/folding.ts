/** What of a config can be folded: entries of maps and lists over several lines, comments, and regions. */
import { isMap, isSeq } from 'yaml';
import type { Node, Pair } from 'yaml';
import type { ConfigDocument } from '../document';
import { rangeOfNode } from '../ranges';

export interface Fold {
  /** Counted from 0; the first stays visible. */
  readonly from: number;
  readonly to: number;
  readonly kind?: 'comment' | 'region';
}

export function foldsOf(text: string, { contents }: ConfigDocument): Fold[] {
  const lines = text.split(/\r\n|\n|\r/);
  return [...entryFolds(text, contents), ...commentFolds(lines), ...regionFolds(lines)].sort((a, b) => a.from - b.from);
}

function entryFolds(text: string, contents: Node | null): Fold[] {
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), ({ index, 0: end }) => index + end.length)];
  const lineOf = (offset: number): number => {
    let low = 0;
    for (let high = starts.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const found = new Map<number, Fold>();
  const add = (start: number, end: number): void => {
    const [from, to] = [lineOf(start), lineOf(visibleEnd(text, end))];
    const known = found.get(from);
    if (to > from && (known === undefined || known.to < to)) found.set(from, { from, to });
  };
  const walk = (node: Node | null): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
        add(rangeOfNode(key).start, rangeOfNode(value ?? key).end);
        walk(value);
      }
    } else if (isSeq(node)) {
      for (const item of node.items as (Node | null)[]) {
        if (item) add(rangeOfNode(item).start, rangeOfNode(item).end);
        walk(item);
      }
    }
  };
  walk(contents);
  return [...found.values()];
}

/** Without the line breaks that a text of several lines takes with it. */
function visibleEnd(text: string, end: number): number {
  let visible = end;
  while (visible > 0 && /\s/.test(text[visible - 1] ?? '')) visible -= 1;
  return visible;
}

function commentFolds(lines: readonly string[]): Fold[] {
  const folds: Fold[] = [];
  let from: number | undefined;
  for (const [index, line] of [...lines, ''].entries()) {
    if (/^\s*#(?!\s*(?:end)?region\b)/.test(line)) from ??= index;
    else if (from !== undefined) {
      if (index - from > 1) folds.push({ from, to: index - 1, kind: 'comment' });
      from = undefined;
    }
  }
  return folds;
}

function regionFolds(lines: readonly string[]): Fold[] {
  const open: number[] = [];
  return lines.flatMap((line, index): Fold[] => {
    if (/^\s*#\s*region\b/.test(line)) open.push(index);
    const from = /^\s*#\s*endregion\b/.test(line) ? open.pop() : undefined;
    return from === undefined ? [] : [{ from, to: index, kind: 'region' }];
  });
}
