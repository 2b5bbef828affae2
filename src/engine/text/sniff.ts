/**
 * The dialect of a delimited file from its first bytes. Found once, reported, overridable, then fixed for the reader: rows
 * that do not fit are errors to be shown, never a reason to read the file another way.
 */
import type { Finding, ReadOptions } from '../../protocol';
import type { Dialect, RecordSyntax } from './dialect';
import { decodeHead } from './encoding';
import { columnKind, guessHeader } from './header';
import { findNullTokens, holdsNullLike } from './nullTokens';
import { describeHeader, describeQuoting, describeSkipped, describeText, emptyFile } from './dialectFindings';
import { takeSample, usualWidth, type SampleRecord } from './sample';

export interface SniffContext {
  /** As findings name it. */
  readonly path: string;
  readonly format: 'csv' | 'tsv';
  /** Whether the head is the whole file. */
  readonly complete: boolean;
}

const MAX_SAMPLE_CHARACTERS = 1 << 20;
/** Delimiters are compared on fewer, for there are several. */
const MAX_COMPARED_CHARACTERS = 1 << 18;
/** As many as a preview reads: it takes line ends, which it does not count itself, to be as they are found here. */
const MAX_RECORDS = 10_000;
const MAX_COMPARED_RECORDS = 1_000;
const MAX_PREAMBLE_LINES = 20;
const candidates = [',', ';', '\t', '|'] as const;

/** `bytes` are the first ones, in UTF-8. `options` override what the data suggests. Never throws: what is wrong with the file is among the findings. */
export function sniffDialect(
  bytes: Buffer,
  options: ReadOptions,
  context: SniffContext,
): { dialect: Dialect; findings: Finding[] } {
  const decoded = decodeHead(bytes, 'utf-8');
  const text = decoded.slice(0, MAX_SAMPLE_CHARACTERS);
  const complete = context.complete && text.length === decoded.length;

  const quoting = findQuoting(text, options);
  const head = text.slice(0, MAX_COMPARED_CHARACTERS);
  const isAll = complete && head.length === text.length;
  const delimiter = options.delimiter ?? findDelimiter(head, quoting, options.skipLines, context.format, isAll);
  const syntax = { delimiter, ...quoting };

  const sample = takeSample(text, syntax, { complete, skipLines: options.skipLines ?? 0, maxRecords: MAX_RECORDS });
  const whole = sample.records.filter(({ broken }, index) => !broken || index === 0);
  const preamble = options.skipLines === undefined ? countPreamble(whole.slice(0, MAX_COMPARED_RECORDS)) : 0;
  const records = whole.slice(preamble);
  const [first] = records;
  // Blank lines before the header are skipped too: the reader would take the first of them for it.
  const skipLines = first === undefined ? (options.skipLines ?? 0) : first.line - 1;

  const compared = records.slice(0, MAX_COMPARED_RECORDS);
  const guess = guessHeader(compared);
  const header = first !== undefined && (options.header ?? guess.header);
  const columns = header ? first.fields : positional(usualWidth(compared));
  const dialect: Dialect = {
    ...syntax,
    header,
    skipLines,
    columns,
  };
  const findings = [
    ...describeSkipped(text, dialect, whole.slice(0, preamble), context.path),
    ...(first === undefined
      ? [emptyFile(context.path)]
      : describeHeader(
          first,
          header ? compared.slice(1) : compared,
          dialect,
          options,
          guess.certain,
          complete,
          context.path,
        )),
    ...describeQuoting(dialect, options, context.path),
    ...describeText(text, sample, context.path),
  ];
  if (holdsNullLike(text, syntax)) {
    const data = header ? records.slice(1) : records;
    const tokens = findNullTokens(data, columns, options.nullValues ?? [], context.path);
    if (tokens) findings.push(tokens);
  }
  return { dialect, findings };
}

/** What stands at the borders of fields, whatever delimits them: one pass, before the delimiter is known. */
function findQuoting(text: string, options: ReadOptions): Pick<RecordSyntax, 'quote' | 'escape'> {
  const quote = options.quote ?? (usesSingleQuotes(text) ? "'" : '"');
  if (quote === '') return { quote, escape: '' };
  return { quote, escape: options.escape ?? (usesBackslash(text, quote) ? '\\' : quote) };
}

