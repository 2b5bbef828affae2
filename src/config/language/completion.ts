/** What may be typed at the cursor: from the written form, the rest of the config, and what is known of the data. */
import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { splitNames, type SourceLook } from '../../protocol';
import { readDocument } from '../document';
import { inline } from '../edit';
import type { TextRange } from '../lines';
import { isRecord } from '../shape';
import { writtenSchema } from '../written';
import { columnsAt, withinDataset, type Within } from './columns';
import { cursorAt, type Cursor } from './cursor';
import { choicesOf, formsAt, keyForms, namedBy, ownKeys, takesListOnly, takesMapOnly, type KeyForm } from './forms';
import { observedAt } from './observed';
import { quoted } from './scalars';
import { sqlName } from './sqlWords';

export interface Completion {
  readonly kind: 'key' | 'step' | 'value' | 'column' | 'observed' | 'dataset';
  readonly label: string;
  /** A snippet: `$1` is where the cursor goes. */
  readonly insert: string;
  /** Facts about it: a type, how often it occurs. */
  readonly detail?: string;
  /** Rows that have the value. */
  readonly count?: number;
  /** What a key means; a sentence or two of Markdown. */
  readonly documentation?: string;
  /** Whether there is something to choose from behind it. */
  readonly again?: boolean;
}

export interface Completions {
  /** What is replaced. */
  readonly range: TextRange;
  readonly items: readonly Completion[];
  /** Where a path is typed: the path so far, and how the rest of it is written. */
  readonly path?: PathTyped;
}

export interface PathTyped {
  /** Up to the cursor, without quotes. */
  readonly typed: string;
  /** Whether folders only are meant. */
  readonly folder: boolean;
  /** A path as it is to stand there. */
  write(path: string): string;
}

/** What is known of the data of a dataset. */
export type Looks = (dataset: string) => SourceLook | undefined;

/** Undefined where nothing is to be completed. */
export function completionsAt(text: string, offset: number, looks: Looks): Completions | undefined {
  const cursor = cursorAt(text, offset);
  if (cursor === undefined) return undefined;
  const forms = formsAt(writtenSchema, cursor.path);
  const names = forms.map(namedBy).find((named) => named !== undefined);
  const typed = text.slice(cursor.typed.start + (cursor.quote === '' ? 0 : 1), offset);
  const context: Context = { cursor, forms, looks, within: withinDataset(cursor.path) };
  if (cursor.expects !== 'key' && (names === 'expression' || names === 'query')) return inSql(text, offset, context);
  const items = [
    ...(cursor.expects === 'value' ? [] : keys(context)),
    ...(cursor.expects === 'key' ? [] : values(context)),
  ];
  const isPath = names === 'path' && cursor.expects !== 'key';
  return {
    range: cursor.typed,
    items,
    ...(isPath && {
      path: {
        typed,
        folder: cursor.path.includes('output'),
        write: (path) => escaped(cursor.before + quoted(path, cursor.quote)),
      },
    }),
  };
}

interface Context {
  readonly cursor: Cursor;
  readonly forms: readonly z.ZodType[];
  readonly looks: Looks;
  readonly within: Within | undefined;
}

