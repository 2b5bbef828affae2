/**
 * The shape that JSON records are read into, from the structure that the engine finds in all of them. Where that
 * structure would lose something, the value is kept as text: numbers as written, objects as JSON.
 */
import { text, type Database } from '../duckdb';

/** `"BIGINT"`, `["BIGINT"]` for a list, `{"a": "BIGINT"}` for an object, as the engine's JSON functions write it. */
export type Shape = string | readonly Shape[] | { readonly [key: string]: Shape };

/** Of one statement. The planner's time grows with the square of their number. */
const MAX_TESTS = 100;

/** What records can be read into, of the structure that was found in them. */
export function readableShape(structure: Shape): Shape {
  if (isList(structure)) return structure.map(readableShape);
  if (typeof structure === 'string') {
    // JSON has one kind of whole number; unsigned and wider types would only surprise readers of the output.
    if (structure === 'UBIGINT' || structure === 'HUGEINT') return 'BIGINT';
    return structure === 'NULL' ? 'VARCHAR' : structure;
  }
  const keys = Object.keys(structure);
  const distinct = new Set(keys.map((key) => key.toLowerCase()));
  // The engine knows no objects without keys, no empty names, and no names that differ in letter case alone.
  if (keys.length === 0 || distinct.has('') || distinct.size < keys.length) return 'JSON';
  return Object.fromEntries(keys.map((key) => [key, readableShape(structure[key] as Shape)]));
}

/**
 * The same shape with text for numbers that it would not hold: whole ones beyond 64 bits, and those that a double, which
 * they share with fractions, changes. `relation` has the objects as JSON in `object`.
 */
export async function withExactNumbers(database: Database, shape: Shape, relation: string): Promise<Shape> {
  const leaves = numbersIn(shape, []);
  const inexact = new Set<string>();
  for (let start = 0; start < leaves.length; start += MAX_TESTS) {
    const some = leaves.slice(start, start + MAX_TESTS);
    const tests = some.map(
      ({ path, type }, index) => `coalesce(bool_or(${anyInexact('value', path, type)}), false) AS t${index}`,
    );
    const asText = JSON.stringify(replaced(shape, [], (type) => (isNumber(type) ? 'VARCHAR' : type)));
    const row = await database.row(
      `SELECT ${tests.join(', ')} FROM (SELECT json_transform(object, ${text(asText)}) AS value FROM ${relation})`,
    );
    some.forEach(({ path }, index) => {
      if (row[`t${index}`] === true) inexact.add(JSON.stringify(path));
    });
  }
  return replaced(shape, [], (type, path) => (inexact.has(JSON.stringify(path)) ? 'VARCHAR' : type));
}

/** Keys, and `null` for any element of a list. */
type Path = readonly (string | null)[];

function numbersIn(shape: Shape, path: Path): { path: Path; type: string }[] {
  if (typeof shape === 'string') return isNumber(shape) ? [{ path, type: shape }] : [];
  if (isList(shape)) return shape.flatMap((inner) => numbersIn(inner, [...path, null]));
  return Object.entries(shape).flatMap(([key, inner]) => numbersIn(inner, [...path, key]));
}

function replaced(shape: Shape, path: Path, replace: (type: string, path: Path) => string): Shape {
  if (typeof shape === 'string') return replace(shape, path);
  if (isList(shape)) return shape.map((inner) => replaced(inner, [...path, null], replace));
  return Object.fromEntries(
    Object.entries(shape).map(([key, inner]) => [key, replaced(inner, [...path, key], replace)]),
  );
}

/** SQL condition that a text of a number below `value` is not the same number in its type. */
function anyInexact(value: string, [step, ...rest]: Path, type: string, depth = 0): string {
  if (typeof step === 'string') return anyInexact(`struct_extract(${value}, ${text(step)})`, rest, type, depth);
  if (step === null) {
    const element = `e${depth}`;
    return `len(list_filter(${value}, lambda ${element}: ${anyInexact(element, rest, type, depth + 1)})) > 0`;
  }
  if (type === 'BIGINT') return `(${value} IS NOT NULL AND try_cast(${value} AS BIGINT) IS NULL)`;
  const whole = `try_cast(${value} AS DECIMAL(38,0))`;
  const back = `try_cast(CAST(try_cast(${value} AS DOUBLE) AS VARCHAR) AS DECIMAL(38,0))`;
  return `(regexp_full_match(${value}, '-?[0-9]+') AND (${whole} = ${back}) IS DISTINCT FROM true)`;
}

function isNumber(type: string): boolean {
  return type === 'BIGINT' || type === 'DOUBLE';
}

function isList(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape);
}
