/** From a record's number to its place and text in the file. */
import { openForReading, readAt, readChunks } from './chunks';
import { RecordCutter } from './recordCutter';
import type { ScanDialect } from './scan';

export interface LocatedRecord {
  /** The line the record starts on, from 1. */
  readonly line: number;
  /** The byte the record starts at, from 0. */
  readonly offset: number;
  /** The record as written, its first 200 characters. */
  readonly text: string;
}

const MAX_TEXT = 200;

/**
 * Places of records of a UTF-8 file, in one pass that stops at the last one. `records` are sorted and count from 1: data
 * records as in {@link scanText}, or with `readerLines` the number that DuckDB's `reject_errors.line` gives (every
 * record counts as one line: skipped lines, header and blank lines too). Records that don't exist are absent.
 */
export async function locateRecords(
  path: string,
  dialect: ScanDialect | 'lines',
  records: readonly number[],
  signal: AbortSignal,
  counting: 'records' | 'readerLines' = 'records',
): Promise<Map<number, LocatedRecord>> {
  const places = new Map<number, { start: number; end: number; line: number }>();
  let header = counting === 'records' && dialect !== 'lines' && dialect.header;
  let number = 0;
  let next = 0;
  const cutter = new RecordCutter(dialect, dialect === 'lines' ? 0 : dialect.skipLines, (start, end, line, kind) => {
    if (kind !== 'record' && counting === 'records') return;
    if (header) {
      header = false;
      return;
    }
    if (++number !== records[next]) return;
    places.set(number, { start, end, line });
    while (records[next] === number) next++;
  });
  for await (const chunk of readChunks(path, signal)) {
    cutter.push(chunk);
    if (next >= records.length) break;
  }
  if (next < records.length) cutter.finish();

  const located = new Map<number, LocatedRecord>();
  const handle = await openForReading(path);
  try {
    for (const [record, { start, end, line }] of places) {
      const head = await readAt(handle, start, Math.min(end - start, 4 * MAX_TEXT));
      located.set(record, { line, offset: start, text: shorten(head.toString('utf8')) });
    }
  } finally {
    await handle.close();
  }
  return located;
}

function shorten(text: string): string {
  return text.slice(0, MAX_TEXT).replace(/[\ud800-\udbff]$/, '');
}
