/**
 * The config as YAML: its data, and where every entry stands in the text.
 *
 * The data is made here and not by the `yaml` package because the config wants three things it doesn't do: a bound on
 * what aliases expand to that has a location, keys as they are written (a column `007` is not the number 7), and
 * whole numbers too large for JavaScript kept to the digit (as text).
 */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { ConfigPath } from '../protocol';
import { guarded, MAX_DEPTH } from './guard';
import type { TextProblem } from './guard';
import type { TextRange } from './lines';
import { firstLine, isEmpty, rangeOfNode } from './ranges';
import { composeYaml } from './syntax';
import { shorten } from './wording';

/** How many entries all aliases together may stand for. */
export const MAX_ALIASED = 100_000;
export interface ConfigDocument {
  /** Plain data; undefined for a file without content. Keys such as `__proto__` are own properties. */
  readonly data: unknown;
  readonly problems: readonly TextProblem[];
  /** The tree of the text; null where there is none. */
  readonly contents: Node | null;
  /** Where `path` stands, or its nearest ancestor that exists. */
  readonly rangeOf: (path: ConfigPath, part: 'key' | 'value') => TextRange;
}

interface Entry {
  readonly key: Node;
  readonly value: Node | null;
}

/** What a node stands for once its aliases are followed. */
interface Meaning {
  readonly value: unknown;
  /** Entries, aliases expanded. */
  readonly size: number;
  /** Levels of maps and lists, aliases expanded. */
  readonly height: number;
}

const nothing: Meaning = { value: null, size: 1, height: 0 };

/** Of a property like one that was assigned. */
const ordinary = { enumerable: true, configurable: true, writable: true } as const;

/** Reads YAML text without a byte order mark. Never throws. */
export function readDocument(text: string): ConfigDocument {
  const guard = guarded(text);
  if ('refused' in guard) {
    return { data: undefined, problems: [guard.refused], contents: null, rangeOf: () => firstLine(text) };
  }
  const { document, problems } = composeYaml(text, guard.lexemes);
  const reading = read(document?.contents ?? null);
  return {
    data: reading.data,
    // What a broken text seems to say is not worth a second complaint.
    problems: problems.length > 0 ? problems : reading.problems,
    contents: document?.contents ?? null,
    rangeOf: (path, part) => find(document?.contents ?? null, path, part, reading) ?? firstLine(text),
  };
}

interface Reading {
  readonly data: unknown;
  readonly problems: readonly TextProblem[];
  readonly entries: ReadonlyMap<YAMLMap, ReadonlyMap<string, Entry>>;
  readonly targets: ReadonlyMap<Alias, Node>;
}

