/** From a record's number to its place in the file. */
import { readChunks } from './chunks';
import { readsBlanks, type ScanDialect } from './dialect';
import { RecordCutter } from './recordCutter';

export interface LocatedRecord {
  /** Among the data records, as {@link scanText} counts them, from 1. */
  readonly record: number;
  /** The line it starts on, from 1. */
  readonly line: number;
}

/**
 * Places of records of a UTF-8 file, by their number, in one pass that stops at the last one. `numbers` are sorted and
 * count from 1: data records, or with `asReader` what DuckDB's `reject_errors.line` counts, which is every record, be it
 * a skipped line, the header or a blank line. Records that don't exist are absent.
 */
export async function locateRecords(
  path: string,
  dialect: ScanDialect | 'lines',
  numbers: readonly number[],
  signal: AbortSignal,
  counting: 'records' | 'asReader' = 'records',
): Promise<Map<number, LocatedRecord>> {
  const located = new Map<number, LocatedRecord>();
  const blanks = readsBlanks(dialect);
  let header = dialect !== 'lines' && dialect.header;
  let all = 0;
  let record = 0;
  let next = 0;
  const cutter = new RecordCutter(dialect, dialect === 'lines' ? 0 : dialect.skipLines, (_start, _end, line, kind) => {
    all++;
    const counted = kind === 'record' || (kind === 'blank' && blanks);
    if (counted && header) header = false;
    else if (counted) record++;
    else if (counting === 'records') return;
    const number = counting === 'records' ? record : all;
    if (number === 0 || number !== numbers[next]) return;
    located.set(number, { record, line });
    while (numbers[next] === number) next++;
  });
  for await (const chunk of readChunks(path, signal)) {
    cutter.push(chunk);
    if (next >= numbers.length) break;
  }
  if (next < numbers.length) cutter.finish();
  return located;
}
