/** Columns of objects: which fields they have. Fields of fields by a dotted path, those of objects in lists after `[]`. */
import { identifier, literal, text } from '../../../duckdb';
import type { StageColumn } from '../../../schema';
import type { ListProfile, StructProfile } from '../../../../protocol';
import type { ColumnContext } from '../../context';
import { isArray, jsonName, jsonStructure, type JsonStructure } from './jsonStructure';
import { elementTypeOf, isJson } from '../../../statistics';
import { typeName } from './lists';

type Field = StructProfile['fields'][number];

/** A field among those of one object: how SQL reads it from `e`. */
interface Member {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** Fields beyond those are not named. */
const MOST_FIELDS = 1000;
/** Keys of maps that are named, the most frequent ones: any row may bring others. */
const MOST_KEYS = 100;

/** Whether the elements of lists are objects, maps, or lists of such. */
export function holdObjects({ elements }: ListProfile): boolean {
  return /^(STRUCT|MAP\(|OBJECT)/.test(elements.type);
}

/**
 * The fields of the objects in a column, or in the lists of a column. `nulls` counts the objects in which the field is
 * missing or null, of those rows (or, after `[]`, elements) that have the object it lies in at the top.
 * @param column of structs, maps, lists of them, or JSON objects as text
 */
export async function structFigures(context: ColumnContext, column: StageColumn): Promise<StructProfile> {
  const { id, physicalType } = column;
  const value = isJson(column) ? `CAST(${id} AS JSON)` : id;
  const from = `(SELECT ${value} AS e FROM ${context.relation} WHERE ${id} IS NOT NULL)`;
  const fields = await (isJson(column)
    ? jsonValues(context, column, from)
    : fieldsOf(context, from, 'e', physicalType, ''));
  return { fields: fields.slice(0, MOST_FIELDS) };
}

/** What lies within `value`, by its type: nothing but for structs, maps and lists. */
async function fieldsOf(
  context: ColumnContext,
  from: string,
  value: string,
  type: string,
  prefix: string,
): Promise<Field[]> {
  const inner = `(SELECT ${value} AS e FROM ${from} WHERE ${value} IS NOT NULL)`;
  const elementType = elementTypeOf(type);
  if (elementType !== undefined) {
    const elements = `(SELECT unnest(CAST(e AS ${elementType}[])) AS e FROM ${inner})`;
    return /^(STRUCT|MAP)\(/.test(elementType) ? fieldsOf(context, elements, 'e', elementType, `${prefix}[]`) : [];
  }
  if (type.startsWith('MAP(')) return keysOf(context, inner, prefix);
  if (!type.startsWith('STRUCT(')) return [];
  const members = (await membersOf(context, inner, 'e', prefix)).slice(0, MOST_FIELDS);
  const nulls = await nullsOf(
    context,
    members.map((member) => member.value),
    inner,
  );
  const fields: Field[] = [];
  for (const [i, member] of members.entries()) {
    fields.push({ name: member.name, type: typeName(member.type), nulls: nulls[i] ?? 0 });
    // Those of structs are among the members.
    if (!member.type.startsWith('STRUCT(') || elementTypeOf(member.type) !== undefined)
      fields.push(...(await fieldsOf(context, inner, member.value, member.type, member.name)));
  }
  return fields;
}

/** The fields of a struct, each followed by its own. */
async function membersOf(context: ColumnContext, from: string, value: string, prefix: string): Promise<Member[]> {
  const members: Member[] = [];
  for (const { name, type } of await context.database.describe(`SELECT unnest(${value}) FROM ${from}`)) {
    const member = { name: within(prefix, name), type, value: `${value}.${identifier(name)}` };
    members.push(member);
    if (type.startsWith('STRUCT(') && elementTypeOf(type) === undefined)
      members.push(...(await membersOf(context, from, member.value, member.name)));
  }
  return members;
}

/** The most frequent keys of maps, as fields. */
async function keysOf({ database }: ColumnContext, from: string, prefix: string): Promise<Field[]> {
  const [described] = await database.describe(`SELECT map_values(e) AS v FROM ${from}`);
  const type = typeName(elementTypeOf(described?.type ?? '') ?? '');
  const rows = await database.rows(
    `SELECT CAST(k AS VARCHAR) AS name, (SELECT count(*) FROM ${from}) - count(v) AS nulls ` +
      `FROM (SELECT unnest(map_keys(e)) AS k, unnest(map_values(e)) AS v FROM ${from}) ` +
      `GROUP BY k ORDER BY count(*) DESC, k LIMIT ${MOST_KEYS}`,
  );
  return rows.map(({ name, nulls }) => ({ name: within(prefix, String(name)), type, nulls: Number(nulls) }));
}

/** How often each value is missing. */
async function nullsOf({ database }: ColumnContext, values: readonly string[], from: string): Promise<number[]> {
  const counts = values.map((value, i) => `count(*) - count(${value}) AS n${i}`);
  if (counts.length === 0) return [];
  const row = await database.row(`SELECT ${counts.join(', ')} FROM ${from}`);
  return values.map((_, i) => Number(row[`n${i}`]));
}

/** Objects with any number of keys are described as maps are: to gather all of their types could take any memory. */
async function jsonValues(context: ColumnContext, { type }: StageColumn, from: string): Promise<Field[]> {
  if (type === 'array') return jsonElements(context, from, await jsonStructure(context, 'e', from), '');
  const { keys } = await context.database.row(
    `SELECT approx_count_distinct(k) AS keys FROM (SELECT unnest(json_keys(e)) AS k FROM ${from})`,
  );
  if (Number(keys) <= MOST_FIELDS) return jsonFields(context, from, await jsonStructure(context, 'e', from), '');
  return keysOf(context, `(SELECT CAST(e AS MAP(VARCHAR, JSON)) AS e FROM ${from})`, '');
}

async function jsonElements(
  context: ColumnContext,
  from: string,
  structure: JsonStructure,
  prefix: string,
): Promise<Field[]> {
  if (!isArray(structure)) return [];
  const elements = `(SELECT unnest(json_extract(e, '$[*]')) AS e FROM ${from} WHERE json_type(e) = 'ARRAY')`;
  const [of] = structure;
  return isArray(of)
    ? jsonElements(context, elements, of, `${prefix}[]`)
    : jsonFields(context, elements, of, `${prefix}[]`);
}

async function jsonFields(
  context: ColumnContext,
  from: string,
  structure: JsonStructure,
  prefix: string,
): Promise<Field[]> {
  const members = [...jsonMembers(structure, '', prefix)].slice(0, MOST_FIELDS);
  if (members.length === 0) return [];
  const objects = `(SELECT e FROM ${from} WHERE json_type(e) = 'OBJECT')`;
  const pointers = `[${members.map(({ pointer }) => text(pointer)).join(', ')}]`;
  const values = `(SELECT json_extract_string(e, ${pointers}) AS found FROM ${objects})`;
  const nulls = await nullsOf(
    context,
    members.map((_, i) => `found[${literal(i + 1)}]`),
    values,
  );
  const fields: Field[] = [];
  for (const [i, { name, pointer, of }] of members.entries()) {
    fields.push({ name, type: jsonName(of), nulls: nulls[i] ?? 0 });
    const lists = `(SELECT json_extract(e, ${text(pointer)}) AS e FROM ${objects})`;
    fields.push(...(await jsonElements(context, lists, of, name)));
  }
  return fields;
}

/** The fields of a JSON object, each followed by its own, and where they lie. */
function* jsonMembers(
  structure: JsonStructure,
  pointer: string,
  prefix: string,
): Generator<{ name: string; pointer: string; of: JsonStructure }> {
  if (typeof structure === 'string' || isArray(structure)) return;
  for (const [key, of] of Object.entries(structure)) {
    const name = within(prefix, key);
    const there = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    yield { name, pointer: there, of };
    yield* jsonMembers(of, there, name);
  }
}

/** A name that holds what separates names is quoted. */
function within(prefix: string, name: string): string {
  const written = name === '' || /[.[\]"]/.test(name) ? identifier(name) : name;
  return prefix === '' ? written : `${prefix}.${written}`;
}
