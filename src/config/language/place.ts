/** What stands at a place of a text: the path of the key or value there. */
import { isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair } from 'yaml';
import type { ConfigPath } from '../../protocol';
import { keyName, type ConfigDocument } from '../document';
import type { TextRange } from '../lines';
import { rangeOfNode } from '../ranges';

export interface Place {
  readonly path: ConfigPath;
  readonly part: 'key' | 'value';
  readonly range: TextRange;
}

/** The key or scalar at an offset; undefined between them. */
export function placeAt({ contents }: ConfigDocument, offset: number): Place | undefined {
  const walk = (node: Node | null, path: ConfigPath): Place | undefined => {
    if (!node || !holds(rangeOfNode(node), offset)) return undefined;
    if (isMap(node)) {
      for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
        if (!isScalar(key)) continue;
        const at = [...path, keyName(key)];
        const range = rangeOfNode(key);
        if (holds(range, offset)) return { path: at, part: 'key', range };
        const found = walk(value, at);
        if (found) return found;
      }
      return undefined;
    }
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const found = walk(item as Node | null, [...path, index]);
        if (found) return found;
      }
      return undefined;
    }
    return isScalar(node) ? { path, part: 'value', range: rangeOfNode(node) } : undefined;
  };
  return walk(contents, []);
}

function holds({ start, end }: TextRange, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** The key at a path, and its value where that is on the same line: a section is not at hand on all of its lines. */
export function rangesAt(text: string, { data, rangeOf }: ConfigDocument, path: ConfigPath): TextRange[] {
  if (path.length === 0) return [];
  const value = rangeOf(path, 'value');
  const isShort = valueAt(data, path) !== undefined && !/[\r\n]/.test(text.slice(value.start, value.end).trimEnd());
  return [rangeOf(path, 'key'), ...(isShort ? [value] : [])];
}

/** What stands at a path of plain data. */
export function valueAt(data: unknown, path: ConfigPath): unknown {
  let here = data;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}
