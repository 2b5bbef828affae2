/**
 * Changing one value in the text of a config. The rest of the text, with its comments, spaces and quotes, stays as it
 * is: the new value is cut in where the old one stands or where its map ends. What that cannot do the `yaml` package
 * writes anew, which keeps comments, unless everything else is to stay. Either way the text is read again: it says what
 * was asked and nothing else differently, or it is not taken.
 */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, stringify } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { readDocument } from './document';
import { isEmpty, rangeOfNode, tailOf } from './ranges';
import { isRecord } from './shape';
import { composeYaml } from './syntax';

type Path = readonly string[];

/** `output.compression`, `datasets."a.b".split.seed`; undefined for what is no key. */
export function parseKey(text: string): string[] | undefined {
  if (!/^(?:"[^"]+"|[^."]+)(?:\.(?:"[^"]+"|[^."]+))*$/.test(text)) return undefined;
  return [...text.matchAll(/"([^"]+)"|[^."]+/g)].map(([whole, quoted]) => quoted ?? whole);
}

/** A value as it would be written in a config; what is no YAML is taken as the text it is. */
export function parseValue(text: string): unknown {
  const { data, problems } = readDocument(text);
  return problems.length > 0 || data === undefined ? text : data;
}

/**
 * The text with another value at `path`, or without that entry where the value is undefined. Undefined when it cannot
 * be changed without changing more, as behind an alias. The text is sound YAML.
 */
export function editConfig(text: string, path: Path, value: unknown): string | undefined {
  return edited(text, path, value, [cut, rewrite]);
}

/** As `editConfig`, with every other character as it was: undefined where only writing the text anew would do. */
export function editInPlace(text: string, path: Path, value: unknown): string | undefined {
  return edited(text, path, value, [cut]);
}

type Change = (text: string, path: Path, value: unknown) => string | undefined;

function edited(text: string, path: Path, value: unknown, changes: readonly Change[]): string | undefined {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  const present = readDocument(body).data ?? {};
  const wanted = changed(present, path, value);
  if (wanted === undefined) return undefined;
  if (isDeepStrictEqual(present, wanted.data)) return text;
  for (const change of changes) {
    const candidate = change(body, wanted.path, value);
    if (candidate === undefined) continue;
    const { data, problems } = readDocument(candidate);
    if (problems.length === 0 && isDeepStrictEqual(data, wanted.data)) return mark + candidate;
  }
  return undefined;
}

/** The data as it is to be, and the path of what changes: a map that is left empty goes with its last entry. */
function changed(data: unknown, path: Path, value: unknown): { data: unknown; path: Path } | undefined {
  const copy = structuredClone(data);
  const maps: Record<string, unknown>[] = [];
  let here: unknown = copy;
  for (const [index, key] of path.entries()) {
    if (!isRecord(here)) return undefined;
    if (value === undefined && !Object.hasOwn(here, key)) return { data, path };
    maps.push(here);
    if (index === path.length - 1) break;
    if (value !== undefined && (!Object.hasOwn(here, key) || here[key] === null)) define(here, key, {});
    here = here[key];
  }
  if (value !== undefined) {
    define(maps.at(-1) ?? {}, path.at(-1) ?? '', value);
    return { data: copy, path };
  }
  let length = path.length;
  while (length > 1 && Object.keys(maps[length - 1] ?? {}).length === 1) length -= 1;
  Reflect.deleteProperty(maps[length - 1] ?? {}, path[length - 1] ?? '');
  return { data: copy, path: path.slice(0, length) };
}

/** Assigning `__proto__` would change the prototype. */
function define(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function cut(text: string, path: Path, value: unknown): string | undefined {
  const { document } = composeYaml(text);
  const root = document?.contents ?? null;
  if (root === null || isEmpty(root)) return value === undefined ? undefined : append(text, '', path, value);
  let map: Node | null = root;
  for (const [depth, key] of path.entries()) {
    if (!isMap(map)) return undefined;
    const pair = pairOf(map as YAMLMap<Node, Node | null>, key);
    if (!pair) return value === undefined ? undefined : insert(text, map, path.slice(depth), value);
    const rest = path.slice(depth + 1);
    if (rest.length > 0) {
      if (value !== undefined && (!pair.value || isEmpty(pair.value))) return fill(text, pair.key, rest, value);
      map = pair.value;
    } else if (value === undefined) return remove(text, map, pair);
    else return replace(text, pair.value, value);
  }
  return undefined;
}

function pairOf(map: YAMLMap<Node, Node | null>, name: string): Pair<Node, Node | null> | undefined {
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === name);
}

