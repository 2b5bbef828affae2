/** The only place where names and values become SQL text. */

/** `we"ird` → `"we""ird"`. DuckDB has no zero-length identifiers; callers name columns before they get here. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal. DuckDB's standard strings know no escapes but the doubled quote. */
export function text(value: string): string {
  // chr(0) is spelled out: a NUL byte would end the statement.
  return value.includes('\0') ? `concat(${value.split('\0').map(quoted).join(', chr(0), ')})` : quoted(value);
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A literal of any scalar; numbers keep all their digits. */
export function literal(value: string | number | bigint | boolean | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`No SQL literal for ${value}`);
  return String(value);
}

/** `['a', 'b']` as a DuckDB list literal. */
export function textList(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`;
}

/** A struct literal, for reader options such as `columns`. */
export function struct(entries: Iterable<readonly [string, string]>): string {
  return `{${Array.from(entries, ([key, value]) => `${text(key)}: ${value}`).join(', ')}}`;
}

/** SQL of the value as a DOUBLE, NULL where it is NaN or infinite. */
export function finite(id: string): string {
  return `CASE WHEN isfinite(${id}::DOUBLE) THEN ${id}::DOUBLE END`;
}

/** A DOUBLE literal with all its digits. Throws for what is no number: a manifest may say anything. */
export function double(value: number): string {
  if (typeof value !== 'number') throw new TypeError('This is no number');
  return `'${value}'::DOUBLE`;
}
