/** JSON Schema, draft 2020-12: of one row as an object. */
import {
  scalarSchema,
  type ColumnSpec,
  type ColumnType,
  type SchemaColumn,
  type SchemaLoss,
  type TableShape,
  type TextFormat,
} from '../../../protocol';
import {
  carriedKeys,
  carriedLosses,
  carriedSpec,
  columnOf,
  isObject,
  isRequired,
  lost,
  present,
  specOf,
  textOf,
  type JsonObject,
  type Read,
  type Written,
} from './form';

const TOOL = 'JSON Schema';
const OWN = 'x-mldata';
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** How values of a type are told there; a time or date-time there has a zone, which those of a column may not have. */
const typesThere: Readonly<Record<ColumnType, { readonly type?: string; readonly format?: string }>> = {
  integer: { type: 'integer' },
  number: { type: 'number' },
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string' },
  time: { type: 'string' },
  duration: { type: 'string', format: 'duration' },
  object: { type: 'object' },
  array: { type: 'array' },
  geopoint: { type: 'string' },
  any: {},
  image: { type: 'string' },
  audio: { type: 'string' },
};
/** Of these the type there tells the type here. */
const plain: readonly ColumnType[] = [
  'integer',
  'number',
  'string',
  'boolean',
  'date',
  'duration',
  'object',
  'array',
  'any',
];

export function toJsonSchema(shape: TableShape, title: string): Written<JsonObject> {
  const losses: SchemaLoss[] = [];
  const properties = shape.columns.map((column): [string, JsonObject] => {
    const isKey = shape.primaryKey.includes(column.name);
    const { property, carried } = propertyOf(column, isRequired(column, shape), isKey);
    // That a value is needed is told there; only what says it here is carried.
    const { required: _required, ...unheeded } = carried;
    losses.push(...carriedLosses(column.name, unheeded, TOOL));
    return [column.name, Object.keys(carried).length > 0 ? { ...property, [OWN]: carried } : property];
  });
  const { primaryKey, foreignKeys } = shape;
  const keys = { ...(primaryKey.length > 0 && { primaryKey: [...primaryKey] }), ...(foreignKeys && { foreignKeys }) };
  losses.push(...carriedLosses(undefined, keys, TOOL));
  const required = shape.columns.filter((column) => isRequired(column, shape)).map(({ name }) => name);
  return {
    content: {
      $schema: DIALECT,
      title,
      type: 'object',
      // Own properties, whatever the columns are called.
      properties: Object.fromEntries(properties),
      ...(required.length > 0 && { required }),
      ...(Object.keys(keys).length > 0 && { [OWN]: keys }),
    },
    losses,
  };
}

function propertyOf(
  column: SchemaColumn,
  required: boolean,
  isKey: boolean,
): { readonly property: JsonObject; readonly carried: ColumnSpec } {
  const { type: declared = column.type, title, description, enum: values, pattern, format, ...spec } = specOf(column);
  const { minLength, maxLength, required: said, minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...rest } = spec;
  const there = typesThere[declared];
  const bounds = { minimum, maximum, exclusiveMinimum, exclusiveMaximum };
  const isNumber = declared === 'integer' || declared === 'number';
  const fits = (value: unknown) => isNumber && typeof value === 'number';
  const chosen = (which: boolean) =>
    Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined && fits(value) === which));
  const translated = pattern === undefined ? undefined : patternThere(pattern);
  // A text of that format would come back as a date.
  const isDateText = format === 'date';
  const property = present({
    ...(there.type !== undefined && { type: required ? there.type : [there.type, 'null'] }),
    format: there.format ?? (isDateText ? undefined : format),
    title,
    description,
    enum: values && (required || there.type === undefined ? [...values] : [...values, null]),
    minLength,
    maxLength,
    pattern: translated,
    ...chosen(true),
  });
  const carried = present({
    ...(!plain.includes(declared) && { type: declared }),
    ...rest,
    // Of a key it is asked anyway.
    ...((said === false || isKey) && { required: said }),
    ...(isDateText && { format }),
    ...(pattern !== undefined && translated === undefined && { pattern }),
    ...chosen(false),
  }) as ColumnSpec;
  return { property, carried };
}

