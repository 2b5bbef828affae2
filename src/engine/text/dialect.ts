/** How a delimited text file is cut into records and fields. */

export interface Dialect {
  readonly delimiter: string;
  /** Empty: the file knows no quoting. */
  readonly quote: string;
  /** What makes a quote inside a quoted field literal; the quote itself where quotes are doubled; empty without quoting. */
  readonly escape: string;
  readonly header: boolean;
  /** Physical lines before the header (or the first record) that are not data. */
  readonly skipLines: number;
  /** Names as the header has them, trimmed of nothing; `column1`… without a header. */
  readonly columns: readonly string[];
}

/** What it takes to cut text into records. */
export type RecordSyntax = Pick<Dialect, 'delimiter' | 'quote' | 'escape'>;

/** What it takes to tell which of the records are data. */
export type ScanDialect = RecordSyntax & Pick<Dialect, 'header' | 'skipLines' | 'columns'>;

/** In a table of one column a blank line is a record with nothing in it; else it is none, as in JSON lines. */
export function readsBlanks(dialect: ScanDialect | 'lines'): boolean {
  return dialect !== 'lines' && dialect.columns.length === 1;
}
