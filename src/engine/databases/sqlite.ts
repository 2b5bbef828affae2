/** Rows of an SQLite file. What a value is, SQLite says of each value, not of the column. */
import { setImmediate } from 'node:timers/promises';
import type { Database as Sqlite, SQLiteValue } from 'node-sqlite3-wasm';
import { identifier, text as literal } from '../duckdb';
import { asBytes, asText, plain, type Forms } from './forms';
import {
  isNumber,
  limitOf,
  namesOf,
  watermarkIndex,
  withoutSemicolon,
  type ReadRequest,
  type ServerColumns,
} from './request';
import type { Spool } from './spool';
import { stillFile } from './sqliteFile';
import { troubleWith, type Trouble } from './troubles';

/** Rows between two looks at whether anybody still waits. */
const AT_ONCE = 1000;
/** The kind of a text that comes as hex digits. */
const HEX = 'hex text';

class TooLong extends Error {}

interface Column {
  readonly name: string;
  /** Empty where the query computes it. */
  readonly declared: string;
  /** The kinds of values that were found. */
  readonly kinds: Set<string>;
}

/**
 * The engine that runs the query is in this process: between two rows nobody can stop it.
 * @param path of the file, absolute
 * @param scratch where a copy may go
 * Throws `database-missing`, `database-unreadable`, `database-busy`, `query-failed`, `query-timeout` and `cancelled`.
 */
export async function readSqlite(
  request: ReadRequest,
  path: string,
  scratch: string,
  spool: Spool,
): Promise<ServerColumns> {
  const { source, signal } = request;
  const { default: sqlite } = await import('node-sqlite3-wasm');
  let database: Sqlite | undefined;
  try {
    const file = await stillFile(path, scratch);
    database = new sqlite.Database(file.path, { readOnly: !file.copied, fileMustExist: true });
    // Alone, it needs no memory shared with others for the log of what was written.
    if (file.copied) database.exec('PRAGMA locking_mode = exclusive');
    const columns = columnsOf(database, queryOf(request));
    await readRows(database, request, columns, spool);
    await file.check();
    return columns.map(({ name, declared, kinds }) => ({
      name,
      sourceType: declared || [...kinds].sort().join(', ') || 'null',
      forms: kinds.size > 0 ? formsOf(kinds) : formsOfEmpty(declared),
    }));
  } catch (error) {
    throw troubleWith(error, { uri: source.uri, signal }, troubleOf);
  } finally {
    database?.close();
  }
}

function troubleOf(problem: Error): Trouble {
  if (problem instanceof TooLong) return 'timeout';
  return /malformed|not a database|disk I\/O|corrupt/i.test(problem.message) ? 'unreadable' : 'query';
}

async function readRows(
  database: Sqlite,
  request: ReadRequest,
  columns: readonly Column[],
  spool: Spool,
): Promise<void> {
  const { source, signal } = request;
  const end = performance.now() + source.timeoutMs;
  const statement = database.prepare(selectOf(request, columns));
  try {
    let rows = 0;
    for (const row of statement.iterate() as Iterable<Record<string, SQLiteValue>>) {
      await spool.row(
        columns.map(({ kinds }, index) => written(row[`c${index}`] ?? null, String(row[`t${index}`]), kinds)),
      );
      if (++rows % AT_ONCE > 0) continue;
      await setImmediate();
      signal.throwIfAborted();
      if (performance.now() > end) throw new TooLong();
    }
  } finally {
    statement.finalize();
  }
}

/** A query in parentheses, in which nothing but a query can stand. */
function queryOf({ source: { rows } }: ReadRequest): string {
  if ('query' in rows) return `(${withoutSemicolon(rows.query)}\n)`;
  return `(SELECT * FROM ${namesOf(rows.table).map(identifier).join('.')})`;
}

function columnsOf(database: Sqlite, query: string): Column[] {
  // `exec` would run what a query that closes the parenthesis has behind it.
  database.run(`CREATE TEMP VIEW mldata_rows AS SELECT * FROM ${query}`);
  const columns = database.all("SELECT name, type FROM pragma_table_info('mldata_rows')") as Record<
    string,
    SQLiteValue
  >[];
  return columns.map(({ name, type }) => ({ name: String(name), declared: String(type), kinds: new Set() }));
}

function selectOf(request: ReadRequest, columns: readonly Column[]): string {
  const names = columns.map((_, index) => `c${index}`);
  const values = names.map((name, index) => {
    // A text is handed over as far as its first NUL only, its digits whole.
    const cut = `typeof(${name}) = 'text' AND instr(${name}, char(0)) > 0`;
    return `CASE WHEN ${cut} THEN '${HEX}' ELSE typeof(${name}) END AS t${index}, CASE WHEN ${cut} THEN hex(${name}) ELSE ${name} END AS c${index}`;
  });
  const rows = `WITH q(${names.join(', ')}) AS ${queryOf(request)} SELECT ${values.join(', ')} FROM q`;
  if (request.after === undefined) return rows + limitOf(request.source);
  const { column, value } = request.after;
  const by = `c${watermarkIndex(
    columns.map(({ name }) => name),
    column,
  )}`;
  const where =
    value === undefined ? '' : ` WHERE ${by} >= ${isNumber(value) ? value : literal(value)} OR ${by} IS NULL`;
  return `${rows}${where} ORDER BY ${by}`;
}

function written(value: SQLiteValue, kind: string, kinds: Set<string>): string | null {
  if (value === null) return null;
  if (kind === HEX) {
    kinds.add('text');
    return Buffer.from(String(value), 'hex').toString();
  }
  kinds.add(kind === 'integer' && !Number.isSafeInteger(Number(value)) ? 'large integer' : kind);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

/** Where values of several kinds stand in one column, they are texts. */
function formsOf(kinds: ReadonlySet<string>): Forms {
  const only = (...allowed: readonly string[]): boolean => [...kinds].every((kind) => allowed.includes(kind));
  if (only('integer', 'large integer')) return [plain('BIGINT')];
  if (only('integer', 'real')) return [plain('DOUBLE')];
  return only('blob') ? [asBytes] : [asText];
}

/** Without a value there is what was declared, by the rules of SQLite. */
function formsOfEmpty(declared: string): Forms {
  if (/INT/i.test(declared)) return [plain('BIGINT')];
  if (/CHAR|CLOB|TEXT/i.test(declared)) return [asText];
  if (/REAL|FLOA|DOUB/i.test(declared)) return [plain('DOUBLE')];
  return [asText];
}
