/**
 * A stage in the text of a `dvc.yaml`. Only the lines of that stage are written anew: whatever else the file has stays as
 * it is to the byte.
 */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, parseDocument, YAMLMap, type Document, type Pair } from 'yaml';
import { editInPlace } from '../../../config';
import { MldataError } from '../../../protocol';

/**
 * The text after `change` was done to the map of the stage, an empty one where there is none of that name yet; the text
 * itself where that says nothing else. Throws `dvc-yaml-unwritable` where the file is written in a way that this would change more. The text is sound.
 */
export function withStage(text: string, name: string, change: (stage: YAMLMap, document: Document) => void): string {
  const document = parse(text);
  const before: unknown = document.getIn(['stages', name], true);
  const said: unknown = document.toJS();
  const stage = isMap(before) ? before : new YAMLMap();
  change(stage, document);
  if (!isMap(before)) {
    const stages = document.get('stages');
    if (!isMap(stages) || stages.items.length === 0) document.set('stages', new YAMLMap());
    document.setIn(['stages', document.createNode(name)], stage);
  }
  if (isDeepStrictEqual(document.toJS(), said)) return text;
  const written = document.toString({ lineWidth: 0, indentSeq: hasIndentedList(text) });
  const wanted: unknown = parse(written).toJS();
  for (const candidate of [spliced(text, written, name), inFlow(text, name, stage, document)]) {
    if (candidate !== undefined && isSame(candidate, wanted)) return candidate;
  }
  throw new MldataError(
    'config',
    'dvc-yaml-unwritable',
    `The stage ${name} cannot be written into dvc.yaml without changing other parts of the file. Write \`stages:\` as a block, a line for each stage, and try again.`,
  );
}

/** The text without the stage; undefined where it says nothing else. Throws `dvc-yaml-unwritable`. */
export function withoutStage(text: string, name: string, file: string): string | undefined {
  const { stages, schema: _schema, ...others } = (parse(text).toJS() ?? {}) as Record<string, object | null>;
  if (!stages || !Object.hasOwn(stages, name)) return text;
  // DVC removes such a file as well.
  if (Object.keys(stages).length === 1 && Object.keys(others).length === 0) return undefined;
  const rest = editInPlace(text, ['stages', name], undefined);
  if (rest !== undefined) return rest;
  throw new MldataError(
    'config',
    'dvc-yaml-unwritable',
    `The stage ${name} cannot be taken out of ${file} without changing other parts of the file. Run \`dvc remove ${name}\`, and try again.`,
  );
}

function parse(text: string): Document {
  return parseDocument(text, { version: '1.2', merge: true });
}

function isSame(text: string, wanted: unknown): boolean {
  const document = parse(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), wanted);
}

/** The lines of the stage in `written`, put where they belong in `text`. */
function spliced(text: string, written: string, name: string): string | undefined {
  const before = parse(text);
  const after = parse(written);
  const old = pairIn(before, ['stages', name]);
  const open = before.get('stages');
  const hasStages = isMap(open) && open.items.length > 0;
  const path = hasStages ? ['stages', name] : ['stages'];
  const source = linesOf(written, pairIn(after, path));
  const target = hasStages && !old ? behind(text, open) : linesOf(text, pairIn(before, path));
  if (source === undefined) return undefined;
  const fragment = written.slice(source.start, source.end).replace(/\n*$/, '\n');
  const { start, end, indent } = target ?? { start: text.length, end: text.length, indent: 0 };
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const head = text.slice(0, start);
  const lead = head === '' || head.endsWith('\n') || head === '\uFEFF' ? head : head + newline;
  return lead + shifted(fragment, indent - source.indent).replaceAll('\n', newline) + text.slice(end);
}

function pairIn(document: Document, path: readonly string[]): Pair | undefined {
  const map: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return undefined;
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));
}

interface Lines {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
}

/** Undefined where the entry has no lines for itself. */
function linesOf(text: string, pair: Pair | undefined): Lines | undefined {
  if (!pair || !isScalar(pair.key) || !pair.key.range) return undefined;
  const start = text.lastIndexOf('\n', pair.key.range[0] - 1) + 1;
  const indent = pair.key.range[0] - start;
  if (text.slice(start, pair.key.range[0]).replace('\uFEFF', '').trim() !== '') return undefined;
  const value = pair.value as { readonly range?: readonly [number, number, number] | null } | null;
  return { start, end: lineEnd(text, value?.range?.[1] ?? pair.key.range[1]), indent };
}

/** Behind the last stage, and the comments that stand with it. */
function behind(text: string, stages: YAMLMap): Lines | undefined {
  const first = linesOf(text, stages.items[0]);
  const last = linesOf(text, stages.items.at(-1));
  if (!first || !last) return undefined;
  let { end } = last;
  for (;;) {
    const next = /^( *)#[^\n]*(?:\n|$)/.exec(text.slice(end));
    if (!next || (next[1] ?? '').length < first.indent) return { start: end, end, indent: first.indent };
    end += next[0].length;
  }
}

function lineEnd(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  return text.indexOf('\n', offset) + 1 || text.length;
}

function shifted(lines: string, by: number): string {
  if (by === 0) return lines;
  return lines.replace(/^ *(?=[^\n])/gm, (indent) => ' '.repeat(Math.max(0, indent.length + by)));
}

/** Between braces there are no lines to put it on. */
function inFlow(text: string, name: string, stage: YAMLMap, document: Document): string | undefined {
  return editInPlace(text, ['stages', name], stage.toJS(document));
}

/** Whether the hyphens of a list stand further in than its key. DVC itself writes them right below. */
function hasIndentedList(text: string): boolean {
  return /^( *)[^\s#-][^\n]*:[ ]*(?:#[^\n]*)?\r?\n\1 +- /m.test(text);
}
