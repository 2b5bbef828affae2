/** The engine's types as they are written, such as `STRUCT(a INTEGER, "b c" VARCHAR)[]`, taken apart. */

export type PhysicalType =
  | { readonly kind: 'scalar'; readonly name: string; readonly parameters: readonly number[] }
  | { readonly kind: 'enum' }
  | { readonly kind: 'list'; readonly element: PhysicalType; readonly size?: number }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] }
  | { readonly kind: 'map'; readonly key: PhysicalType; readonly value: PhysicalType };

export interface StructField {
  readonly name: string;
  readonly type: PhysicalType;
}

/** Types nest no deeper: what a manifest says may be anything. */
const MAX_DEPTH = 64;

/** Undefined for what is no type that is known here. */
export function parsePhysical(text: string, depth = 0): PhysicalType | undefined {
  const trimmed = text.trim();
  if (depth > MAX_DEPTH) return undefined;
  const list = /^(.*)\[(\d*)\]$/s.exec(trimmed);
  if (list) {
    const element = parsePhysical(list[1] ?? '', depth + 1);
    return element && { kind: 'list', element, ...(list[2] !== '' && { size: Number(list[2]) }) };
  }
  const inner = /^(STRUCT|MAP|ENUM)\((.*)\)$/s.exec(trimmed);
  if (inner?.[1] === 'ENUM') return { kind: 'enum' };
  if (inner?.[1] === 'STRUCT') return structOf(partsOf(inner[2] ?? ''), depth);
  if (inner?.[1] === 'MAP') {
    const [key, value, ...more] = partsOf(inner[2] ?? '').map((part) => parsePhysical(part, depth + 1));
    return key && value && more.length === 0 ? { kind: 'map', key, value } : undefined;
  }
  const [, name, parameters] = /^([A-Z][A-Z0-9_ ]*?)(?:\((\d+(?:,\s*\d+)*)\))?$/.exec(trimmed) ?? [];
  if (name === undefined) return undefined;
  return { kind: 'scalar', name, parameters: parameters === undefined ? [] : parameters.split(',').map(Number) };
}

function structOf(parts: readonly string[], depth: number): PhysicalType | undefined {
  const fields: StructField[] = [];
  for (const part of parts) {
    const [, quoted, plain, rest] = /^\s*(?:"((?:[^"]|"")*)"|([^\s"]+))\s+(.*)$/s.exec(part) ?? [];
    const type = parsePhysical(rest ?? '', depth + 1);
    if (type === undefined) return undefined;
    fields.push({ name: quoted?.replaceAll('""', '"') ?? plain ?? '', type });
  }
  return { kind: 'struct', fields };
}

/** What stands between the commas that lie in no brackets and no quotes. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
