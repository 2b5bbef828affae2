/** Where a YAML node stands, as a person would mark it. */
import { isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import type { TextRange } from './lines';

export function isEmpty(node: Node): boolean {
  return isScalar(node) && !node.source && node.type === 'PLAIN';
}

/** From the first character to behind the last, without the comments and line breaks that follow. */
export function rangeOfNode(node: Node): TextRange {
  const [start, end] = node.range ?? [0, 0];
  return { start, end: Math.max(start, endOf(node, end)) };
}

function endOf(node: Node, end: number): number {
  if ((!isMap(node) && !isSeq(node)) || node.flow) return end;
  const tail = tailOf(node);
  return tail ? endOf(tail, tail.range?.[1] ?? end) : end;
}

/** The last node inside a collection that has any text. */
export function tailOf(collection: YAMLMap | YAMLSeq): Node | null {
  const last = collection.items.at(-1) as Node | Pair<Node, Node | null> | undefined;
  if (!last) return null;
  if (!('key' in last)) return last;
  return last.value && !isEmpty(last.value) ? last.value : last.key;
}

/** The range for what concerns the whole text. */
export function firstLine(text: string): TextRange {
  return { start: 0, end: /^[^\r\n]*/.exec(text)?.[0].length ?? 0 };
}
