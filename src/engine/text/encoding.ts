/** Which encoding a text file is written in, from its first bytes. */
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import type { Encoding } from '../../protocol';
import { completeLength } from './utf8';

export interface DetectedEncoding {
  readonly encoding: Encoding;
  /** A byte order mark stands at the start. */
  readonly bom: boolean;
  /** False where the bytes would also make sense in another encoding. */
  readonly certain: boolean;
}

const LF = 10;

/** Bytes that windows-1252 leaves undefined. */
const UNDEFINED_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** `complete`: `head` is the whole file. */
export function detectEncoding(head: Buffer, complete: boolean): DetectedEncoding {
  const bom = byteOrderMark(head);
  if (bom) return { encoding: bom, bom: true, certain: true };
  const wide = utf16ByNuls(head);
  if (wide) return { encoding: wide, bom: false, certain: false };
  const text = complete ? head : head.subarray(0, completeLength(head));
  if (isUtf8(text)) return { encoding: 'utf-8', bom: false, certain: true };
  return { encoding: eightBit(text, complete), bom: false, certain: false };
}

/** The text of a file's first bytes, without a byte order mark and without a character that the end cuts off. */
export function decodeHead(head: Buffer, encoding: Encoding): string {
  const bytes =
    encoding === 'utf-8'
      ? head.subarray(0, completeLength(head))
      : encoding.startsWith('utf-16')
        ? head.subarray(0, head.length & ~1)
        : head;
  return iconv.decode(bytes, iconvNames[encoding]);
}

export const iconvNames: Readonly<Record<Encoding, 'utf8' | 'utf16le' | 'utf16be' | 'latin1' | 'windows1252'>> = {
  'utf-8': 'utf8',
  'utf-16le': 'utf16le',
  'utf-16be': 'utf16be',
  'latin-1': 'latin1',
  'windows-1252': 'windows1252',
};

function byteOrderMark(head: Buffer): Encoding | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

/**
 * In UTF-16 the delimiters, digits and line ends of a table have a NUL on one and the same side; in other text a NUL is a
 * stray, and no line end has one.
 */
function utf16ByNuls(head: Buffer): Encoding | undefined {
  const length = Math.min(head.length & ~1, 1 << 16);
  const even = { count: 0, lineFeeds: 0 };
  const odd = { count: 0, lineFeeds: 0 };
  let lineFeeds = 0;
  for (let at = 0; at < length; at += 2) {
    const first = head[at] as number;
    const second = head[at + 1] as number;
    if (first === 0) {
      even.count++;
      if (second === LF) even.lineFeeds++;
    }
    if (second === 0) {
      odd.count++;
      if (first === LF) odd.lineFeeds++;
    }
    if (first === LF) lineFeeds++;
    if (second === LF) lineFeeds++;
  }
  const [most, least] = odd.count > even.count ? [odd, even] : [even, odd];
  const share = (2 * most.count) / length;
  const paired = lineFeeds === 0 ? share >= 0.4 : share >= 0.05 && most.lineFeeds * 2 >= lineFeeds;
  if (length < 2 || least.count * 4 > most.count || !paired) return undefined;
  return most === odd ? 'utf-16le' : 'utf-16be';
}

/**
 * Not UTF-8 throughout. Text with more well-formed multi-byte characters than bad bytes is damaged UTF-8, whose bad bytes
 * are to be reported rather than read as letters. Bytes 0x80–0x9f are printable in windows-1252 only; where the part seen
 * has none, both give the same text, and the rest of a longer file is safer with windows-1252.
 */
function eightBit(text: Buffer, complete: boolean): Encoding {
  let wellFormed = 0;
  let bad = 0;
  let printable1252 = false;
  let undefined1252 = false;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] as number;
    if (byte < 0x80) continue;
    if (UNDEFINED_1252.has(byte)) undefined1252 = true;
    else if (byte < 0xa0) printable1252 = true;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (byte >= 0xc2 && isUtf8(text.subarray(at, at + length)) && at + length <= text.length) {
      wellFormed++;
      at += length - 1;
    } else bad++;
  }
  if (wellFormed > bad) return 'utf-8';
  if (undefined1252) return 'latin-1';
  return printable1252 || !complete ? 'windows-1252' : 'latin-1';
}
