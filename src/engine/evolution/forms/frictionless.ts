/**
 * Table Schema of Frictionless (specs.frictionlessdata.io/table-schema, version 1), which the columns of a config follow.
 * Of its second version `categories`, `uniqueKeys` and exclusive bounds are read.
 */
import {
  columnTypes,
  scalarSchema,
  textFormats,
  type ColumnSpec,
  type ColumnType,
  type ForeignKey,
  type SchemaColumn,
  type SchemaLoss,
  type TableShape,
} from '../../../protocol';
import {
  carriedLosses,
  carriedSpec,
  columnOf,
  isObject,
  lost,
  present,
  specOf,
  textOf,
  withoutTwins,
  type JsonObject,
  type Read,
  type Written,
} from './form';

const TOOL = 'Frictionless';
const OWN = 'mldata';

/** Types of ours that are other ones there. */
const typesThere: Partial<Record<ColumnType, string>> = { image: 'string', audio: 'string' };
const formatsThere: readonly string[] = ['email', 'uri', 'uuid'];
/** Bounds apply to these types there. */
const ordered: readonly ColumnType[] = ['integer', 'number', 'date', 'time', 'datetime'];

export function toFrictionless(shape: TableShape): Written<JsonObject> {
  const losses: SchemaLoss[] = [];
  const fields = shape.columns.map((column) => {
    const { field, carried } = fieldOf(column);
    losses.push(...carriedLosses(column.name, carried, TOOL));
    return Object.keys(carried).length > 0 ? { ...field, [OWN]: carried } : field;
  });
  const { primaryKey, foreignKeys } = shape;
  return {
    content: {
      fields,
      ...(primaryKey.length > 0 && { primaryKey: [...primaryKey] }),
      ...(foreignKeys && {
        foreignKeys: foreignKeys.map(({ fields: here, reference: { resource = '', fields: there } }) => ({
          fields: here,
          reference: { resource, fields: there },
        })),
      }),
    },
    losses,
  };
}

function fieldOf(column: SchemaColumn): { readonly field: JsonObject; readonly carried: ColumnSpec } {
  const { name, type } = column;
  const { title, description, role, format, required, unique, enum: values, ...bounds } = specOf(column);
  const { type: _type, minimum, maximum, minLength, maxLength, pattern, ...exclusive } = bounds;
  const there = typesThere[type] ?? type;
  const hasOrder = ordered.includes(type);
  const hasFormat = format !== undefined && formatsThere.includes(format);
  const constraints = present({
    required,
    unique,
    minLength,
    maxLength,
    pattern,
    ...(hasOrder && { minimum, maximum }),
    ...(there !== 'any' && { enum: values }),
  });
  const carried = present({
    ...(there !== type && { type }),
    role,
    ...(!hasFormat && { format }),
    ...(!hasOrder && { minimum, maximum }),
    ...(there === 'any' && { enum: values }),
    ...exclusive,
  }) as ColumnSpec;
  return {
    field: {
      name,
      type: there,
      ...present({ title, description }),
      ...(hasFormat && { format }),
      ...(Object.keys(constraints).length > 0 && { constraints }),
    },
    carried,
  };
}

/** Undefined for what has no fields. */
export function fromFrictionless(schema: unknown): Read | undefined {
  if (!isObject(schema) || !Array.isArray(schema['fields'])) return undefined;
  const losses: SchemaLoss[] = [];
  const columns = schema['fields'].flatMap((field: unknown, index) => {
    if (!isObject(field)) return [];
    const name = textOf(field['name']) ?? `field${index + 1}`;
    return [readField(name, field, losses)];
  });
  losses.push(...withoutTwins(columns));
  const names = listOf(schema['primaryKey']);
  const foreignKeys = foreignKeysOf(schema['foreignKeys'], losses);
  const unique = uniqueColumns(schema['uniqueKeys'], losses);
  if (isUnusual(schema['missingValues']))
    losses.push(
      lost(
        undefined,
        'missingValues',
        'Which texts mean a missing value is said of files here: write them under `source.options.nullValues`.',
      ),
    );
  return {
    shape: {
      columns: columns.map((column) => (unique.has(column.name) ? { ...column, unique: true } : column)),
      primaryKey: names,
      ...(foreignKeys.length > 0 && { foreignKeys }),
    },
    losses,
  };
}

function isUnusual(values: unknown): boolean {
  return Array.isArray(values) && values.some((value) => value !== '');
}

/** One name may stand without a list. */
function listOf(value: unknown): string[] {
  return [value].flat().filter((name): name is string => typeof name === 'string');
}

function uniqueColumns(keys: unknown, losses: SchemaLoss[]): ReadonlySet<string> {
  const unique = new Set<string>();
  for (const key of Array.isArray(keys) ? keys : []) {
    const names = listOf(key);
    const [only] = names;
    if (only !== undefined && names.length === 1) unique.add(only);
    else
      losses.push(
        lost(undefined, 'uniqueKeys', `That ${names.join(', ')} are unique together cannot be declared here.`),
      );
  }
  return unique;
}

