/** What texts of JSON have in common. */
import type { ColumnContext } from '../../context';

/** A type, or types by name, or the type of elements. */
export type JsonStructure = string | { readonly [field: string]: JsonStructure } | readonly [JsonStructure];

/** Rarer shapes are passed over: where every value has its own, they would fill the memory. */
const MOST_SHAPES = 10_000;

/**
 * The common structure of all JSON values of `expression`; fields of the most frequent shape come first. The engine finds
 * that of each value. Its own way to unite them gathers all values in one.
 */
export async function jsonStructure(
  { database }: ColumnContext,
  expression: string,
  relation: string,
): Promise<JsonStructure> {
  const rows = await database.rows(
    `SELECT json_structure(CAST(${expression} AS JSON)) AS structure, count(*) AS n FROM ${relation} ` +
      `WHERE ${expression} IS NOT NULL GROUP BY structure ORDER BY n DESC, structure LIMIT ${MOST_SHAPES}`,
  );
  return rows.map(({ structure }) => JSON.parse(String(structure)) as JsonStructure).reduce(united, 'NULL');
}

/** Of several kinds. The engine calls that `JSON`, but says the same of an empty object. */
const MIXED = 'MIXED';

/** The same in any order of the structures, but for the order of the fields. */
function united(a: JsonStructure, b: JsonStructure): JsonStructure {
  if (a === b || b === 'NULL') return a;
  if (a === 'NULL') return b;
  if (isObject(a) && isObject(b)) {
    const fields = new Map(Object.entries(a));
    for (const [name, type] of Object.entries(b)) fields.set(name, united(fields.get(name) ?? 'NULL', type));
    return Object.fromEntries(fields);
  }
  if (isArray(a) && isArray(b)) return [united(a[0], b[0])];
  if (isObject(a) && b === 'JSON') return a;
  if (a === 'JSON' && isObject(b)) return b;
  if (!isNumber(a) || !isNumber(b)) return MIXED;
  return a === 'DOUBLE' || b === 'DOUBLE' ? 'DOUBLE' : 'HUGEINT';
}

function isNumber(structure: JsonStructure): boolean {
  return structure === 'DOUBLE' || isWhole(structure);
}

/** The engine has several names for whole numbers, by their sign and size. */
function isWhole(structure: JsonStructure): boolean {
  return typeof structure === 'string' && /^U?(BIG|HUGE)INT$/.test(structure);
}

function isObject(structure: JsonStructure): structure is { readonly [field: string]: JsonStructure } {
  return typeof structure !== 'string' && !isArray(structure);
}

export function isArray(structure: JsonStructure): structure is readonly [JsonStructure] {
  return Array.isArray(structure);
}

/** Whether it is the name of a type that all values have. */
export function isScalar(structure: JsonStructure): boolean {
  return isNumber(structure) || structure === 'VARCHAR' || structure === 'BOOLEAN';
}

/** How a type of JSON is called. */
export function jsonName(structure: JsonStructure): string {
  if (isWhole(structure)) return 'BIGINT';
  if (structure === MIXED) return 'JSON';
  if (typeof structure === 'string') return structure;
  return isArray(structure) ? `${jsonName(structure[0])}[]` : 'OBJECT';
}
