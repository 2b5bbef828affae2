/** Rows on their way from a server: text on disk, so that memory does not grow with them. */
import { open, type FileHandle } from 'node:fs/promises';
import { struct, text, pathLiteral } from '../duckdb';

const FLUSH_BYTES = 1 << 20;
const MEBIBYTE = 1 << 20;
const QUOTE = 34;
const LF = 10;

/** What no quoted text is. */
export const NULL_MARK = '\\N';

/** All values in quotes but NULL, so that no row is an empty line. */
export class Spool {
  rows = 0;
  bytes = 0;
  private longest = 0;
  private recordStart = 0;
  private quoted = false;
  private pending: string[] = [];
  private pendingLength = 0;

  private constructor(
    private readonly path: string,
    private readonly handle: FileHandle,
    private readonly onProgress: (rows: number, bytes: number) => void,
  ) {}

  static async open(path: string, onProgress: (rows: number, bytes: number) => void): Promise<Spool> {
    return new Spool(path, await open(path, 'wx'), onProgress);
  }

  /** Writes one row. Await it: a disk may be slower than a server. */
  async row(values: readonly (string | null)[]): Promise<void> {
    const line = `${values.map(field).join(',')}\n`;
    this.pending.push(line);
    this.pendingLength += line.length;
    if (this.pendingLength >= FLUSH_BYTES) await this.flush();
  }

  /** Writes bytes that a server has put in this form itself. */
  async chunk(bytes: Buffer): Promise<void> {
    this.count(bytes);
    for (let at = 0; at < bytes.length;) at += (await this.handle.write(bytes, at)).bytesWritten;
    this.onProgress(this.rows, this.bytes);
  }

  /** Writes what is still to be written. */
  async finish(): Promise<void> {
    await this.flush();
    this.onProgress(this.rows, this.bytes);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** SQL that stands after FROM, with a text column `c0`, `c1`, … for each. */
  relation(columns: number): string {
    const names = Array.from({ length: columns }, (_, index): [string, string] => [`c${index}`, text('VARCHAR')]);
    // Buffers of other sizes can make the reader lose rows where they meet.
    const line = Math.ceil((this.longest + 1) / MEBIBYTE + 1) * MEBIBYTE;
    const options = [
      "auto_detect = false, compression = 'uncompressed', hive_partitioning = false, strict_mode = true",
      "delim = ',', quote = '\"', escape = '\"', header = false, new_line = '\\n'",
      `nullstr = ${text(NULL_MARK)}, allow_quoted_nulls = false`,
      `max_line_size = ${line}, buffer_size = ${Math.max(4 * line, 16 * MEBIBYTE)}`,
      `columns = ${struct(names)}`,
    ];
    return `read_csv([${pathLiteral(this.path)}], ${options.join(', ')})`;
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.pending.join(''));
    this.pending = [];
    this.pendingLength = 0;
    if (bytes.length > 0) await this.chunk(bytes);
  }

  private count(bytes: Buffer): void {
    let { quoted, recordStart } = this;
    const start = this.bytes;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === LF && !quoted) {
        const end = start + at + 1;
        this.longest = Math.max(this.longest, end - recordStart);
        recordStart = end;
        this.rows++;
      }
    }
    this.bytes += bytes.length;
    this.quoted = quoted;
    this.recordStart = recordStart;
  }
}

function field(value: string | null): string {
  if (value === null) return NULL_MARK;
  return `"${value.includes('"') ? value.replaceAll('"', '""') : value}"`;
}
