/**
 * How a value is written in a format that has no form of its own for it, also inside lists, objects and maps. What is
 * lost by that is counted in `losses.ts`.
 */
import { identifier, text } from '../duckdb';
import { parsePhysical, type PhysicalType } from '../evolution';
import { isNested } from '../schema';
import type { ExportFormat } from '../../protocol';

/** SQL for a value of a scalar type in another form; undefined: it stays as it is. */
export type Form = (value: string, type: string) => string | undefined;

/** JSON has neither NaN nor infinity. */
export const finiteOnly: Form = (value, type) =>
  type === 'DOUBLE' || type === 'FLOAT' ? `CASE WHEN isfinite(${value}) THEN ${value} END` : undefined;

/** Text holds no bytes. */
export const asBase64: Form = (value, type) => (type === 'BLOB' ? `base64(${value})` : undefined);

/** Arrow files would hold its sixteen bytes, and nothing that says what they are. */
export const uuidAsText: Form = (value, type) => (type === 'UUID' ? `CAST(${value} AS VARCHAR)` : undefined);

const jsonForm = oneOf(finiteOnly, asBase64);

/** SQL for a value as the format takes it. @param id the column's name in SQL */
export function formOf(
  { id, physicalType }: { readonly id: string; readonly physicalType: string },
  format: ExportFormat,
): string {
  switch (format) {
    case 'parquet':
      return id;
    case 'arrow':
      return inForm(id, physicalType, uuidAsText) ?? id;
    case 'json':
    case 'jsonl':
      return inForm(id, physicalType, jsonForm) ?? id;
    case 'csv':
      // CSV has no nested values; they are written as JSON.
      if (isNested(physicalType)) return `CAST(to_json(${inForm(id, physicalType, jsonForm) ?? id}) AS VARCHAR)`;
      return inForm(id, physicalType, asBase64) ?? id;
  }
}

/** SQL for a value with all scalars in it in this form; undefined where that changes none, or the type is not known. */
export function inForm(value: string, physicalType: string, form: Form): string | undefined {
  const type = parsePhysical(physicalType);
  return type && within(value, type, form, 0);
}

function oneOf(...forms: readonly Form[]): Form {
  return (value, type) => {
    for (const form of forms) {
      const formed = form(value, type);
      if (formed !== undefined) return formed;
    }
    return undefined;
  };
}

function within(value: string, type: PhysicalType, form: Form, depth: number): string | undefined {
  const element = `x${depth}`;
  switch (type.kind) {
    case 'scalar':
      return form(value, type.parameters.length > 0 ? `${type.name}(${type.parameters.join(',')})` : type.name);
    case 'enum':
      return undefined;
    case 'list': {
      const formed = within(element, type.element, form, depth + 1);
      return formed === undefined ? undefined : `list_transform(${value}, lambda ${element}: ${formed})`;
    }
    case 'struct': {
      const fields = type.fields.map(({ name, type: inner }) => {
        const field = `struct_extract(${value}, ${text(name)})`;
        return { name, field, formed: within(field, inner, form, depth) };
      });
      if (fields.every(({ formed }) => formed === undefined)) return undefined;
      const packed = fields.map(({ name, field, formed }) => `${identifier(name)} := ${formed ?? field}`);
      return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${packed.join(', ')}) END`;
    }
    case 'map': {
      const formed = within(`${element}.value`, type.value, form, depth + 1);
      const entry = `struct_pack(key := ${element}.key, value := ${formed ?? ''})`;
      return formed === undefined
        ? undefined
        : `map_from_entries(list_transform(map_entries(${value}), lambda ${element}: ${entry}))`;
    }
  }
}
