/** Which one type a column is staged in, given the types it has in its files. */
import type { Database } from '../duckdb';
import { alwaysExact, castTyped, digitsOf, isNumeric, WIDE } from './exact';
import { castText, columnTypeOf, fits, matches, patterns, physicalType, ZONED } from './types';
import type { OpenSource, SourceColumn } from '../sources';
import { MldataError, type ColumnType } from '../../protocol';
import type { InferredType } from './candidates';

/** A column in one file. */
export interface Place {
  readonly source: OpenSource;
  readonly column: SourceColumn;
}

export interface HeldType {
  readonly type: ColumnType;
  readonly physical: string;
  /** Why the column is stored otherwise than its files or its declaration would have it. */
  readonly because?: 'rounding' | 'kinds';
  /** No file has a value of the column, so that its type says nothing. */
  readonly empty?: true;
}

/** The type of a declared column; files that already hold it keep their own width: INT32 stays INT32. */
export async function declaredType(
  database: Database,
  type: ColumnType,
  zoned: boolean,
  places: readonly Place[],
): Promise<HeldType> {
  const held = [...new Set(places.map(({ column }) => column.type))];
  const [only, ...others] = held;
  if (only !== undefined && only !== 'text' && others.length === 0 && fits(only, type)) {
    const physical = storable(only);
    if (physical === only || !(await loses(database, places, undefined, type, physical))) return { type, physical };
  }
  // Nanoseconds have a type of their own, which those of files in microseconds fit into.
  if (type === 'datetime' && !zoned && held.includes('TIMESTAMP_NS')) return { type, physical: 'TIMESTAMP_NS' };
  const physical = physicalType(type, zoned);
  if (type !== 'number' || held.length === 0 || !held.every((each) => digitsOf(each))) return { type, physical };
  const exact = commonNumber(held);
  const better =
    (await loses(database, places, undefined, type, physical)) &&
    !(await loses(database, places, undefined, type, exact));
  return better ? { type, physical: exact, because: 'rounding' } : { type, physical };
}

/**
 * The type of an undeclared column: what its typed files hold and what was inferred from its texts (undefined: no text
 * has a value), widened as far as every value stays what it is. Else text, so that an undeclared column rejects no row.
 */
export async function commonType(
  database: Database,
  inferred: InferredType | undefined,
  places: readonly Place[],
): Promise<HeldType> {
  const held = new Set(places.map(({ column }) => column.type).filter((type) => type !== 'text'));
  if (inferred) held.add(physicalType(inferred.type, inferred.zoned));
  if (held.size === 0) return { type: 'string', physical: 'VARCHAR', empty: true };
  const [only = 'VARCHAR', ...others] = held;
  if (others.length === 0 && storable(only) === only)
    return { type: inferred?.type ?? columnTypeOf(only), physical: only };
  const physical = storable(others.length === 0 ? only : await common(database, [...held]));
  if (physical === 'VARCHAR') {
    const texts = [...held].every((each) => columnTypeOf(each) === 'string');
    return { type: 'string', physical, ...(!texts && { because: 'kinds' }) };
  }
  const type = [...held].every((each) => columnTypeOf(each) === 'integer') ? 'integer' : columnTypeOf(physical);
  if (await loses(database, places, inferred, type, physical))
    return { type: 'string', physical: 'VARCHAR', because: 'rounding' };
  return { type, physical };
}

/** A type for the values of all; most values of some may not fit it. */
async function common(database: Database, held: readonly string[]): Promise<string> {
  if (held.every(isNumeric)) return commonNumber(held);
  const kinds = new Set(held.map(columnTypeOf));
  if (kinds.size > 1 || kinds.has('any')) return 'VARCHAR';
  if (kinds.has('datetime') || kinds.has('time')) {
    // The engine's union of a time with a zone and one without forgets the zone.
    if (held.some((type) => type.endsWith('WITH TIME ZONE'))) return 'VARCHAR';
    return ['TIMESTAMP_NS', 'TIME_NS', 'TIMESTAMP'].find((type) => held.includes(type)) ?? 'TIMESTAMP_MS';
  }
  try {
    const union = held.map((type) => `SELECT CAST(NULL AS ${type}) AS value`).join(' UNION ALL ');
    const [column] = await database.describe(union);
    return column?.type ?? 'VARCHAR';
  } catch (error) {
    if (error instanceof MldataError) throw error;
    // Lists of what cannot be united.
    return 'VARCHAR';
  }
}

const integers = ['UTINYINT', 'TINYINT', 'USMALLINT', 'SMALLINT', 'UINTEGER', 'INTEGER', 'UBIGINT', 'BIGINT', WIDE];

