/** Where words for people go: standard error, so that standard output stays one document. */
export class Console {
  private readonly stream = process.stderr;
  private live = false;

  constructor(private readonly options: { readonly quiet: boolean; readonly verbose: boolean }) {}

  /** Whether a person watches: a live line may be drawn. */
  get interactive(): boolean {
    return this.stream.isTTY && !this.options.quiet;
  }

  get columns(): number {
    return this.stream.columns || 80;
  }

  /** A line that is always printed. */
  line(text: string): void {
    this.clear();
    this.stream.write(`${printable(text)}\n`);
  }

  /** A line that `--quiet` leaves out. */
  note(text: string): void {
    if (!this.options.quiet) this.line(text);
  }

  /** A line that only `--verbose` prints. */
  detail(text: string): void {
    if (this.options.verbose) this.line(text);
  }

  /** Draws over the live line. */
  redraw(text: string): void {
    this.stream.write(`\r\u001b[2K${printable(text)}`);
    this.live = true;
  }

  clear(): void {
    if (this.live) this.stream.write('\r\u001b[2K');
    this.live = false;
  }
}

/** Names and values come from files of anybody: what a terminal would obey is shown instead. Line ends and tabs are ours. */
function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
