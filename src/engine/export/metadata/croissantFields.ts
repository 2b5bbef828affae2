/** The columns as fields of Croissant: how each value comes out of its file, and as what. */
import { freeName, parsePhysical, type PhysicalType } from '../../evolution';
import type { SchemaColumn } from '../../../protocol';
import type { Field, Source } from './croissantDocument';

export interface Fields {
  readonly fields: Field[];
  /** Ids by the names of the columns. */
  readonly ids: ReadonlyMap<string, string>;
  readonly leftOut: readonly string[];
}

interface Place {
  /** Of the record set. */
  readonly id: string;
  readonly from: Source;
  readonly format: string;
  /** Ids that there are. */
  readonly taken: Set<string>;
}

export function croissantFields(columns: readonly SchemaColumn[], place: Place): Fields {
  const ids = new Map<string, string>();
  const leftOut: string[] = [];
  const fields = columns.flatMap((column): Field[] => {
    const { name, title, description } = column;
    const id = slugOf(place.id, name, place.taken);
    const source: Source = { ...place.from, extract: { column: name } };
    const form = formOf(typeOf(column, place.format), { id, source, path: '$' }, place);
    if (form === undefined) {
      leftOut.push(name);
      return [];
    }
    ids.set(name, id);
    const words = description ?? title;
    return [{ '@type': 'cr:Field', '@id': id, name, ...(words !== undefined && { description: words }), ...form }];
  });
  return { fields, ids, leftOut };
}

/** An id below another that no other node has: names may hold what ids must not. */
export function slugOf(parent: string, name: string, taken: Set<string>): string {
  return freeName(`${parent}/${name.replace(/[^\p{L}\p{N}_-]+/gu, '_')}`, taken);
}

/** Text has no nested values: CSV holds them as JSON. */
function typeOf({ physicalType = 'VARCHAR' }: SchemaColumn, format: string): PhysicalType | undefined {
  const type = parsePhysical(physicalType);
  return format === 'csv' && type !== undefined && isNested(type)
    ? { kind: 'scalar', name: 'VARCHAR', parameters: [] }
    : type;
}

function isNested({ kind }: PhysicalType): boolean {
  return kind === 'list' || kind === 'struct' || kind === 'map';
}

interface Value {
  readonly id: string;
  readonly source: Source;
  /** Where it is in the value of its column. */
  readonly path: string;
}

/** Undefined for what Croissant has no words for. */
function formOf(
  type: PhysicalType | undefined,
  value: Value,
  place: Place,
): Pick<Field, 'dataType' | 'repeated' | 'source' | 'subField'> | undefined {
  if (type?.kind === 'struct') return structOf(type.fields, value, place);
  if (type?.kind === 'list') {
    const element = innermost(type);
    if (element.kind === 'struct' && element === type.element) {
      const isFlat = element.fields.every((field) => !isNested(field.type));
      const form = isFlat ? structOf(element.fields, value, place) : undefined;
      return form && { ...form, repeated: true };
    }
    return isNested(element) ? undefined : { ...plain(element, value, place), repeated: true };
  }
  return type === undefined || isNested(type) ? undefined : plain(type, value, place);
}

function innermost(type: PhysicalType): PhysicalType {
  return type.kind === 'list' ? innermost(type.element) : type;
}

function plain(type: PhysicalType, { source, path }: Value, { format }: Place): Pick<Field, 'dataType' | 'source'> {
  return {
    dataType: dataTypeOf(type, format),
    source: path === '$' ? source : { ...source, transform: { jsonPath: path } },
  };
}

/** Every part has a name that its paths can say, or the whole is left out. */
function structOf(
  parts: Extract<PhysicalType, { kind: 'struct' }>['fields'],
  { id, source, path }: Value,
  place: Place,
): Pick<Field, 'subField'> | undefined {
  const subField = parts.flatMap(({ name, type }): Field[] => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return [];
    const part = slugOf(id, name, place.taken);
    const form = formOf(type, { id: part, source, path: `${path}.${name}` }, place);
    return form ? [{ '@type': 'cr:Field', '@id': part, name, ...form }] : [];
  });
  return subField.length === parts.length && parts.length > 0 ? { subField } : undefined;
}

function dataTypeOf(type: PhysicalType, format: string): string {
  if (type.kind !== 'scalar') return 'sc:Text';
  const isText = format !== 'parquet';
  const { name, parameters } = type;
  if (/^(U?(TINY|SMALL|BIG)INT|U?INTEGER)$/.test(name)) return 'sc:Integer';
  if (name === 'DECIMAL' && parameters[1] === 0) return 'sc:Integer';
  if (/^(FLOAT|DOUBLE|DECIMAL)$/.test(name)) return 'sc:Float';
  if (name === 'BOOLEAN') return 'sc:Boolean';
  if (name === 'DATE') return 'sc:Date';
  if (name.startsWith('TIMESTAMP')) return 'sc:DateTime';
  // Of text its reader takes none with parts of a second.
  if (name === 'TIME' && !isText) return 'sc:Time';
  return 'sc:Text';
}