/** Makes the data of a tree of nodes in document order, following aliases and merge keys. */
function read(contents: Node | null): Reading {
  const problems: TextProblem[] = [];
  const entries = new Map<YAMLMap, Map<string, Entry>>();
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, Node>();
  const meanings = new Map<Node, Meaning>();
  let aliased = 0;

  const problem = (code: TextProblem['code'], node: Node, message: string, suggestion?: string): void => {
    problems.push({ code, message, ...(suggestion !== undefined && { suggestion }), range: rangeOfNode(node) });
  };

  const meaningOf = (node: Node | null, depth: number): Meaning => {
    if (!node) return nothing;
    if (isAlias(node)) return aliasMeaning(node, depth);
    if ('anchor' in node && node.anchor) anchors.set(node.anchor, node);
    const meaning = isMap(node)
      ? mapMeaning(node, depth)
      : isSeq(node)
        ? listMeaning(node, depth)
        : { value: scalarValue(node), size: 1, height: 0 };
    meanings.set(node, meaning);
    return meaning;
  };

  const aliasMeaning = (alias: Alias, depth: number): Meaning => {
    const target = anchors.get(alias.source);
    if (!target) {
      problem('yaml-alias', alias, `No anchor \`&${alias.source}\` stands before this alias.`);
      return nothing;
    }
    const meaning = meanings.get(target);
    if (!meaning) {
      problem('yaml-alias', alias, `The alias \`*${alias.source}\` stands inside its own anchor.`);
      return nothing;
    }
    if (aliased > MAX_ALIASED) return nothing;
    aliased += meaning.size;
    if (aliased > MAX_ALIASED || depth + meaning.height > MAX_DEPTH) {
      problem(
        'yaml-alias',
        alias,
        aliased > MAX_ALIASED
          ? `With this alias the config stands for more than ${MAX_ALIASED} repeated entries.`
          : `With this alias the config nests more than ${MAX_DEPTH} levels deep.`,
        'Put what datasets share under `defaults` instead of repeating it with aliases.',
      );
      return nothing;
    }
    targets.set(alias, target);
    return meaning;
  };

  const listMeaning = (list: YAMLSeq, depth: number): Meaning => {
    const items = list.items.map((item) => meaningOf(item as Node | null, depth + 1));
    return { value: items.map((item) => item.value), ...extent(items) };
  };

  const mapMeaning = (map: YAMLMap, depth: number): Meaning => {
    const own = new Map<string, Entry>();
    const values = new Map<string, Meaning>();
    const merges: Node[] = [];
    const merged: Meaning[] = [];
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      meaningOf(pair.key, depth + 1);
      const key = isAlias(pair.key) ? targets.get(pair.key) : pair.key;
      const value = meaningOf(pair.value, depth + 1);
      if (!isScalar(key)) {
        if (key) problem('yaml-syntax', pair.key, 'A key must be plain text, not a list or a map.');
        continue;
      }
      const name = keyName(key);
      if (name === '' && !key.source && key.type === 'PLAIN') {
        problem('yaml-syntax', pair.value ?? key, 'The key before `:` is missing.');
      } else if (name === '<<' && key.type === 'PLAIN') {
        if (pair.value) merges.push(pair.value);
        merged.push(value);
      } else if (own.has(name)) {
        problem(
          'duplicate-key',
          pair.key,
          `The key \`${shorten(name)}\` is written twice in this map.`,
          'Keep one of them.',
        );
      } else {
        own.set(name, { key: pair.key, value: pair.value });
        values.set(name, value);
      }
    }
    const reach = extent([...values.values(), ...merged]);
    for (const node of merges) mergeInto(own, values, node);

    entries.set(map, own);
    const value: Record<string, unknown> = {};
    for (const [name, meaning] of values) {
      // Assigning `__proto__` would change the prototype, and defining every key takes three times as long.
      if (name !== '__proto__') value[name] = meaning.value;
      else Object.defineProperty(value, name, { value: meaning.value, ...ordinary });
    }
    return { value, ...reach };
  };

  /** A merge key adds what the map doesn't have; of several maps the first wins. */
  const mergeInto = (own: Map<string, Entry>, values: Map<string, Meaning>, node: Node): void => {
    const source = isAlias(node) ? targets.get(node) : node;
    if (isSeq(source)) {
      for (const item of source.items) mergeInto(own, values, item as Node);
    } else if (isMap(source)) {
      for (const [name, entry] of entries.get(source) ?? []) {
        if (own.has(name)) continue;
        own.set(name, entry);
        values.set(name, valueMeaning(entry.value));
      }
    } else if (source) {
      problem('yaml-alias', node, 'A merge key (`<<`) takes a map, or a list of maps.');
    }
  };

  const valueMeaning = (node: Node | null): Meaning => {
    const source = isAlias(node) ? targets.get(node) : node;
    return (source && meanings.get(source)) ?? nothing;
  };

  return { data: contents ? meaningOf(contents, 1).value : undefined, problems, entries, targets };
}

function extent(parts: readonly Meaning[]): { size: number; height: number } {
  let size = 1;
  let height = 0;
  for (const part of parts) {
    size += part.size;
    height = Math.max(height, part.height);
  }
  return { size, height: height + 1 };
}

/** Numbers that JavaScript can't hold exactly stay text, so that no digit is lost. */
function scalarValue(node: Scalar): unknown {
  if (typeof node.value === 'number' && Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) {
    return node.source && /^[-+]?\d+$/.test(node.source) ? node.source : node.value;
  }
  return node.value;
}

/** A key is what stands there: the column `007`, `1.0` or `true` keeps its name. */
export function keyName(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function find(contents: Node | null, path: ConfigPath, part: 'key' | 'value', reading: Reading): TextRange | undefined {
  let key: Node | undefined;
  let value: Node | null = contents;
  for (const step of path) {
    const node: Node | null | undefined = isAlias(value) ? reading.targets.get(value) : value;
    if (isMap(node)) {
      const entry = reading.entries.get(node)?.get(String(step));
      if (!entry) break;
      ({ key, value } = entry);
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      key = undefined;
      value = node.items[step] as Node | null;
    } else break;
  }
  const chosen = part === 'key' || !value || isEmpty(value) ? (key ?? value) : value;
  return chosen ? rangeOfNode(chosen) : undefined;
}
