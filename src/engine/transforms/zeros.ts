/** 0 and -0 are equal wherever rows are ordered or grouped, and yet not the same: which of them is left would be open. */
import { identifier, text } from '../duckdb';

/** SQL of a value with 0 for every -0 in it, also inside lists and objects. */
export function withoutNegativeZeros(value: string, type: string): string {
  const made = even(value, type, 0);
  if (made === undefined) return value;
  return type === 'DOUBLE' || type === 'FLOAT' ? made : `CAST(${made} AS ${type})`;
}

/** Undefined for types that hold no such numbers. */
function even(value: string, type: string, depth: number): string | undefined {
  if (type === 'DOUBLE' || type === 'FLOAT') return `${value} + 0`;
  const [, element] = /^(.*)\[\d*\]$/s.exec(type) ?? [];
  if (element !== undefined) return list(value, depth, (item) => even(item, element, depth + 1));
  const [, kind, inside = ''] = /^(STRUCT|MAP)\((.*)\)$/s.exec(type) ?? [];
  const parts = partsOf(inside);
  if (kind === 'STRUCT') return object(value, parts.map(fieldOf), depth);
  if (kind === 'MAP') {
    const [key = '', held = ''] = parts;
    const fields = [
      { name: 'key', type: key },
      { name: 'value', type: held },
    ];
    const made = list(`map_entries(${value})`, depth, (entry) => object(entry, fields, depth + 1));
    return made && `map_from_entries(${made})`;
  }
  return undefined;
}

function list(value: string, depth: number, change: (item: string) => string | undefined): string | undefined {
  const item = `item_${depth}`;
  const made = change(item);
  return made && `list_transform(${value}, lambda ${item}: ${made})`;
}

interface Field {
  readonly name: string;
  readonly type: string;
}

function object(value: string, fields: readonly Field[], depth: number): string | undefined {
  const changes = fields.map(({ name, type }) => {
    const field = `struct_extract(${value}, ${text(name)})`;
    return { name, field, made: even(field, type, depth) };
  });
  if (changes.every(({ made }) => made === undefined)) return undefined;
  const packed = changes.map(({ name, field, made }) => `${identifier(name)} := ${made ?? field}`);
  return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${packed.join(', ')}) END`;
}

/** What stands between the commas of a type, but for those inside brackets and quotes. */
function partsOf(inside: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of inside.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[^]/g)) {
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (token === ',' && depth === 0) parts.push('');
    else parts.push((parts.pop() ?? '') + token);
  }
  return parts.map((part) => part.trim());
}

function fieldOf(part: string): Field {
  const [, quoted, bare = '', type = ''] = /^(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(part) ?? [];
  return { name: quoted?.replaceAll('""', '"') ?? bare, type };
}
