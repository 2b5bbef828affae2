/** The beginning of a text, as far as its records are whole. */
import { endOfLines } from '../look';
import { detectEncoding } from '../text';
import type { Encoding, SourceFormat } from '../../protocol';

const [QUOTE, LF, BACKSLASH] = [0x22, 0x0a, 0x5c];
const [OPEN, CLOSE] = [new Set([0x5b, 0x7b]), new Set([0x5d, 0x7d])];

/** Where the last whole record of the beginning ends; 0 where none does. */
export function endOfRecords(text: Buffer, format: SourceFormat | undefined, encoding?: Encoding): number {
  const used = encoding ?? detectEncoding(text, false);
  const quoted = (format === 'csv' || format === 'tsv') && !used.startsWith('utf-16') ? endOutsideQuotes(text) : 0;
  if (quoted > 0) return quoted;
  const end = endOfLines(text, used, 0);
  // What has no line end at all is no whole record.
  return end < text.length || text.at(-1) === LF ? end : 0;
}

/** Behind the last line feed before which every quote has its second one. */
function endOutsideQuotes(text: Buffer): number {
  let [end, isQuoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === QUOTE) isQuoted = !isQuoted;
    else if (text[at] === LF && !isQuoted) end = at + 1;
  }
  return end;
}

/** The first elements of a list in JSON, as a list of their own; undefined where it is no list, or none of them is whole. */
export function wholeElements(text: Buffer): Buffer | undefined {
  let [depth, end, isText] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] ?? 0;
    if (isText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (OPEN.has(byte)) {
      if (depth === 0 && byte !== 0x5b) return undefined;
      depth++;
    } else if (CLOSE.has(byte) && --depth === 1) end = at + 1;
  }
  return end === 0 ? undefined : Buffer.concat([text.subarray(0, end), Buffer.from(']')]);
}
