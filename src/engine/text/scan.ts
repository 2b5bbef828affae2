/**
 * What a text file holds, counted without the SQL engine: the truth against which a read is checked
 * (rows read + rows rejected = records in the file).
 */
import { createHash } from 'node:crypto';
import { readChunks } from './chunks';
import { readsBlanks, type ScanDialect } from './dialect';
import { RecordCutter, type NewlineCounts } from './recordCutter';

export interface TextScan {
  /** Of the file's bytes as they are. */
  readonly sha256: string;
  /** Without skipped lines and header. */
  readonly records: number;
  /** Lines that the reader passes over. */
  readonly blankLines: number;
  readonly longestRecordBytes: number;
  /** Line ends outside quotes; more than one kind is more than the reader can take. */
  readonly newlines: Readonly<NewlineCounts>;
  /** The line of the first NUL. */
  readonly nulLine: number | undefined;
}

/** Reads a UTF-8 file once, with or without a byte order mark. Throws `source-unreadable` and `cancelled`. */
export async function scanText(path: string, dialect: ScanDialect | 'lines', signal: AbortSignal): Promise<TextScan> {
  let header = dialect !== 'lines' && dialect.header;
  let records = 0;
  let blankLines = 0;
  let longestRecordBytes = 0;
  const cutter = new RecordCutter(dialect, dialect === 'lines' ? 0 : dialect.skipLines, (start, end, _line, kind) => {
    if (kind === 'skipped') return;
    if (end - start > longestRecordBytes) longestRecordBytes = end - start;
    if (kind === 'blank') blankLines++;
    else if (header) header = false;
    else records++;
  });
  const hash = createHash('sha256');
  let nulLine: number | undefined;
  for await (const chunk of readChunks(path, signal)) {
    hash.update(chunk);
    if (nulLine === undefined) {
      const at = chunk.indexOf(0);
      if (at !== -1) nulLine = cutter.lineOf(chunk, at);
    }
    cutter.push(chunk);
  }
  cutter.finish();
  const blanks = readsBlanks(dialect);
  return {
    sha256: hash.digest('hex'),
    records: blanks ? records + blankLines : records,
    blankLines: blanks ? 0 : blankLines,
    longestRecordBytes,
    newlines: { ...cutter.newlines },
    nulLine,
  };
}
