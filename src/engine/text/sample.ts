/** The first records of a text, taken apart into fields: what sniffing looks at. */
import type { RecordSyntax } from './dialect';

const LF = 10;
const CR = 13;

export interface SampleRecord {
  readonly fields: readonly string[];
  /** The line it starts on, from 1. */
  readonly line: number;
  /** Nothing closes a quote in it, or the end of the sample cuts it off. */
  readonly broken: boolean;
}

export interface Sample {
  /** Blank lines are not among them. */
  readonly records: readonly SampleRecord[];
  /** Line ends outside quotes. */
  readonly newlines: { readonly lf: number; readonly crlf: number; readonly cr: number };
}

export interface SampleLimits {
  /** Whether the text ends where the file ends. */
  readonly complete: boolean;
  readonly skipLines: number;
  readonly maxRecords: number;
}

/** One without quotes, as most are: it is cut into fields only where they are looked at. */
class PlainRecord implements SampleRecord {
  private cut: readonly string[] | undefined;

  constructor(
    private readonly text: string,
    private readonly delimiter: string,
    readonly line: number,
    readonly broken: boolean,
  ) {}

  get fields(): readonly string[] {
    return (this.cut ??= this.text.split(this.delimiter));
  }
}

/** So many records before one that is not closed are enough to judge by. */
const ENOUGH = 3;

/**
 * Same rules as `RecordCutter`, with one addition: a record with a quote that nothing in the sample closes ends with its
 * line. When it comes too early to judge by what stands before it, quotes after it are text: time stays linear.
 */
export function takeSample(text: string, syntax: RecordSyntax, limits: SampleLimits): Sample {
  const records: SampleRecord[] = [];
  const newlines = { lf: 0, crlf: 0, cr: 0 };
  let { quote } = syntax;
  const lineEnd = lineEnds(text);
  let at = 0;
  let line = 1;
  for (let skipped = 0; skipped < limits.skipLines && at < text.length; skipped++, line++) {
    at = afterLineEnd(text, lineEnd(at));
  }
  while (at < text.length && records.length < limits.maxRecords) {
    const plain = text.slice(at, lineEnd(at));
    const quoted = quote !== '' && plain.includes(quote) ? readQuotedRecord(text, at, { ...syntax, quote }) : undefined;
    const unclosed = quoted === 'unclosed';
    if (unclosed) quote = '';
    const whole = unclosed ? undefined : quoted;
    const end = whole?.end ?? at + plain.length;
    const broken = unclosed || (end === text.length && !limits.complete);
    if (end > at) {
      records.push(
        whole ? { fields: whole.fields, line, broken } : new PlainRecord(plain, syntax.delimiter, line, broken),
      );
    }
    if (unclosed && records.length > ENOUGH) break;
    at = afterLineEnd(text, end);
    if (at - end === 2) newlines.crlf++;
    else if (text[end] === '\n') newlines.lf++;
    else if (text[end] === '\r') newlines.cr++;
    line += 1 + (whole?.innerLines ?? 0);
  }
  return { records, newlines };
}

/** The commonest number of fields; of equally common ones the first. */
export function usualWidth(records: readonly SampleRecord[]): number {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  let usual = 0;
  for (const [width, count] of counts) if (count > (counts.get(usual) ?? 0)) usual = width;
  return usual;
}

interface QuotedRecord {
  readonly fields: string[];
  /** Where its line end stands. */
  readonly end: number;
  readonly innerLines: number;
}

function readQuotedRecord(
  text: string,
  from: number,
  { delimiter, quote, escape }: RecordSyntax,
): QuotedRecord | 'unclosed' {
  const fields: string[] = [];
  const first = delimiter.charCodeAt(0);
  let innerLines = 0;
  let at = from;
  for (;;) {
    let field = '';
    let start = at;
    const quoteAt = text[at] === ' ' && delimiter !== ' ' ? at + 1 : at;
    if (text.startsWith(quote, quoteAt)) {
      const quoted = readQuoted(text, quoteAt + quote.length, quote, escape);
      if (quoted === undefined) return 'unclosed';
      field = quoted.value;
      innerLines += quoted.lines;
      start = at = quoted.end;
    }
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR || (code === first && text.startsWith(delimiter, at))) break;
      at++;
    }
    fields.push(field + text.slice(start, at));
    if (at === text.length || !text.startsWith(delimiter, at)) return { fields, end: at, innerLines };
    at += delimiter.length;
  }
}

/** From behind the opening quote to behind the closing one; undefined when there is none. */
function readQuoted(
  text: string,
  from: number,
  quote: string,
  escape: string,
): { value: string; end: number; lines: number } | undefined {
  const quoteCode = quote.charCodeAt(0);
  const escapeCode = escape === '' || escape === quote ? -1 : escape.charCodeAt(0);
  let value = '';
  let lines = 0;
  let start = from;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF ? text.charCodeAt(at - 1) !== CR : code === CR) lines++;
    else if (code === escapeCode) {
      value += text.slice(start, at);
      start = ++at;
    } else if (code === quoteCode) {
      value += text.slice(start, at);
      if (escapeCode !== -1 || text.charCodeAt(at + 1) !== quoteCode) return { value, end: at + 1, lines };
      start = ++at;
    }
  }
  return undefined;
}

/** Where the line at a place ends; asked for one place after another, so that nothing is searched twice. */
function lineEnds(text: string): (from: number) => number {
  const next = (character: string) => {
    let found = -1;
    return (from: number) => {
      if (found < from) found = text.indexOf(character, from);
      if (found === -1) found = text.length;
      return found;
    };
  };
  const [lf, cr] = [next('\n'), next('\r')];
  return (from) => Math.min(lf(from), cr(from));
}

function afterLineEnd(text: string, at: number): number {
  if (at >= text.length) return text.length;
  return text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
}
