/**
 * Cuts UTF-8 bytes into records by RFC 4180, at the speed of memory where no quotes are.
 *
 * A record ends at LF, CR LF or CR outside quotes. A quote opens only at the start of a field, where one space may
 * stand before it (as the reader has it); any other quote is text. What follows a closing quote, up to the next
 * delimiter or line end, is text too: such a record is malformed, yet it is one record.
 */
import type { RecordSyntax } from './dialect';

const LF = 10;
const CR = 13;
const SPACE = 32;

const TAB = 9;

/** What a byte may mean; plain bytes are passed over. */
const Kind = { plain: 0, quote: 1, escape: 2, lineEnd: 3 } as const;

const State = { outside: 0, quoted: 1, escaped: 2, quoteInQuoted: 3 } as const;
type State = (typeof State)[keyof typeof State];

/** What a line (or several, with line ends in quotes) is. */
export type RecordKind = 'record' | 'blank' | 'skipped';

/** Start and end (exclusive, without the line end) are offsets in the file; `line` is the first one's number, from 1. */
export type OnRecord = (start: number, end: number, line: number, kind: RecordKind) => void;

export interface NewlineCounts {
  lf: number;
  crlf: number;
  cr: number;
}

/** How far the byte machine goes before it looks whether the fast way is open again, bytes. */
const NEAR = 32;
const MACHINE_STRETCH = 1 << 12;

export class RecordCutter {
  /** Line (from 1) that the next byte lies on. */
  line = 1;
  /** Line ends outside quotes. */
  readonly newlines: NewlineCounts = { lf: 0, crlf: 0, cr: 0 };

  private readonly kinds = new Uint8Array(256);
  private readonly delimiter: Buffer;
  private readonly quote: number;
  private readonly escape: number;
  private readonly doubled: boolean;
  private readonly lines: boolean;
  private state: State = State.outside;
  /** The end of the piece before: what a quote opens depends on the bytes before it. */
  private tail = Buffer.alloc(0);
  /** For lines: what the pieces before hold of this line is only spaces and tabs. */
  private blankSoFar = true;
  /** Offset in the file of the next piece's first byte. */
  private offset = 0;
  private recordStart = 0;
  private recordLine = 1;
  /** Offset in the file of the last CR: an LF right behind it belongs to it. */
  private crAt = -2;
  /** The next ones in this piece (its length when there is none), so that no stretch is searched twice. */
  private nextLf = -1;
  private nextCr = -1;
  private nextQuote = -1;
  private nextEscape = -1;
  private skip: number;

  constructor(
    syntax: RecordSyntax | 'lines',
    skipLines: number,
    private readonly onRecord: OnRecord,
  ) {
    this.lines = syntax === 'lines';
    this.skip = skipLines;
    this.delimiter = Buffer.from(syntax === 'lines' ? '' : syntax.delimiter);
    const [quote, escape] = syntax === 'lines' ? [] : [Buffer.from(syntax.quote)[0], Buffer.from(syntax.escape)[0]];
    this.quote = quote ?? -1;
    this.escape = escape ?? -1;
    this.doubled = escape === undefined || escape === quote;
    this.kinds[LF] = this.kinds[CR] = Kind.lineEnd;
    if (quote !== undefined) {
      if (!this.doubled) this.kinds[this.escape] = Kind.escape;
      this.kinds[quote] = Kind.quote;
    }
  }

  push(piece: Buffer): void {
    this.nextLf = this.nextCr = this.nextQuote = this.nextEscape = -1;
    let at = 0;
    if (this.offset === 0 && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf) {
      at = 3;
      this.recordStart = 3;
    }
    while (at < piece.length) {
      const fresh = this.offset + at === this.recordStart;
      if (fresh && this.completesCrLf(piece, at)) at++;
      else if (this.skip > 0) at = this.skipLine(piece, at);
      else {
        if (fresh) {
          at = this.plainRecords(piece, at);
        }
        at = this.machine(piece, at);
      }
    }
    const keep = this.delimiter.length + 1;
    const tail = piece.length < keep ? Buffer.concat([this.tail, piece]) : piece;
    this.tail = Buffer.from(tail.subarray(-keep));
    this.offset += piece.length;
  }

  /** Ends the last record. */
  finish(): void {
    if (this.skip > 0 || this.offset === this.recordStart) return;
    this.onRecord(this.recordStart, this.offset, this.recordLine, this.lines && this.blankSoFar ? 'blank' : 'record');
  }

  /** The line of a byte of the piece that will be pushed next. */
  lineOf(piece: Buffer, index: number): number {
    let line = this.line;
    let previous = this.crAt === this.offset - 1 ? CR : 0;
    for (let at = 0; at < index; at++) {
      const byte = piece[at] as number;
      if (byte === CR || (byte === LF && previous !== CR)) line++;
      previous = byte;
    }
    return line;
  }

  /** At a record's start: is this the LF of the CR that ended the record before? */
  private completesCrLf(piece: Buffer, at: number): boolean {
    if (piece[at] !== LF || this.crAt !== this.offset + at - 1) return false;
    this.newlines.cr--;
    this.newlines.crlf++;
    this.recordStart++;
    return true;
  }

  private skipLine(piece: Buffer, at: number): number {
    this.seek(piece, at);
    const end = Math.min(this.nextLf, this.nextCr);
    if (end === piece.length) return end;
    this.skip--;
    this.onRecord(this.recordStart, this.offset + end, this.line, 'skipped');
    this.endLine(this.offset + end, piece[end] as number);
    return end + 1;
  }