function keys({ cursor, forms, looks, within }: Context): Completion[] {
  const isStep = within?.rest.length === 2 && within.rest[0] === 'transforms';
  if (isStep && cursor.siblings.length > 0) return [];
  const free = (key: string): boolean => !cursor.siblings.includes(key);
  const known = keyForms(forms)
    .filter(({ key }) => free(key))
    .map((form): Completion => ({
      kind: isStep ? 'step' : 'key',
      label: form.key,
      insert: keyText(form, cursor),
      documentation: form.description,
      again: !cursor.colon,
    }));
  const plainKey = (name: string): string => escaped(`${cursor.before}${quoted(name, cursor.quote)}`);
  const look = within?.dataset === undefined ? undefined : looks(within.dataset);
  const own = ownKeys(forms);
  const columns = own === 'column' && within ? [...columnsAt(cursor.data, within.dataset, within.point, look)] : [];
  const named = columns
    .filter(([name]) => free(name))
    .map(([name, type]): Completion => ({
      kind: 'column',
      label: name,
      insert: cursor.colon ? plainKey(name) : `${plainKey(name)}: $1`,
      ...(type !== undefined && { detail: type }),
      again: !cursor.colon,
    }));
  const isColumns = within?.rest.length === 2 && within.rest[0] === 'schema' && within.rest[1] === 'columns';
  const undeclared = (isColumns ? (look?.columns ?? []) : [])
    .filter(({ name }) => free(name))
    .map(({ name, type }): Completion => ({
      kind: 'column',
      label: name,
      insert: cursor.colon ? plainKey(name) : `${plainKey(name)}: ${type}`,
      detail: type,
    }));
  const seen = observedAt(cursor.data, cursor.path, look)
    .filter(({ value }) => free(String(value)) && within?.rest.at(-1) === 'values')
    .map(({ value, count }): Completion => ({
      kind: 'observed',
      label: String(value),
      insert: cursor.colon ? plainKey(String(value)) : `${plainKey(String(value))}: $1`,
      ...(count !== undefined && { count }),
    }));
  return [...known, ...named, ...undeclared, ...seen];
}

/** A key, and what has to follow for it to say something. */
function keyText(form: KeyForm, cursor: Cursor): string {
  const start = escaped(cursor.before + quoted(form.key, cursor.quote));
  if (cursor.colon) return start;
  const isMap = takesMapOnly(form.forms);
  const needed = isMap ? keyForms(form.forms).filter(({ required }) => required) : [];
  if (cursor.flow) {
    const stops = needed.map(
      ({ key, forms }, index) => `${key}: ${takesMapOnly(forms) ? `{ $${index + 1} }` : `$${index + 1}`}`,
    );
    if (isMap) return `${start}: { ${stops.join(', ') || '$1'} }`;
    return takesListOnly(form.forms) ? `${start}: [$1]` : `${start}: $1`;
  }
  const line = `\n${' '.repeat(cursor.indent + cursor.before.length + 2)}`;
  const stops = needed.map(({ key, forms }, index) => `${key}:${takesMapOnly(forms) ? `${line}  ` : ' '}$${index + 1}`);
  if (isMap) return `${start}:${(stops.length > 0 ? stops : ['$1']).map((stop) => line + stop).join('')}`;
  return takesListOnly(form.forms) ? `${start}:${line}- $1` : `${start}: $1`;
}

function values({ cursor, forms, looks, within }: Context): Completion[] {
  const { path, data, before } = cursor;
  const write = (value: unknown): string =>
    escaped(before + (typeof value === 'string' ? quoted(value, cursor.quote) : inline(value)));
  const free = (value: unknown): boolean => !cursor.items.includes(value);
  const look = within?.dataset === undefined ? undefined : looks(within.dataset);
  const named = new Set(forms.map(namedBy));
  const choices = choicesOf(forms)
    .filter(free)
    .map((value): Completion => ({ kind: 'value', label: String(value), insert: write(value) }));
  const columns = named.has('column') && within ? [...columnsAt(data, within.dataset, within.point, look)] : [];
  const seen = observedAt(data, path, look).map(({ value, count }): Completion => ({
    kind: 'observed',
    label: String(value),
    insert: write(value),
    ...(count !== undefined && { count }),
  }));
  const isSource = named.has('path') && !path.includes('output') && !path.includes('split');
  const isStep = path.includes('transforms');
  const datasets = named.has('dataset') || (isSource && !isStep) ? datasetsBeside(data, within?.dataset) : [];
  const scheme = named.has('dataset') ? '' : 'dataset://';
  return [
    ...choices,
    ...columns
      .filter(([name]) => free(name))
      .map(([name, type]): Completion => ({
        kind: 'column',
        label: name,
        insert: write(name),
        ...(type !== undefined && { detail: type }),
      })),
    ...seen.filter(({ label }) => !cursor.items.some((item) => String(item) === label)),
    ...datasets.map((name): Completion => ({ kind: 'dataset', label: scheme + name, insert: write(scheme + name) })),
  ];
}