/** A pattern here matches the whole text. Undefined for what is none there. */
function patternThere(pattern: string): string | undefined {
  const whole = `^(?:${pattern})$`;
  return isPattern(whole) ? whole : undefined;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

function patternHere(pattern: string): string {
  const ours = /^\^\(\?:(.*)\)\$$/s.exec(pattern)?.[1];
  // Of `^(?:a)|(b)$` the brackets belong to two.
  if (ours !== undefined && isPattern(ours)) return ours;
  const starts = pattern.startsWith('^');
  const ends = /(?:^|[^\\])(?:\\\\)*\$$/.test(pattern);
  const inner = pattern.slice(starts ? 1 : 0, ends ? -1 : undefined);
  if (starts && ends && !inner.includes('|')) return inner;
  // Of alternatives each would have the mark at its end only.
  return inner.includes('|') && (starts || ends)
    ? `(?s:.*)(?:${pattern})(?s:.*)`
    : `${starts ? '' : '(?s:.*)'}(?:${inner})${ends ? '' : '(?s:.*)'}`;
}

/** Undefined for what describes no object. */
export function fromJsonSchema(document: unknown): Read | undefined {
  if (!isObject(document)) return undefined;
  const losses: SchemaLoss[] = [];
  const row = rowOf(document, document);
  const properties = row && isObject(row['properties']) ? row['properties'] : undefined;
  if (row === undefined || properties === undefined) return undefined;
  for (const key of ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'patternProperties', 'dependentRequired'])
    if (row[key] !== undefined) losses.push(lost(undefined, key, `\`${key}\` of the whole row has no place here.`));
  const required = new Set(Array.isArray(row['required']) ? row['required'] : []);
  const { primaryKey = [], foreignKeys } = carriedKeys(row[OWN]);
  const columns = Object.entries(properties).map(([name, property]) =>
    readProperty(name, resolved(property, document), { document, losses, required: required.has(name), primaryKey }),
  );
  return { shape: { columns, primaryKey, ...(foreignKeys && { foreignKeys }) }, losses };
}

/** A list of rows is told by its items. */
function rowOf(schema: unknown, document: JsonObject, depth = 0): JsonObject | undefined {
  const found = resolved(schema, document);
  if (isObject(found['properties']) || depth > MAX_DEPTH) return found;
  return found['items'] === undefined ? undefined : rowOf(found['items'], document, depth + 1);
}

const MAX_DEPTH = 16;

/** What a reference within the document points to, with what stands beside it. */
function resolved(schema: unknown, document: JsonObject, depth = 0): JsonObject {
  if (!isObject(schema)) return {};
  const { $ref: reference, ...beside } = schema;
  if (typeof reference !== 'string' || !reference.startsWith('#') || depth > MAX_DEPTH) return schema;
  const steps = reference.split('/').slice(1);
  const target = steps.reduce<unknown>((here, step) => {
    const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    return isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  }, document);
  return isObject(target) ? { ...resolved(target, document, depth + 1), ...beside } : schema;
}

