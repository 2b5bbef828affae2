/** Cells as text for the clipboard. */
import type { ColumnType, GridColumn } from '../../../src/protocol';

export type CopyFormat = 'plain' | 'csv' | 'json' | 'markdown';
export type CopiedRow = readonly (string | null)[];

export function copied(format: CopyFormat, columns: readonly GridColumn[], rows: readonly CopiedRow[]): string {
  switch (format) {
    case 'plain':
      return plain(rows);
    case 'csv':
      return [columns.map(({ name }) => name), ...rows].map((row) => row.map(csvField).join(',')).join('\n') + '\n';
    case 'json':
      return json(columns, rows);
    case 'markdown':
      return markdown(columns, rows);
  }
}

/** As spreadsheets take it: tabs between cells; one cell is its text. */
function plain(rows: readonly CopiedRow[]): string {
  const [only = []] = rows;
  if (rows.length === 1 && only.length === 1) return only[0] ?? '';
  const field = (value: string | null): string =>
    /[\t\n\r"]/.test(value ?? '') ? `"${(value ?? '').replaceAll('"', '""')}"` : (value ?? '');
  return rows.map((row) => row.map(field).join('\t')).join('\n');
}

/** An empty text is quoted, so that it is not taken for a missing value. */
function csvField(value: string | null): string {
  if (value === null) return '';
  return value === '' || /[",\n\r]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function json(columns: readonly GridColumn[], rows: readonly CopiedRow[]): string {
  const objects = rows.map((row) => {
    const fields = columns.map(
      ({ name, type }, index) => `${JSON.stringify(name)}: ${jsonValue(row[index] ?? null, type)}`,
    );
    return `  { ${fields.join(', ')} }`;
  });
  return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
}

/** Numbers keep all their digits; what is no JSON, such as NaN, is a text. */
function jsonValue(value: string | null, type: ColumnType): string {
  if (value === null) return 'null';
  const isBare = type === 'integer' || type === 'number' || type === 'boolean';
  if (isBare && /^(-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?|true|false)$/.test(value)) return value;
  if ((type === 'object' || type === 'array') && isJson(value)) return value;
  return JSON.stringify(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function markdown(columns: readonly GridColumn[], rows: readonly CopiedRow[]): string {
  const cell = (text: string): string => text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\r\n|\r|\n/g, '<br>');
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rules = columns.map(({ type }) => (type === 'integer' || type === 'number' ? '--:' : '---'));
  return [
    line(columns.map(({ name }) => cell(name))),
    line(rules),
    ...rows.map((row) => line(row.map((value) => (value === null ? '' : cell(value))))),
    '',
  ].join('\n');
}
