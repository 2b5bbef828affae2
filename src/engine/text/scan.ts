/**
 * What a text file holds, counted without the SQL engine: the truth against which a read is checked
 * (rows read + rows rejected = records in the file).
 */
import { createHash } from 'node:crypto';
import { readChunks } from './chunks';
import type { Dialect, RecordSyntax } from './dialect';
import { RecordCutter, type NewlineCounts } from './recordCutter';
import { Utf8Check } from './utf8';

/** Offsets count bytes from 0, lines from 1. */
export interface Place {
  readonly offset: number;
  readonly line: number;
}

export interface TextScan {
  /** Of the file's bytes as they are. */
  readonly sha256: string;
  readonly bytes: number;
  /** Without skipped lines, header and blank lines. */
  readonly records: number;
  /** Numbers of the first ten blank lines. */
  readonly blankLines: readonly number[];
  readonly blankLineCount: number;
  readonly longestRecordBytes: number;
  /** Line ends outside quotes; more than one kind is more than the reader can take. */
  readonly newlines: Readonly<NewlineCounts>;
  readonly invalidUtf8?: Place;
  readonly nul?: Place;
  /** The line on which a quote opens that nothing closes. */
  readonly unclosedQuote?: { readonly line: number };
}

export type ScanDialect = RecordSyntax & Pick<Dialect, 'header' | 'skipLines'>;

const MAX_BLANK_LINES = 10;

/**
 * Reads a UTF-8 file once, with or without a byte order mark. `lines`: every line that is not blank is a record (JSON
 * lines). `onBytes` is told how many bytes have been read so far. Throws `source-unreadable` and `cancelled`.
 */
export async function scanText(
  path: string,
  dialect: ScanDialect | 'lines',
  signal: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<TextScan> {
  let header = dialect !== 'lines' && dialect.header;
  let records = 0;
  let blankLineCount = 0;
  let longestRecordBytes = 0;
  const blankLines: number[] = [];
  const cutter = new RecordCutter(dialect, dialect === 'lines' ? 0 : dialect.skipLines, (start, end, line, kind) => {
    if (kind === 'skipped') return;
    if (kind === 'blank') {
      if (blankLineCount++ < MAX_BLANK_LINES) blankLines.push(line);
      return;
    }
    if (end - start > longestRecordBytes) longestRecordBytes = end - start;
    if (header) header = false;
    else records++;
  });
  const hash = createHash('sha256');
  const utf8 = new Utf8Check();
  let bytes = 0;
  let invalidUtf8: Place | undefined;
  let nul: Place | undefined;
  for await (const chunk of readChunks(path, signal)) {
    hash.update(chunk);
    if (invalidUtf8 === undefined) {
      const at = utf8.push(chunk);
      if (at !== undefined) invalidUtf8 = { offset: bytes + at, line: cutter.lineOf(chunk, at) };
    }
    if (nul === undefined) {
      const at = chunk.indexOf(0);
      if (at !== -1) nul = { offset: bytes + at, line: cutter.lineOf(chunk, at) };
    }
    cutter.push(chunk);
    bytes += chunk.length;
    onBytes?.(bytes);
  }
  if (invalidUtf8 === undefined && utf8.pending > 0) invalidUtf8 = { offset: bytes - utf8.pending, line: cutter.line };
  const { unclosedQuoteLine } = cutter.finish();
  return {
    sha256: hash.digest('hex'),
    bytes,
    records,
    blankLines,
    blankLineCount,
    longestRecordBytes,
    newlines: { ...cutter.newlines },
    ...(invalidUtf8 && { invalidUtf8 }),
    ...(nul && { nul }),
    ...(unclosedQuoteLine !== undefined && { unclosedQuote: { line: unclosedQuoteLine } }),
  };
}