  /** Records that lie wholly before the next quote, from a record's start on. Gives where it stopped: a record's start. */
  private plainRecords(piece: Buffer, from: number): number {
    const { newlines, onRecord, lines, offset } = this;
    const { length } = piece;
    this.seek(piece, from);
    let { line, nextLf: lf, nextCr: cr } = this;
    let at = from;
    for (;;) {
      const end = lf < cr ? lf : cr;
      if (end >= this.nextQuote || end === length) break;
      const blank = end === at || (lines && isWhitespace(piece, at, end));
      onRecord(offset + at, offset + end, line, blank ? 'blank' : 'record');
      line++;
      at = end + 1;
      if (end === lf) newlines.lf++;
      else if (lf === at && at < length) {
        newlines.crlf++;
        at++;
      } else {
        newlines.cr++;
        this.crAt = offset + end;
      }
      if (lf < at) lf = indexOrEnd(piece, LF, at);
      if (cr < at) cr = indexOrEnd(piece, CR, at);
    }
    this.nextLf = lf;
    this.nextCr = cr;
    this.line = this.recordLine = line;
    this.recordStart = offset + at;
    return at;
  }

  /** Byte by byte to the first record's end after a stretch, or to the end of the piece. Gives where it stopped. */
  private machine(piece: Buffer, from: number): number {
    const { kinds, quote, doubled, offset } = this;
    const { length } = piece;
    const target = from + MACHINE_STRETCH;
    let { state } = this;
    let at = from;
    while (at < length) {
      if (state === State.outside) {
        at = this.nextSpecial(piece, at);
        if (at === length) break;
        const byte = piece[at] as number;
        const kind = kinds[byte];
        if (kind === Kind.quote && this.opensQuote(piece, at)) state = State.quoted;
        else if (kind === Kind.lineEnd && !(offset + at === this.recordStart && this.completesCrLf(piece, at))) {
          this.onRecord(this.recordStart, offset + at, this.recordLine, this.isBlank(piece, at) ? 'blank' : 'record');
          this.endLine(offset + at, byte);
          if (at + 1 >= target) {
            at++;
            break;
          }
        }
        at++;
      } else if (state === State.quoted) {
        at = this.nextSpecial(piece, at);
        if (at === length) break;
        const byte = piece[at] as number;
        const kind = kinds[byte];
        if (kind === Kind.quote) state = State.quoteInQuoted;
        else if (kind === Kind.escape) state = State.escaped;
        else this.quotedLineEnd(offset + at, byte);
        at++;
      } else if (state === State.quoteInQuoted) {
        const again = doubled && piece[at] === quote;
        state = again ? State.quoted : State.outside;
        if (again) at++;
      } else {
        const byte = piece[at] as number;
        if (kinds[byte] === Kind.lineEnd) this.quotedLineEnd(offset + at, byte);
        state = State.quoted;
        at++;
      }
    }
    this.state = state;
    if (this.lines && this.blankSoFar)
      this.blankSoFar = isWhitespace(piece, Math.max(0, this.recordStart - offset), at);
    return at;
  }

  /** Whether a quote outside quotes stands at the start of a field, be it behind one space. */
  private opensQuote(piece: Buffer, at: number): boolean {
    if (this.startsField(piece, at)) return true;
    const before = at > 0 ? piece[at - 1] : this.tail.at(-1);
    return before === SPACE && this.startsField(piece, at - 1);
  }

  private startsField(piece: Buffer, at: number): boolean {
    const { delimiter, tail } = this;
    const inRecord = this.offset + at - this.recordStart;
    if (inRecord < delimiter.length) return inRecord === 0;
    for (let back = 1; back <= delimiter.length; back++) {
      const index = at - back;
      const byte = index >= 0 ? piece[index] : tail[tail.length + index];
      if (byte !== delimiter[delimiter.length - back]) return false;
    }
    return true;
  }

  /** The next byte that means something: near ones are found faster by looking, far ones by native search. */
  private nextSpecial(piece: Buffer, from: number): number {
    const { kinds } = this;
    const near = Math.min(from + NEAR, piece.length);
    let at = from;
    while (at < near && kinds[piece[at] as number] === Kind.plain) at++;
    if (at < near || at === piece.length) return at;
    this.seek(piece, at);
    if (this.nextEscape < at) this.nextEscape = this.doubled ? piece.length : indexOrEnd(piece, this.escape, at);
    return Math.min(this.nextLf, this.nextCr, this.nextQuote, this.nextEscape);
  }

  /** Looks up the next line ends and quote from here on, unless they are known. */
  private seek(piece: Buffer, at: number): void {
    if (this.nextQuote < at) this.nextQuote = this.quote === -1 ? piece.length : indexOrEnd(piece, this.quote, at);
    if (this.nextLf < at) this.nextLf = indexOrEnd(piece, LF, at);
    if (this.nextCr < at) this.nextCr = indexOrEnd(piece, CR, at);
  }

  /** A line ended outside quotes, and with it a record. */
  private endLine(end: number, byte: number): void {
    if (byte === CR) {
      this.newlines.cr++;
      this.crAt = end;
    } else this.newlines.lf++;
    this.recordLine = ++this.line;
    this.recordStart = end + 1;
    this.blankSoFar = true;
  }

  private quotedLineEnd(at: number, byte: number): void {
    if (byte === CR) this.crAt = at;
    if (byte === CR || this.crAt !== at - 1) this.line++;
  }

  private isBlank(piece: Buffer, end: number): boolean {
    if (!this.lines) return this.offset + end === this.recordStart;
    return this.blankSoFar && isWhitespace(piece, Math.max(0, this.recordStart - this.offset), end);
  }
}

function indexOrEnd(piece: Buffer, byte: number, from: number): number {
  const index = piece.indexOf(byte, from);
  return index === -1 ? piece.length : index;
}

function isWhitespace(piece: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (piece[at] !== SPACE && piece[at] !== TAB) return false;
  return true;
}
