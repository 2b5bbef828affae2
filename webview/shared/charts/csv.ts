/** A table as text. */
import type { TableView } from '../../../src/protocol';

/** As spreadsheets read it. */
export function csv({ columns, rows }: TableView): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (cells: readonly string[]): string => cells.map(cell).join(',');
  return [line(columns.map(({ title }) => title)), ...rows.map((row) => line(row.map(({ text }) => text)))].join('\n');
}
