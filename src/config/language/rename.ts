/** Another name for a column, everywhere in the file where it is meant. */
import { isDeepStrictEqual } from 'node:util';
import type { ConfigPath } from '../../protocol';
import { readDocument, type ConfigDocument } from '../document';
import type { TextRange } from '../lines';
import { isRecord } from '../shape';
import { valueAt } from './place';
import { referencesIn } from './references';
import { quoted, quoteOf } from './scalars';
import { sqlName, sqlWords, writtenWords, type SqlWord } from './sqlWords';
import { columnsOf, useKey, usesOf, type DerivedUse, type Use } from './uses';

export interface RenameEdit {
  readonly range: TextRange;
  readonly text: string;
  /** Whether somebody should look at it first: it may mean something else. */
  readonly doubtful: boolean;
}

/** A place, and what the column is to be called there. */
interface Renamed extends Pick<DerivedUse, 'use' | 'sure'> {
  readonly name: string;
}

/** Where a column is named, each place once; in SQL that stands in quotes, the whole text. */
export function rangesOf(
  text: string,
  document: ConfigDocument,
  uses: readonly Use[],
): { use: Use; range: TextRange }[] {
  const places = uses.map((use) => {
    const range = document.rangeOf(use.path, use.part);
    const word = use.sql && writtenWords(text.slice(range.start, range.end))?.[use.sql.index];
    return { use, range: word === undefined ? range : shifted(word, range.start) };
  });
  return distinct(places);
}

/** Why a column cannot be called so; undefined where it can. */
export function renameProblem(
  data: unknown,
  column: NonNullable<ReturnType<typeof usesOf>>,
  name: string,
): 'empty' | 'taken' | 'referenced' | 'derived' | undefined {
  if (name.trim() === '') return 'empty';
  if (column.namedAfter !== undefined) return 'derived';
  const uses = [...column.uses, ...column.derived.map(({ use }) => use)];
  const own = new Set(uses.map(useKey));
  const wanted = new Set(
    [name, ...column.derived.map(({ ending }) => name + ending)].map((each) => each.toLowerCase()),
  );
  const isOwn = (use: Use): boolean => own.has(useKey(use));
  const columns = columnsOf(data);
  const datasets = new Set(columns.filter((each) => each.uses.some(isOwn)).map(({ dataset }) => dataset));
  const isTaken = columns
    .filter(({ dataset }) => datasets.has(dataset))
    .some((each) => each.uses.some((use) => wanted.has(use.name.toLowerCase()) && !isOwn(use)));
  if (isTaken) return 'taken';
  const names = new Set(uses.map((use) => use.name.toLowerCase()));
  const isReferenced = referencesIn(data).some(
    (reference) => datasets.has(reference.dataset) && names.has(reference.column.toLowerCase()),
  );
  return isReferenced ? 'referenced' : undefined;
}

/** The edits that give a column another name; comments and formatting stay. Undefined where the text would not be sound. */
export function renameColumn(
  text: string,
  document: ConfigDocument,
  at: Pick<Use, 'path' | 'part' | 'sql'>,
  name: string,
): RenameEdit[] | undefined {
  if (document.problems.length > 0) return undefined;
  const { uses = [], derived = [] } = usesOf(document, at) ?? {};
  const all: Renamed[] = [...uses.map((use) => ({ use, ending: '', sure: true })), ...derived].map(
    ({ use, ending, sure }) => ({ use, sure, name: name + ending }),
  );
  const wanted = new Map<string, string>();
  const edits: RenameEdit[] = [];
  for (const { use, sure, name: becomes } of all.filter((each) => each.use.sql === undefined)) {
    const { path, part } = use;
    wanted.set(useKey({ path, part }), becomes);
    const range = document.rangeOf(path, part);
    const written = quoted(becomes, quoteOf(text.slice(range.start, range.end)));
    edits.push({ range, text: written, doubtful: !sure });
  }
  const inSql = all.filter(({ use }) => use.sql !== undefined);
  for (const path of new Set(inSql.map(({ use }) => JSON.stringify(use.path)))) {
    const together = inSql.filter(({ use }) => JSON.stringify(use.path) === path);
    const found = sqlEdits(text, document, together);
    wanted.set(useKey({ path: together[0]?.use.path ?? [], part: 'value' }), found.sql);
    edits.push(...found.edits);
  }
  // What stands behind an alias changes where its anchor is.
  const own = distinct(edits).filter(({ range }) => text[range.start] !== '*');
  const { data, problems } = readDocument(applied(text, own));
  if (problems.length > 0 || !isDeepStrictEqual(data, withTexts(document.data, wanted))) return undefined;
  return own.sort((a, b) => a.range.start - b.range.start);
}

/** Within one expression, and what it says afterwards. */
function sqlEdits(
  text: string,
  document: ConfigDocument,
  uses: readonly Renamed[],
): { sql: string; edits: RenameEdit[] } {
  const path = uses[0]?.use.path ?? [];
  const range = document.rangeOf(path, 'value');
  const written = text.slice(range.start, range.end);
  const before = String(valueAt(document.data, path));
  const changesOf = (words: readonly SqlWord[]): RenameEdit[] =>
    uses.flatMap(({ use, name, sure }) => {
      const word = words[use.sql?.index ?? -1];
      if (word === undefined) return [];
      return [{ range: word, text: sqlName(name, word.quoted), doubtful: !sure || use.sql?.sure !== true }];
    });
  const changes = changesOf(sqlWords(before));
  const sql = applied(before, changes);
  const words = writtenWords(written);
  const edits = changesOf(words ?? []).map((edit) => ({ ...edit, range: shifted(edit.range, range.start) }));
  const { data, problems } = readDocument(applied(text, edits));
  if (words !== undefined && problems.length === 0 && valueAt(data, path) === sql) return { sql, edits };
  // What stands in quotes, or needs them now, is written anew.
  const doubtful = changes.some((change) => change.doubtful);
  return { sql, edits: [{ range, text: quoted(sql, quoteOf(written)), doubtful }] };
}

function shifted({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}

/** What an alias repeats has one place in the text. */
function distinct<T extends { readonly range: TextRange }>(places: readonly T[]): T[] {
  return [...new Map(places.map((place) => [`${place.range.start} ${place.range.end}`, place])).values()];
}

/** The data with other texts, by the keys of their uses. */
function withTexts(data: unknown, texts: ReadonlyMap<string, string>, path: ConfigPath = []): unknown {
  if (Array.isArray(data)) return data.map((item, index) => withTexts(item, texts, [...path, index]));
  if (!isRecord(data)) return texts.get(useKey({ path, part: 'value' })) ?? data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const at = [...path, key];
      return [texts.get(useKey({ path: at, part: 'key' })) ?? key, withTexts(value, texts, at)];
    }),
  );
}

/** A text with edits that do not overlap. */
export function applied(text: string, edits: readonly { readonly range: TextRange; readonly text: string }[]): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((done, { range, text: part }) => done.slice(0, range.start) + part + done.slice(range.end), text);
}