/** The narrowest integer or a decimal where all are exact, else a double. */
function commonNumber(held: readonly string[]): string {
  const digits = held.map(digitsOf);
  if (!digits.every((each) => each !== undefined)) return 'DOUBLE';
  if (held.every((type) => columnTypeOf(type) === 'integer'))
    return integers.find((type) => held.every((each) => alwaysExact(each, type))) ?? WIDE;
  const whole = Math.max(...digits.map((each) => each.whole));
  const fraction = Math.max(...digits.map((each) => each.fraction));
  return `DECIMAL(${Math.min(38, whole + fraction)},${fraction})`;
}

/** The type as the outputs can hold it: 128-bit integers, also inside lists and objects, are written as doubles. */
export function storable(physical: string): string {
  // What is in quotes is the name of a field.
  return physical.replace(/"(?:[^"]|"")*"|\bU?HUGEINT(?=[[\],)]|$)/g, (found) =>
    found.startsWith('"') ? found : WIDE,
  );
}

/** Whether a value of the column would be another in this type. Looks at the data only where the types leave it open. */
async function loses(
  database: Database,
  places: readonly Place[],
  inferred: InferredType | undefined,
  type: ColumnType,
  physical: string,
): Promise<boolean> {
  for (const { source, column } of places) {
    const { expression } = column;
    const from = column.type === 'text' && inferred ? physicalType(inferred.type, inferred.zoned) : column.type;
    if (from === 'text' || alwaysExact(from, physical)) continue;
    const typed = column.type === 'text' && inferred ? castText(expression, inferred.type, from) : expression;
    const cast = castTyped(typed, from, type, physical);
    const row = await database.row(
      `SELECT count(*) FILTER (WHERE ${expression} IS NOT NULL AND ${cast} IS NULL) > 0 AS loses FROM ${source.glance}`,
    );
    if (row['loses'] === true) return true;
  }
  return false;
}

/** Values of each file that tell whether date-times name their zone. */
const ZONE_SAMPLE = 1000;

/** By column of one file: how many of its first values name their zone, less those that do not. */
export type Zones = ReadonlyMap<string, number>;

export interface Zoned {
  readonly zoned: readonly boolean[];
  readonly zones: ReadonlyMap<OpenSource, Zones>;
}

/**
 * Which of the columns of date-times mostly name their zone. Each file is looked at once, for all of them.
 * @param known of files that were looked at before
 */
export async function zonedColumns(
  database: Database,
  columns: readonly (readonly Place[])[],
  known: ReadonlyMap<OpenSource, Zones>,
): Promise<Zoned> {
  const balances = columns.map(() => 0);
  // A file that has times already decides; texts before it do not matter.
  const decided = columns.map(
    (places) => places.find(({ column }) => column.type.startsWith('TIMESTAMP'))?.column.type,
  );
  const zones = new Map<OpenSource, Map<string, number>>([...known].map(([source, each]) => [source, new Map(each)]));
  const bySource = new Map<OpenSource, { index: number; name: string; expression: string }[]>();
  for (const [index, places] of columns.entries()) {
    if (decided[index] !== undefined) continue;
    for (const { source, column } of places) {
      const balance = zones.get(source)?.get(column.name);
      if (balance !== undefined) balances[index] = (balances[index] ?? 0) + balance;
      else bySource.set(source, [...(bySource.get(source) ?? []), { index, ...column }]);
    }
  }
  for (const [source, members] of bySource) {
    const matching = (pattern: string) => `count(*) FILTER (WHERE ${matches('value', pattern)})`;
    const values = members.map(({ expression }) => `CAST(${expression} AS VARCHAR)`).join(', ');
    // Below each other, so that the statement stays short however many columns there are.
    const rows = await database.rows(
      `SELECT place, ${matching(patterns.zonedDatetime)} - ${matching(patterns.datetime)} AS balance FROM ` +
        `(SELECT unnest(range(${members.length})) AS place, unnest([${values}]) AS value ` +
        `FROM (SELECT * FROM ${source.head ?? source.glance} LIMIT ${ZONE_SAMPLE})) GROUP BY place`,
    );
    const found = zones.get(source) ?? new Map<string, number>();
    zones.set(source, found);
    for (const [place, { index, name }] of members.entries()) {
      const balance = Number(rows.find((row) => Number(row['place']) === place)?.['balance'] ?? 0);
      balances[index] = (balances[index] ?? 0) + balance;
      found.set(name, balance);
    }
  }
  return {
    zoned: balances.map((balance, index) => (decided[index] === undefined ? balance > 0 : decided[index] === ZONED)),
    zones,
  };
}
