/** Where words for people go: standard error, so that standard output stays one document. */
export class Console {
  private readonly stream = process.stderr;
  /** Live lines that are drawn. */
  private live = 0;

  constructor(private readonly options: { readonly quiet: boolean; readonly verbose: boolean }) {}

  /** Whether a person watches: live lines may be drawn. */
  get interactive(): boolean {
    return this.stream.isTTY && !this.options.quiet;
  }

  /** Whether notes are printed: what would not be need not be put into words. */
  get notes(): boolean {
    return !this.options.quiet;
  }

  get columns(): number {
    return this.stream.columns || 80;
  }

  /** Whether a terminal shows block characters: it has them where its text is UTF-8. */
  get drawsBlocks(): boolean {
    const { LC_ALL, LC_CTYPE, LANG, WT_SESSION } = process.env;
    const utf8 = /utf-?8/i.test([LC_ALL, LC_CTYPE, LANG].find((name) => name !== undefined && name !== '') ?? '');
    return this.stream.isTTY && (utf8 || WT_SESSION !== undefined);
  }

  /** A line that is always printed. */
  line(text: string): void {
    this.clear();
    this.stream.write(`${printable(text)}\n`);
  }

  /** A line that `--quiet` leaves out. */
  note(text: string): void {
    if (this.notes) this.line(text);
  }

  /** A line that only `--verbose` prints. */
  detail(text: string): void {
    if (this.options.verbose) this.line(text);
  }

  /** Draws over the live lines: as many as the terminal can take back. */
  redraw(lines: readonly string[]): void {
    const shown = lines.slice(0, Math.max(1, (this.stream.rows || 24) - 1));
    // A name may hold a line end, which would be one line more than is counted.
    const text = shown.map((line) => printable(line).replaceAll('\n', '\\x0a')).join('\n');
    this.stream.write(this.erasure() + text);
    this.live = shown.length;
  }

  clear(): void {
    this.stream.write(this.erasure());
    this.live = 0;
  }

  /** What a terminal takes the live lines back by. */
  private erasure(): string {
    return this.live === 0 ? '' : `\r\u001b[2K${'\u001b[1A\u001b[2K'.repeat(this.live - 1)}`;
  }
}

/**
 * Names and values come from files of anybody: what a terminal would obey is shown instead, and so is what turns the
 * direction of a line around. Line ends and tabs are ours.
 */
function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => {
      const code = character.charCodeAt(0).toString(16);
      return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
    },
  );
}
