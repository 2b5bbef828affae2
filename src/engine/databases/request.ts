/** What is asked of a database, and what it answers with. */
import { MldataError } from '../../protocol';
import type { Access } from './access';
import type { ServerColumn } from './forms';

/** Rows of a database, as a config names them. */
export interface DatabaseSource {
  /** May hold references such as `${env:NAME}`, which are looked up at connecting only. */
  readonly uri: string;
  /** Either a query, or a table such as `public.users`. */
  readonly rows: { readonly query: string } | { readonly table: string };
  /** Column by which later fetches take new rows only. */
  readonly incremental?: { readonly column: string };
  /** After so long the server stops the statement. */
  readonly timeoutMs: number;
  /** No more rows than these, for a look; absent: all. */
  readonly limit?: number;
}

/** Rows from this value on, and those that have none. */
export interface After {
  readonly column: string;
  /** As text that the database reads back to the same value; undefined: from the beginning, in the column's order. */
  readonly value: string | undefined;
}

export interface ReadRequest extends Access {
  readonly source: DatabaseSource;
  readonly after: After | undefined;
  readonly signal: AbortSignal;
}

/** The columns of the rows that were written to the spool. */
export type ServerColumns = readonly ServerColumn[];

/** `public.users` or `"my.schema".users`: the names in it, without quotes. */
export function namesOf(table: string): string[] {
  return Array.from(table.matchAll(/(?:"((?:[^"]|"")*)"|([^.]+))(?:\.|$)/g), ([, quoted, bare = '']) =>
    quoted === undefined ? bare : quoted.replaceAll('""', '"'),
  );
}

/** A query without what may not stand inside parentheses. */
export function withoutSemicolon(query: string): string {
  return query.replace(/[\s;]+$/, '');
}

/** Behind a statement whose rows nothing else limits. */
export function limitOf({ limit }: DatabaseSource): string {
  return limit === undefined ? '' : ` LIMIT ${limit}`;
}

/** Whether a watermark is a number: it is written without quotes. */
export function isNumber(value: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(value);
}

/** Throws `unknown-column`. */
export function watermarkIndex(names: readonly string[], column: string): number {
  const index = names.indexOf(column);
  if (index >= 0) return index;
  throw new MldataError(
    'config',
    'unknown-column',
    `\`incremental\` names the column ${column}, which the rows do not have. They have ${names.join(', ')}.`,
  );
}
