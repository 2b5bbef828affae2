/** Columns whose types were guessed, as the reader parses them: many times faster than to hold each text against its type. */
import type { Database } from '../duckdb';
import type { StageColumn } from '../schema';
import { openKnown, type OpenContext, type OpenSource } from '../sources';
import type { ColumnType } from '../../protocol';

interface Trusted {
  readonly columns: readonly StageColumn[];
  readonly sources: readonly OpenSource[];
}

const parsedTypes: ReadonlySet<ColumnType> = new Set(['number', 'integer', 'boolean']);

/** Files that the reader takes as they stand, with those columns that were guessed to hold numbers or booleans. */
export async function trusting(
  columns: readonly StageColumn[],
  opened: readonly OpenSource[],
  opening: OpenContext,
): Promise<Trusted> {
  const first = opened.find(({ facts }) => facts !== undefined);
  if (first === undefined) return { columns, sources: opened };
  const held = new Map(first.columns.map(({ name, expression }) => [name, expression]));
  const typed = columns.filter(
    ({ name, type, guessed }) => guessed === 'typed' && parsedTypes.has(type) && held.has(name),
  );
  const long = await longNumbers(typed, first, held, opening.database);
  const trusted = new Set(typed.filter((column) => !long.has(column)));
  // The reader rounds when it is asked for whole numbers.
  const types = Array.from(trusted, ({ name, type }) => [name, type === 'integer' ? 'number' : type] as const);
  const declared = new Map([...opening.declared, ...types]);
  return {
    columns: columns.map((column) => (trusted.has(column) ? { ...column, guessed: 'trusted' } : column)),
    sources: opened.map((source) =>
      source.facts
        ? openKnown(source.file, { ...source.facts, findings: source.findings }, { ...opening, declared })
        : source,
    ),
  };
}

/** A double keeps every whole number of so many digits. */
const KEPT_DIGITS = 15;
const FIRST_ROWS = 100;

/** Whole numbers that are longer in the first rows already, such as ids: all would be read again. */
async function longNumbers(
  columns: readonly StageColumn[],
  source: OpenSource,
  held: ReadonlyMap<string, string>,
  database: Database,
): Promise<ReadonlySet<StageColumn>> {
  const whole = columns.filter(({ type }) => type === 'integer');
  if (whole.length === 0) return new Set();
  const lengths = whole.map(({ name, id }) => `max(strlen(${held.get(name) ?? "''"})) AS ${id}`);
  const row = await database.row(
    `SELECT ${lengths.join(', ')} FROM (SELECT * FROM ${source.head ?? source.glance} LIMIT ${FIRST_ROWS})`,
  );
  return new Set(whole.filter(({ id }) => Number(row[id] ?? 0) > KEPT_DIGITS));
}