function replace(text: string, node: Node | null, value: unknown): string | undefined {
  if (!node || isEmpty(node) || ('anchor' in node && node.anchor)) return undefined;
  if (isScalar(node) && node.type?.startsWith('BLOCK')) return undefined;
  const { start, end } = rangeOfNode(node);
  return text.slice(0, start) + inline(value) + text.slice(end);
}

/** Behind the last entry of the map, and behind what stands on its line. */
function insert(text: string, map: YAMLMap, path: Path, value: unknown): string | undefined {
  const { start, end } = rangeOfNode(map);
  if (map.flow) {
    const inner = path.slice(1).reduceRight((below, key) => `{ ${inline(key)}: ${below} }`, inline(value));
    const entry = `${inline(path[0])}: ${inner}`;
    const tail = tailOf(map);
    if (tail === null) return `${text.slice(0, start)}{ ${entry} }${text.slice(end)}`;
    // Right behind the last entry: a comment or a comma may follow it.
    const at = rangeOfNode(tail).end;
    return `${text.slice(0, at)}, ${entry}${text.slice(at)}`;
  }
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (indent.trim() !== '' || tailOf(map) === null) return undefined;
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1 || text.length;
  return append(text.slice(0, lineEnd), indent, path, value) + text.slice(lineEnd);
}

/** Below a key that stands alone on its line. */
function fill(text: string, key: Node, path: Path, value: unknown): string | undefined {
  const { start, end } = rangeOfNode(key);
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (indent.trim() !== '') return undefined;
  const lineEnd = text.indexOf('\n', end) + 1 || text.length;
  return append(text.slice(0, lineEnd), `${indent}  `, path, value) + text.slice(lineEnd);
}

/** New lines at the end of a text, a level for each key of the path. */
function append(text: string, indent: string, path: Path, value: unknown): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = path.map((key, depth) => {
    const line = `${indent}${'  '.repeat(depth)}${inline(key)}:`;
    return depth === path.length - 1 ? `${line} ${inline(value)}` : line;
  });
  const start = text === '' || text.endsWith('\n') ? text : text + newline;
  return start + lines.map((line) => line + newline).join('');
}

/** The lines of an entry that has its lines for itself; in brackets the entry and a comma beside it. */
function remove(text: string, map: YAMLMap, { key, value }: Pair<Node, Node | null>): string | undefined {
  const { start } = rangeOfNode(key);
  const { end } = value && !isEmpty(value) ? rangeOfNode(value) : rangeOfNode(key);
  if (map.flow) {
    const behind = /^\s*,[ \t]*(?:\r?\n[ \t]*)?/.exec(text.slice(end))?.[0];
    if (behind !== undefined) return text.slice(0, start) + text.slice(end + behind.length);
    const before = /,\s*$/.exec(text.slice(0, start))?.index ?? start;
    return text.slice(0, before) + text.slice(end);
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== '') return undefined;
  const lineEnd = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1 || text.length;
  return text.slice(0, lineStart) + text.slice(lineEnd);
}

/** On one line, as it may stand anywhere. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, entry]) => `${inline(key)}: ${inline(entry)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  // What the writer makes of several lines needs lines of its own.
  if (typeof value === 'string' && /[\r\n]/.test(value)) return JSON.stringify(value);
  return stringify([value], { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false })
    .trim()
    .slice(1, -1);
}

function rewrite(text: string, path: Path, value: unknown): string | undefined {
  const { document } = composeYaml(text);
  if (!document) return undefined;
  try {
    if (value === undefined) document.deleteIn(path);
    else {
      openMaps(document, path);
      document.setIn(path, document.createNode(value));
    }
    const written = document.toString({ lineWidth: 0, indentSeq: !hasFlushList(text) });
    return text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written;
  } catch {
    // An alias whose anchor is gone, or something other than a map in the way.
    return undefined;
  }
}

/** Makes maps of the entries on the way that hold nothing yet, as `defaults:` does. */
function openMaps(document: Document.Parsed, path: Path): void {
  for (let length = 1; length < path.length; length += 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isScalar(node) && node.value === null) document.setIn(path.slice(0, length), document.createNode({}));
  }
}

/** Whether the hyphens of a list stand right below its key, as some write them. */
function hasFlushList(text: string): boolean {
  return /^( *)[^\s#-][^\n]*:[ ]*(?:#[^\n]*)?\r?\n\1- /m.test(text);
}