/** The other datasets of the config, and the splits that they are written with. */
function datasetsBeside(data: unknown, own: string | undefined): string[] {
  const datasets = isRecord(data) && isRecord(data['datasets']) ? data['datasets'] : {};
  const defaults = isRecord(data) && isRecord(data['defaults']) ? data['defaults'] : {};
  return Object.entries(datasets).flatMap(([name, dataset]) => {
    if (name === own) return [];
    const split = (isRecord(dataset) ? dataset['split'] : undefined) ?? defaults['split'];
    const splits = isRecord(split) ? splitNames.filter((each) => Object.hasOwn(split, each)) : [];
    return [name, ...splits.map((each) => `${name}/${each}`)];
  });
}

/** Column names within an expression: the word at the cursor is replaced. */
function inSql(text: string, offset: number, { cursor, looks, within }: Context): Completions | undefined {
  const { start, end } = cursor.typed;
  const inside = start + (cursor.quote === '' ? 0 : 1);
  const word = /[\p{L}_][\p{L}\p{N}_]*$/u.exec(text.slice(inside, offset))?.[0].length ?? 0;
  const rest = /^[\p{L}\p{N}_]*/u.exec(text.slice(offset, end))?.[0].length ?? 0;
  const range = { start: Math.max(inside, offset - word), end: offset + rest };
  const look = within?.dataset === undefined ? undefined : looks(within.dataset);
  const columns = within ? columnsAt(cursor.data, within.dataset, within.point, look) : [];
  const items = [...columns].flatMap(([name, type]): Completion[] => {
    const sql = sqlName(name, false);
    const written = quotedInside(sql, cursor);
    if (sql !== name && !readsBack(text.slice(inside, range.start), sql, written, cursor)) return [];
    return [
      {
        kind: 'column',
        label: name,
        insert: escaped((start === end ? cursor.before : '') + written),
        ...(type !== undefined && { detail: type }),
      },
    ];
  });
  return { range, items };
}

function quotedInside(text: string, { quote }: Cursor): string {
  if (quote === '"') return JSON.stringify(text).slice(1, -1);
  return quote === "'" ? text.replaceAll("'", "''") : text;
}

/** Whether YAML takes what is written as what is meant, behind what stands there: it has signs of its own. */
function readsBack(before: string, meant: string, written: string, { quote, flow }: Cursor): boolean {
  // In quotes the end of what is before is not looked at: it is sound already, or is not to be judged here.
  const scalar = quote === '' ? before + written : quote + written + quote;
  const wanted = quote === '' ? before + meant : meant;
  const { data, problems } = readDocument(flow ? `[${scalar}]` : `a: ${scalar}`);
  return problems.length === 0 && isDeepStrictEqual(data, flow ? [wanted] : { a: wanted });
}

/** What a snippet would read as its own signs. */
function escaped(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** Paths that the entries of a folder make of what is typed; folders first. */
export function pathItems(
  { typed, folder }: Pick<PathTyped, 'typed' | 'folder'>,
  entries: readonly { readonly name: string; readonly isFolder: boolean; readonly isData: boolean }[],
): { path: string; isFolder: boolean }[] {
  const base = typed.slice(0, typed.lastIndexOf('/') + 1);
  return entries
    .filter(({ name, isFolder, isData }) => (isFolder && !name.startsWith('.')) || (!folder && isData))
    .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1))
    .map(({ name, isFolder }) => ({ path: `${base}${name}${isFolder ? '/' : ''}`, isFolder }));
}