/** As it is written where it is encoded wrongly: then nothing is called so. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

interface Reading {
  readonly document: JsonObject;
  readonly losses: SchemaLoss[];
  readonly required: boolean;
  readonly primaryKey: readonly string[];
}

const formatsHere: Readonly<Record<string, { readonly type: ColumnType; readonly format?: TextFormat }>> = {
  date: { type: 'date' },
  'date-time': { type: 'datetime' },
  time: { type: 'time' },
  duration: { type: 'duration' },
  email: { type: 'string', format: 'email' },
  uri: { type: 'string', format: 'uri' },
  uuid: { type: 'string', format: 'uuid' },
  ipv4: { type: 'string', format: 'ipv4' },
  ipv6: { type: 'string', format: 'ipv6' },
};
const namedTypes: readonly string[] = ['integer', 'number', 'string', 'boolean', 'object', 'array'];
const understood: readonly string[] = [
  ...['type', 'format', 'title', 'description', 'enum', 'const', 'pattern', 'minLength', 'maxLength', 'anyOf', 'oneOf'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', OWN, '$comment', '$ref'],
];

function readProperty(name: string, written: JsonObject, reading: Reading): SchemaColumn {
  const { losses, required, primaryKey } = reading;
  const lose = (key: string, message: string) => losses.push(lost(name, key, message));
  const { property, nullable } = withoutNull(written, reading.document);
  for (const key of Object.keys(property))
    if (!understood.includes(key)) lose(key, `\`${key}\` of ${name} has no place here.`);
  for (const key of ['anyOf', 'oneOf'])
    if (property[key] !== undefined) lose(key, `That ${name} is one of several kinds has no place here.`);
  if (property['$ref'] !== undefined)
    lose('$ref', `The reference ${JSON.stringify(property['$ref'])} of ${name} leads nowhere in this file.`);
  const own = carriedSpec(property[OWN]);
  const types = [property['type']].flat().filter((type) => type !== 'null');
  const [only] = types;
  if (types.length > 1) lose('type', `${name} may be ${types.map(String).join(' or ')}; here it is any of them.`);
  const format = textOf(property['format']);
  const known = format === undefined ? undefined : formatsHere[format];
  if (format !== undefined && known === undefined) lose('format', `The format ${format} of ${name} has no place here.`);
  const named = types.length === 1 && namedTypes.includes(String(only)) ? (only as ColumnType) : undefined;
  const type = own.type ?? (named === 'string' && known ? known.type : named) ?? typeOfValues(property) ?? 'any';
  const values = valuesOf(property);
  const isText = type === 'string';
  const pattern = textOf(property['pattern']);
  const isNeeded = required && !nullable && !primaryKey.includes(name);
  const spec: ColumnSpec = {
    type,
    ...present({ title: textOf(property['title']), description: textOf(property['description']) }),
    ...(isText && known?.format !== undefined && { format: known.format }),
    ...(values && { enum: values }),
    ...(isText && pattern !== undefined && { pattern: patternHere(pattern) }),
    ...numbersOf(property, isText ? ['minLength', 'maxLength'] : []),
    ...numbersOf(property, ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']),
    ...(isNeeded && { required: true }),
    ...own,
  };
  return columnOf(name, type, spec);
}

/** Of kinds of which one is null the other: so some tools write what may be missing. */
function withoutNull(
  written: JsonObject,
  document: JsonObject,
  depth = 0,
): { readonly property: JsonObject; readonly nullable: boolean } {
  const isNull = (schema: JsonObject) => schema['type'] === 'null';
  for (const key of ['anyOf', 'oneOf']) {
    const kinds = Array.isArray(written[key]) ? written[key].map((kind: unknown) => resolved(kind, document)) : [];
    const others = kinds.filter((kind) => !isNull(kind));
    const [only] = others;
    if (only === undefined || others.length > 1 || depth > MAX_DEPTH) continue;
    const { [key]: _kinds, ...beside } = written;
    const inner = withoutNull(only, document, depth + 1);
    return { property: { ...inner.property, ...beside }, nullable: inner.nullable || kinds.length > others.length };
  }
  const isListed = Array.isArray(written['enum']) && written['enum'].includes(null);
  return { property: written, nullable: [written['type']].flat().includes('null') || isListed };
}

function valuesOf(property: JsonObject): ColumnSpec['enum'] {
  const listed = Array.isArray(property['enum']) ? property['enum'] : 'const' in property ? [property['const']] : [];
  const values = listed.flatMap((value: unknown) => scalarSchema.safeParse(value).data ?? []);
  return values.length > 0 ? values : undefined;
}

/** Where only values are listed. */
function typeOfValues(property: JsonObject): ColumnType | undefined {
  if (property['type'] !== undefined || property[OWN] !== undefined) return undefined;
  const values = valuesOf(property) ?? [];
  if (values.length === 0) return undefined;
  if (values.every((value) => typeof value === 'string')) return 'string';
  if (values.every((value) => typeof value === 'boolean')) return 'boolean';
  if (!values.every((value) => typeof value === 'number')) return undefined;
  return values.every((value) => Number.isInteger(value)) ? 'integer' : 'number';
}

function numbersOf(property: JsonObject, keys: readonly (keyof ColumnSpec)[]): ColumnSpec {
  return Object.fromEntries(
    keys.flatMap((key) => (typeof property[key] === 'number' ? [[key, property[key]] as const] : [])),
  );
}
