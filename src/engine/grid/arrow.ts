/** A page as an Arrow stream. */
import type { Vector } from 'apache-arrow';
import type { Row } from '../duckdb';
import { cutOff } from './cells';

/**
 * @param rows `row`, and `v0`, `v1`, … for the columns
 * @returns the stream as base64, and which texts go on
 */
export async function pageOf(
  rows: readonly Row[],
  columns: number,
  characters: number,
): Promise<{ arrow: string; cut: [number, number][] }> {
  // Loaded with the first page: nobody else in this process needs it.
  const { Float64, Table, tableToIPC, Utf8, vectorFromArray } = await import('apache-arrow');
  const cut: [number, number][] = [];
  const positions = rows.map((row) => Number(row['row']));
  const vectors: Record<string, Vector> = { row: vectorFromArray(positions, new Float64()) };
  for (let column = 0; column < columns; column++) {
    const texts = rows.map((row, index) => {
      const value = row[`v${column}`];
      if (value === null || value === undefined) return null;
      const shown = cutOff(String(value), characters);
      if (shown.cut) cut.push([index, column]);
      return shown.text;
    });
    vectors[`c${column}`] = vectorFromArray(texts, new Utf8());
  }
  const bytes = tableToIPC(new Table(vectors), 'stream');
  return { arrow: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), cut };
}
