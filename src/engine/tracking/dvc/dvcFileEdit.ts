/**
 * Writing `.dvc` files. What is known of an output is cut into the text where the old facts stand: comments, `desc`,
 * `meta`, `remote` and other outputs stay to the letter. The text is read again before anybody sees it: one that DVC
 * could not read would stop every command in the repository.
 */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, type Document, type YAMLMap } from 'yaml';
import { parseDvcFile, type DvcFile } from './dvcFile';
import { yamlScalar } from './yamlText';

/** What is known of an output once its bytes are. */
export interface OutFacts {
  readonly md5: string;
  readonly size: number;
  /** Of folders. */
  readonly nfiles?: number;
  /** Of files. */
  readonly isexec?: boolean;
}

type Value = string | number | boolean;

/** In DVC's order. */
function written({ md5, size, nfiles, isexec }: OutFacts): [string, Value][] {
  return [
    ['md5', md5],
    ['size', size],
    ...(nfiles === undefined ? [] : [['nfiles', nfiles] as [string, Value]]),
    ...(isexec === true ? [['isexec', true] as [string, Value]] : []),
    ['hash', 'md5'],
  ];
}

/** What was true of the content before, and DVC drops as well. */
const stale = ['md5', 'size', 'nfiles', 'isexec', 'hash', 'checksum', 'etag', 'version_id', 'cloud', 'files'];

/** The text of a new file. @param path the output's name, relative to the folder of the file */
export function newDvcFile(path: string, facts: OutFacts): string {
  return `outs:\n${entry(path, facts, '')}`;
}

function entry(path: string, facts: OutFacts, indent: string): string {
  const lines = [...written(facts), ['path', path] as [string, Value]].map(([key, value]) => line(key, value));
  return lines.map((words, index) => `${indent}${index === 0 ? '- ' : '  '}${words}\n`).join('');
}

function line(key: string, value: Value): string {
  return `${key}: ${typeof value === 'string' ? yamlScalar(value) : String(value)}`;
}

/** The text with other facts for the output at this place. Throws `dvc-file-broken`. */
export function withFacts(file: DvcFile, index: number, facts: OutFacts): string {
  const wanted = new Map(written(facts));
  const cut = inPlace(file, index, wanted);
  if (cut !== undefined && says(cut, file, index, wanted)) return cut;
  const document: Document = file.document.clone();
  for (const key of stale) if (!wanted.has(key)) document.deleteIn(['outs', index, key]);
  for (const [key, value] of wanted) document.setIn(['outs', index, key], value);
  return parseDvcFile(document.toString({ lineWidth: 0, indentSeq: false }), file.path).text;
}

/** The text with a further output. Throws `dvc-file-broken`. */
export function withOut(file: DvcFile, path: string, facts: OutFacts): string {
  const { document, text } = file;
  const outs = document.get('outs');
  const last = isSeq(outs) && outs.flow !== true ? outs.items.at(-1) : undefined;
  const start = isMap(last) && last.flow !== true ? last.range?.[0] : undefined;
  if (start !== undefined && isSeq(outs)) {
    const before = text.slice(0, start);
    const indent = /(^|\n)([ \t]*)-[ \t]*$/.exec(before)?.[2];
    const end = endOfLine(text, lastByte(last as YAMLMap, text));
    if (indent !== undefined) {
      const added = withNewlines(entry(path, facts, indent), text);
      const cut =
        text.slice(0, end) + (text.slice(0, end).endsWith('\n') ? '' : newlineOf(text)) + added + text.slice(end);
      return parseDvcFile(cut, file.path).text;
    }
  }
  const copy: Document = document.clone();
  const value = { ...Object.fromEntries(written(facts)), path };
  if (isSeq(copy.get('outs'))) copy.addIn(['outs'], copy.createNode(value));
  else copy.set('outs', copy.createNode([value]));
  return parseDvcFile(copy.toString({ lineWidth: 0, indentSeq: false }), file.path).text;
}

/** Undefined where the entry is not written key by key. */
function inPlace({ text, document }: DvcFile, index: number, wanted: ReadonlyMap<string, Value>): string | undefined {
  const out = document.getIn(['outs', index], true);
  if (!isMap(out) || out.flow === true || !out.range) return undefined;
  const pairs = out.items;
  const edits: { from: number; to: number; words: string }[] = [];
  const missing = new Map(wanted);
  for (const [at, { key, value }] of pairs.entries()) {
    if (!isScalar(key) || !key.range) return undefined;
    const name = String(key.value);
    const fact = wanted.get(name);
    if (fact !== undefined) {
      if (!isScalar(value) || !value.range || value.anchor !== undefined) return undefined;
      missing.delete(name);
      if (value.value !== fact) {
        edits.push({
          from: value.range[0],
          to: value.range[1],
          words: typeof fact === 'string' ? yamlScalar(fact) : String(fact),
        });
      }
    } else if (stale.includes(name)) {
      const next = pairs[at + 1]?.key;
      // The first key stands behind the dash.
      if (at === 0 || (next !== undefined && !isScalar(next))) return undefined;
      const to = isScalar(next) && next.range ? startOfLine(text, next.range[0]) : endOfLine(text, lastByte(out, text));
      edits.push({ from: startOfLine(text, key.range[0]), to, words: '' });
    }
  }
  const column = (pairs[0]?.key as { range?: readonly number[] } | undefined)?.range?.[0];
  if (column === undefined) return undefined;
  const indent = ' '.repeat(column - startOfLine(text, column));
  const end = endOfLine(text, lastByte(out, text));
  const words = [...missing].map(([key, value]) => `${indent}${line(key, value)}\n`).join('');
  if (words !== '') {
    const lead = text.slice(0, end).endsWith('\n') ? '' : newlineOf(text);
    edits.push({ from: end, to: end, words: lead + withNewlines(words, text) });
  }
  return edits
    .sort((a, b) => b.from - a.from)
    .reduce((edited, { from, to, words }) => edited.slice(0, from) + words + edited.slice(to), text);
}

/** Whether the text says this of the output, and of everything else what it said before. */
function says(text: string, { path, document }: DvcFile, index: number, wanted: ReadonlyMap<string, Value>): boolean {
  const before = document.toJS() as { outs: Record<string, unknown>[] };
  const kept = Object.entries(before.outs[index] ?? {}).filter(([key]) => !stale.includes(key));
  const outs = before.outs.map((out, at) => (at === index ? Object.fromEntries([...kept, ...wanted]) : out));
  try {
    return isDeepStrictEqual(parseDvcFile(text, path).document.toJS(), { ...before, outs });
  } catch {
    return false;
  }
}

/** Where the last value of an entry ends, without the comments and blank lines behind it. */
function lastByte(out: YAMLMap, text: string): number {
  const end = out.range?.[1] ?? text.length;
  return text.slice(0, end).trimEnd().length;
}

function startOfLine(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Behind the newline, where there is one. */
function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function withNewlines(words: string, text: string): string {
  return words.replaceAll('\n', newlineOf(text));
}
