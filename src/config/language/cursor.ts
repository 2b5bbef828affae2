/**
 * Where somebody types in a config that may be half written. The lexer says what stands before the cursor; then a word
 * of our own is put where they type, and what the reader makes of that says the path.
 */
import { CST, Lexer } from 'yaml';
import type { ConfigPath } from '../../protocol';
import { readDocument } from '../document';
import type { TextRange } from '../lines';
import { isRecord } from '../shape';

export interface Cursor {
  /** Of what stands at the cursor as a value; a key that stands there belongs to the map at this path. */
  readonly path: ConfigPath;
  /** `either`: a key begins a map, anything else is a value. */
  readonly expects: 'key' | 'value' | 'either';
  /** The keys that the map has already. */
  readonly siblings: readonly string[];
  /** The items that the list has already, where the cursor is in one. */
  readonly items: readonly unknown[];
  /** What is there so far, quotes included. */
  readonly typed: TextRange;
  readonly quote: '"' | "'" | '';
  /** Whether brackets are open around it. */
  readonly flow: boolean;
  /** Whether a colon follows already. */
  readonly colon: boolean;
  /** What has to come before what is inserted. */
  readonly before: '' | ' ' | '- ';
  /** How far right of the first character of its line the typed text begins. */
  readonly indent: number;
  /** The config without what is typed there. */
  readonly data: unknown;
}

/** Stands where somebody types; nobody has it in a config. */
const PROBE = 'mldata\uE000cursor';

/** Undefined in comments, in texts of several lines, and where nothing can stand. */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const before = lexed(text.slice(0, offset));
  if (before === undefined) return undefined;
  const { after, flow, quote } = before;
  const start = before.start ?? offset;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lead = /^ */.exec(text.slice(lineStart, start))?.[0].length ?? 0;
  const asValue = after === 'colon';
  const end = endOfTyped(text, offset, quote, flow.length > 0, asValue);
  const colon = /^[ \t]*:(?=\s|$)/.test(text.slice(end));
  const glued = start === offset && offset > lineStart && /[:\-,]/.test(text[offset - 1] ?? '');
  const isFlow = flow.length > 0;
  const mapEntry = !isFlow && !asValue;

  const probed = (dash: string): Cursor | undefined => {
    const word = `${glued ? ' ' : dash}${PROBE}${mapEntry && !colon ? ':' : ''}`;
    const head = text.slice(0, start) + word;
    // What follows may be what makes no sense of it.
    for (const rest of [text.slice(end), lineBreak(text, end)]) {
      const found = find(readDocument((head + rest).replace(/^\uFEFF/, '')).data);
      if (found === undefined) continue;
      const { path, isKey, siblings, items, data } = found;
      const alone = siblings.length === 0 && !colon && flow.at(-1) !== 'flow-map-start';
      return {
        path,
        expects: !isKey ? (isFlow && !asValue ? 'either' : 'value') : alone ? 'either' : 'key',
        siblings,
        items,
        typed: { start, end },
        quote,
        flow: isFlow,
        colon,
        before: glued ? ' ' : dash === '' ? '' : '- ',
        indent: start - lineStart - lead,
        data,
      };
    }
    return undefined;
  };
  return after === 'line' && !isFlow && belowItems(text, lineStart, start - lineStart) ? probed('- ') : probed('');
}

/** Whether at this column stand the items of a list, and nothing else: then one more begins with a hyphen. */
function belowItems(text: string, lineStart: number, column: number): boolean {
  let items = false;
  for (const line of text.slice(0, lineStart).split('\n').reverse()) {
    const indent = line.search(/[^ \r]/);
    if (indent < 0 || line[indent] === '#' || indent > column) continue;
    if (indent < column) return items;
    if (!/^ *-(?: |\r?$)/.test(line)) return false;
    items = true;
  }
  return items;
}

interface Lexed {
  /** What comes before: a new line, `- `, `: `, or a bracket or comma. */
  readonly after: 'line' | 'dash' | 'colon' | 'flow';
  /** The brackets that are open. */
  readonly flow: readonly CST.TokenType[];
  /** Where the text begins that the cursor stands in or behind. */
  readonly start?: number;
  readonly quote: '"' | "'" | '';
}

interface Here extends Pick<Lexed, 'start' | 'quote'> {
  readonly after: Lexed['after'] | 'block' | 'nothing';
}

