/** From offsets in a text to lines and columns. */
import type { Location } from '../protocol';

/** Offsets in UTF-16 units; `end` is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where ranges of `text` are: lines and columns count from 1, and a line ends with LF, CRLF or CR as in an editor. */
export function locator(text: string, file: string): (range: TextRange) => Location {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);

  const place = (offset: number): { line: number; column: number } => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };

  return ({ start, end }) => {
    const from = place(start);
    const to = place(end);
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
}
