/** YAML files of DVC as they are read: what is in them, or where they are wrong. */
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type * as z from 'zod';

export interface YamlFault {
  readonly why: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** A merge that nobody finished is told as one: what YAML says of its marks helps nobody. */
export function checkedYaml<T>(
  text: string,
  schema: z.ZodType<T>,
): { readonly document: Document; readonly data: T } | { readonly fault: YamlFault } {
  const marked = text.split(/\r?\n/).findIndex((line) => /^<{7}( |$)/.test(line));
  if (marked >= 0) {
    const why = 'it has the conflict marks of a merge that is not finished (`<<<<<<<`)';
    return { fault: { why, line: marked + 1, column: 1 } };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true, lineCounter, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = document.errors;
  if (error !== undefined) return { fault: { why: error.message, ...at(error.pos[0]) } };
  let plain: unknown;
  try {
    plain = document.toJS() ?? {};
  } catch (failure) {
    // An alias of nothing, or more aliases than a file of DVC has.
    return { fault: { why: failure instanceof Error ? failure.message : String(failure), line: 1, column: 1 } };
  }
  const read = schema.safeParse(plain);
  if (read.success) return { document, data: read.data };
  const [issue] = read.error.issues;
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  const why = [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ');
  return { fault: { why, ...at(startOf(document, path)) } };
}

/** The offset of the node at a path, or of the nearest one above that is there. */
function startOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