/** What a token makes of the place behind it; others leave it as it is. */
const places: Readonly<Partial<Record<CST.TokenType, Here['after']>>> = {
  'seq-item-ind': 'dash',
  'explicit-key-ind': 'line',
  'map-value-ind': 'colon',
  comma: 'flow',
  'flow-map-start': 'flow',
  'flow-seq-start': 'flow',
  'flow-map-end': 'nothing',
  'flow-seq-end': 'nothing',
  comment: 'nothing',
  'block-scalar-header': 'block',
  alias: 'nothing',
  anchor: 'nothing',
  tag: 'nothing',
  'directive-line': 'nothing',
};

/** What stands before the end of a text; undefined where nothing can be completed. */
function lexed(prefix: string): Lexed | undefined {
  let here: Here = { after: 'line', quote: '' };
  let offset = 0;
  let scalarNext = false;
  const flow: CST.TokenType[] = [];
  for (const source of new Lexer().lex(prefix)) {
    const type: CST.TokenType | 'text' | null = scalarNext ? 'text' : CST.tokenType(source);
    scalarNext = type === 'scalar';
    // These are signals of the lexer and stand for no text.
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') {
      // A line further left than brackets that are open ends them.
      if (type === 'flow-error-end') flow.length = 0;
      continue;
    }
    if (type === 'flow-map-start' || type === 'flow-seq-start') flow.push(type);
    if (type === 'flow-map-end' || type === 'flow-seq-end') flow.pop();
    const after = type === null || type === 'text' ? undefined : places[type];
    if (after !== undefined) here = { after, quote: '' };
    else if (here.after === 'block') {
      // What stands behind the bar ends with the line before the next entry.
      if (type === 'text') here = { after: source.endsWith('\n') ? 'line' : 'nothing', quote: '' };
    } else if (type === 'newline' && flow.length === 0) here = { after: 'line', quote: '' };
    else if (type === 'text') here = { ...here, start: offset, quote: '' };
    else if (type === 'single-quoted-scalar') here = { ...here, start: offset, quote: "'" };
    else if (type === 'double-quoted-scalar') here = { ...here, start: offset, quote: '"' };
    offset += source.length;
  }
  const { after, start, quote } = here;
  if (after === 'nothing' || after === 'block') return undefined;
  const typed = start === undefined ? '' : prefix.slice(start);
  // A text of several lines, or a quoted one that has ended.
  if (typed.includes('\n')) return undefined;
  if (quote !== '' && typed.length > 1 && typed.trimEnd().endsWith(quote)) return undefined;
  return { after, flow, quote, ...(start !== undefined && { start }) };
}

/** Where what is typed ends, behind the cursor, on its line. */
function endOfTyped(text: string, offset: number, quote: string, flow: boolean, asValue: boolean): number {
  const line = /^[^\r\n]*/.exec(text.slice(offset))?.[0] ?? '';
  if (quote !== '') {
    const closing = line.indexOf(quote);
    return closing < 0 ? offset + line.length : offset + closing + 1;
  }
  const ends = flow ? /[,\]}]|:(?=[\s,\]}]|$)|\s#|$/ : asValue ? /\s#|$/ : /:(?=\s|$)|\s#|$/;
  return offset + line.slice(0, line.search(ends)).trimEnd().length;
}

/** The text after the line, without what stands on it. */
function lineBreak(text: string, offset: number): string {
  return text.indexOf('\n', offset) < 0 ? '' : '\n';
}

interface Found {
  readonly path: ConfigPath;
  readonly isKey: boolean;
  readonly siblings: readonly string[];
  readonly items: readonly unknown[];
  readonly data: unknown;
}

/** Where the probe stands in the data, and the data without it. */
function find(data: unknown): Found | undefined {
  let found: Omit<Found, 'data'> | undefined;
  const walk = (value: unknown, path: ConfigPath, items: readonly unknown[]): unknown => {
    if (typeof value === 'string' && value.trim() === PROBE) {
      found ??= { path, isKey: false, siblings: [], items };
      return null;
    }
    if (Array.isArray(value)) {
      const list = value as unknown[];
      return list.map((item, index) =>
        walk(item, [...path, index], [...list.slice(0, index), ...list.slice(index + 1)]),
      );
    }
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).flatMap(([key, entry]) => {
      if (key.trim() !== PROBE) return [[key, walk(entry, [...path, key], [])] as const];
      found ??= { path, isKey: true, siblings: Object.keys(value).filter((other) => other !== key), items };
      return [];
    });
    return Object.fromEntries(entries);
  };
  const clean = walk(data, [], []);
  return found && { ...found, data: clean };
}
