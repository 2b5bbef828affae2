/** How a delimited text file is cut into records and fields. */
import type { Encoding } from '../../protocol';

export interface Dialect {
  readonly delimiter: string;
  /** Empty: the file knows no quoting. */
  readonly quote: string;
  /** What makes a quote inside a quoted field literal; the quote itself where quotes are doubled; empty without quoting. */
  readonly escape: string;
  readonly header: boolean;
  /** Physical lines before the header (or the first record) that are not data. */
  readonly skipLines: number;
  /** How most lines end. */
  readonly newline: '\n' | '\r\n' | '\r';
  readonly encoding: Encoding;
  readonly bom: boolean;
  /** Names as the header has them, trimmed of nothing; `column1`… without a header. */
  readonly columns: readonly string[];
}

/** What it takes to cut text into records. */
export type RecordSyntax = Pick<Dialect, 'delimiter' | 'quote' | 'escape'>;
