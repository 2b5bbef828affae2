/** Another name for a column, everywhere in the file where it is meant. */
import { readDocument, type ConfigDocument } from '../document';
import type { TextRange } from '../lines';
import { inline } from '../edit';
import { valueAt } from './place';
import { quoted, quoteOf } from './scalars';
import { sqlName, sqlWords } from './sqlWords';
import { columnsOf, usesOf, type Column, type Use } from './uses';

export interface RenameEdit {
  readonly range: TextRange;
  readonly text: string;
  /** Whether somebody should look at it first: it may mean something else. */
  readonly doubtful: boolean;
}

/** Where a column is named; in SQL that stands in quotes, the whole text. */
export function rangesOf(
  text: string,
  document: ConfigDocument,
  uses: readonly Use[],
): { use: Use; range: TextRange }[] {
  return uses.map((use) => {
    const range = document.rangeOf(use.path, use.part);
    const written = text.slice(range.start, range.end);
    const word = use.sql && quoteOf(written) === '' ? sqlWords(written)[use.sql.index] : undefined;
    if (word === undefined) return { use, range };
    return { use, range: { start: range.start + word.start, end: range.start + word.end } };
  });
}

/** Why a column cannot be called so; undefined where it can. */
export function renameProblem(data: unknown, column: Column, name: string): 'empty' | 'taken' | undefined {
  if (name.trim() === '') return 'empty';
  const own = new Set(column.uses.map(({ path, part }) => JSON.stringify([path, part])));
  const taken = columnsOf(data)
    .filter(({ dataset }) => dataset === column.dataset)
    .some(({ uses }) =>
      uses.some(
        (use) =>
          use.declares === true &&
          use.name.toLowerCase() === name.toLowerCase() &&
          !own.has(JSON.stringify([use.path, use.part])),
      ),
    );
  return taken ? 'taken' : undefined;
}

/** The edits that give a column another name; comments and formatting stay. Undefined where the text would not be sound. */
export function renameColumn(
  text: string,
  document: ConfigDocument,
  at: Pick<Use, 'path' | 'part' | 'sql'>,
  name: string,
): RenameEdit[] | undefined {
  const uses = usesOf(document.data, at)?.uses ?? [];
  const plain = uses.filter(({ sql }) => sql === undefined);
  const edits = plain.map(({ path, part }): RenameEdit => {
    const range = document.rangeOf(path, part);
    return { range, text: quoted(name, quoteOf(text.slice(range.start, range.end))), doubtful: false };
  });
  const inSql = uses.filter(({ sql }) => sql !== undefined);
  const paths = new Set(inSql.map(({ path }) => JSON.stringify(path)));
  for (const path of paths) {
    const together = inSql.filter((use) => JSON.stringify(use.path) === path);
    edits.push(...sqlEdits(text, document, together, name));
  }
  const { problems } = readDocument(applied(text, edits));
  return problems.length > 0 ? undefined : edits.sort((a, b) => a.range.start - b.range.start);
}

/** Within one expression. */
function sqlEdits(text: string, document: ConfigDocument, uses: readonly Use[], name: string): RenameEdit[] {
  const path = uses[0]?.path ?? [];
  const range = document.rangeOf(path, 'value');
  const written = text.slice(range.start, range.end);
  const quote = quoteOf(written);
  const sql = quote === '' ? written : String(valueAt(document.data, path));
  const words = sqlWords(sql);
  const changes = uses.flatMap((use) => {
    const word = words[use.sql?.index ?? -1];
    if (word === undefined) return [];
    return [{ range: word, text: sqlName(name, word.quoted), doubtful: use.sql?.sure !== true }];
  });
  const doubtful = changes.some((change) => change.doubtful);
  // What a plain text cannot hold is written anew, in quotes.
  const result = applied(sql, changes);
  const isBlock = /^[|>]/.test(written);
  const breaks = quote === '' && !isBlock && inline(result) !== result && !result.includes('\n');
  if (quote !== '' || breaks) return [{ range, text: quoted(result, quote), doubtful }];
  return changes.map(({ range: { start, end }, ...change }) => ({
    ...change,
    range: { start: range.start + start, end: range.start + end },
  }));
}

/** A text with edits that do not overlap. */
export function applied(text: string, edits: readonly { readonly range: TextRange; readonly text: string }[]): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((done, { range, text: part }) => done.slice(0, range.start) + part + done.slice(range.end), text);
}