function foreignKeysOf(keys: unknown, losses: SchemaLoss[]): ForeignKey[] {
  return (Array.isArray(keys) ? keys : []).flatMap((key: unknown): ForeignKey[] => {
    const reference = isObject(key) && isObject(key['reference']) ? key['reference'] : undefined;
    const [fields, there] = [listOf(isObject(key) ? key['fields'] : undefined), listOf(reference?.['fields'])];
    if (fields.length === 0 || there.length !== fields.length) {
      losses.push(
        lost(undefined, 'foreignKeys', 'A foreign key names no columns, or other numbers of them on its sides.'),
      );
      return [];
    }
    const resource = textOf(reference?.['resource']);
    return [{ fields, reference: { ...(resource && { resource }), fields: there } }];
  });
}

/** Types there that are others here, and what is lost with them. */
const typesHere: Readonly<Record<string, { readonly type: ColumnType; readonly pattern?: string }>> = {
  year: { type: 'integer' },
  yearmonth: { type: 'string', pattern: '[0-9]{4}-[0-9]{2}' },
  geojson: { type: 'object' },
  list: { type: 'string' },
};

/** Keys of a field that say how texts are read, and what they say where nothing is changed. */
const readings: Readonly<Record<string, unknown>> = {
  decimalChar: '.',
  groupChar: undefined,
  bareNumber: true,
  trueValues: undefined,
  falseValues: undefined,
  rdfType: undefined,
  delimiter: undefined,
  itemType: undefined,
};

function readField(name: string, field: JsonObject, losses: SchemaLoss[]): SchemaColumn {
  const lose = (key: string, message: string) => losses.push(lost(name, key, message));
  // Without a type it is text.
  const written = textOf(field['type']) ?? 'string';
  const known = columnTypes.find((type) => type === written);
  const near = typesHere[written];
  if (known === undefined) lose('type', `The type ${written} of ${name} is ${near?.type ?? 'any'} here.`);
  const type = known ?? near?.type ?? 'any';
  for (const [key, usual] of Object.entries(readings))
    if (field[key] !== undefined && field[key] !== usual)
      lose(key, `\`${key}\` of ${name} says how its texts are read, which has no place here.`);
  const format = textOf(field['format']);
  const knownFormat = textFormats.find((one) => one === format && type === 'string');
  const isAnyTime = format === 'any' && (type === 'datetime' || type === 'time' || type === 'date');
  if (format !== undefined && format !== 'default' && !isAnyTime && knownFormat === undefined)
    lose('format', `The format ${format} of ${name} has no place here.`);
  const [title, description] = [textOf(field['title']), textOf(field['description'])];
  const spec: ColumnSpec = {
    type,
    ...present({ title, description, format: knownFormat }),
    ...(near?.pattern !== undefined && { pattern: near.pattern }),
    ...constraintsOf(name, type, field, losses),
    ...carriedSpec(field[OWN]),
  };
  return columnOf(name, type, spec);
}

function constraintsOf(name: string, type: ColumnType, field: JsonObject, losses: SchemaLoss[]): ColumnSpec {
  const constraints = isObject(field['constraints']) ? field['constraints'] : {};
  const spec: Record<string, unknown> = {};
  const isText = type === 'string';
  for (const [key, value] of Object.entries(constraints)) {
    const read = constraintOf(key, value, type, isText);
    if (read === undefined) losses.push(lost(name, key, `The constraint \`${key}\` of ${name} has no place here.`));
    else spec[key] = read;
  }
  const categories = Array.isArray(field['categories']) ? field['categories'] : [];
  const values = categories.map((one: unknown) => (isObject(one) ? one['value'] : one));
  const scalars = values.flatMap((value) => scalarSchema.safeParse(value).data ?? []);
  if (spec['enum'] === undefined && scalars.length > 0) spec['enum'] = scalars;
  return carriedSpec(spec);
}

/** Undefined for what cannot be declared here of such a column. */
function constraintOf(key: string, value: unknown, type: ColumnType, isText: boolean): unknown {
  switch (key) {
    case 'required':
    case 'unique':
      return typeof value === 'boolean' ? value : undefined;
    case 'enum': {
      const parsed = scalarSchema.array().min(1).safeParse(value);
      return parsed.success ? parsed.data.map((one) => asNumber(one, type)) : undefined;
    }
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return typeof value === 'number' || typeof value === 'string' ? asNumber(value, type) : undefined;
    case 'minLength':
    case 'maxLength':
      return isText && Number.isInteger(value) && Number(value) >= 0 ? value : undefined;
    case 'pattern':
      return isText && typeof value === 'string' ? value : undefined;
    default:
      return undefined;
  }
}

/** Numbers may be written as texts there. */
function asNumber(value: unknown, type: ColumnType): unknown {
  const isNumber = type === 'integer' || type === 'number';
  if (!isNumber || typeof value !== 'string' || value.trim() === '') return value;
  const number = Number(value);
  return Number.isFinite(number) && (type === 'number' || Number.isSafeInteger(number)) ? number : value;
}