function usesSingleQuotes(text: string): boolean {
  const single = bordersOf(text, "'");
  const double = bordersOf(text, '"');
  return double.opening === 0 && single.opening >= 2 && single.opening === single.closing;
}

/** How many quotes stand where a field begins, and where one ends. */
function bordersOf(text: string, quote: string): { opening: number; closing: number } {
  let opening = 0;
  let closing = 0;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (isBorder(text[at - 1])) opening++;
    if (isBorder(text[at + 1])) closing++;
  }
  return { opening, closing };
}

/** `\"` inside fields, and not one doubled quote inside a field. */
function usesBackslash(text: string, quote: string): boolean {
  let escaped = 0;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) {
    const next = text[at + 1];
    if (text[at - 1] === '\\' && !isBorder(next)) escaped++;
    if (next === quote) {
      if (!isBorder(text[at - 1]) && !isBorder(text[at + 2])) return false;
      at++;
    }
  }
  return escaped > 0;
}

function isBorder(character: string | undefined): boolean {
  return (
    character === undefined ||
    character === '\n' ||
    character === '\r' ||
    (candidates as readonly string[]).includes(character)
  );
}

function findDelimiter(
  text: string,
  quoting: Pick<RecordSyntax, 'quote' | 'escape'>,
  skipLines: number | undefined,
  format: 'csv' | 'tsv',
  complete: boolean,
): string {
  if (format === 'tsv') return '\t';
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of candidates) {
    // One that stands nowhere delimits nothing.
    if (!text.includes(delimiter)) continue;
    const sample = takeSample(
      text,
      { delimiter, ...quoting },
      { complete, skipLines: skipLines ?? 0, maxRecords: MAX_COMPARED_RECORDS },
    );
    const whole = sample.records.filter(({ broken }, index) => !broken || index === 0);
    const score = consistency(whole.slice(skipLines === undefined ? countPreamble(whole) : 0));
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/**
 * 0 when the first record has one field: a delimiter that the header lacks delimits nothing. Else the share of records as
 * wide as the first or as most are, then, for files in which two delimiters agree (decimal commas between semicolons),
 * the share of columns that are of one type.
 */
function consistency(records: readonly SampleRecord[]): number {
  const width = records[0]?.fields.length ?? 0;
  if (width < 2) return 0;
  const usual = usualWidth(records);
  const fitting = records.filter(({ fields }) => fields.length === width || fields.length === usual).length;
  const some = records.slice(1, 101);
  const typed = Array.from({ length: Math.min(width, 100) }, (_, column) => columnKind(some, column));
  const typedShare = typed.filter((kind) => kind !== 'text' && kind !== 'empty').length / typed.length;
  return 1 + fitting / records.length + typedShare / 2;
}

/**
 * Records before the table: at most 20 lines, each a comment, or one lone field in front of a table that is three columns
 * wide or whose header is beyond doubt. Two records of the usual width must follow.
 */
function countPreamble(records: readonly SampleRecord[]): number {
  const width = usualWidth(records);
  if (width < 2) return 0;
  const guessFrom = (index: number) => guessHeader(records.slice(index, index + MAX_COMPARED_RECORDS));
  let start = records.findIndex(
    ({ fields }, index) => fields.length === width && records[index + 1]?.fields.length === width,
  );
  // A comment, or a title with empty fields after it, may be as wide as the table; yet `#id,name` is a header.
  for (; isAside(records[start]?.fields ?? []); start++) {
    const { header, certain } = guessFrom(start + 1);
    if (!header || !certain) break;
  }
  const first = records[start];
  if (start < 1 || first === undefined || first.line - 1 > MAX_PREAMBLE_LINES) return 0;
  const before = records.slice(0, start);
  if (!before.every(({ fields }) => isAside(fields))) return 0;
  const commented = before.every(({ fields }) => isComment(fields));
  const { header, certain } = guessFrom(start);
  return commented || width > 2 || (header && certain) ? start : 0;
}

function isAside(fields: readonly string[]): boolean {
  return isComment(fields) || (fields.length > 0 && fields.slice(1).every((field) => field === ''));
}

function isComment([first = '']: readonly string[]): boolean {
  return /^\s{0,8}(#|\/\/|%)/.test(first);
}

function positional(width: number): string[] {
  return Array.from({ length: width }, (_, index) => `column${index + 1}`);
}
