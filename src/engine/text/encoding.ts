/** Which encoding a text file is written in, from its first bytes. */
import { isUtf8 } from 'node:buffer';
import type { Encoding } from '../../protocol';

const LF = 10;

/** `complete`: `head` is the whole file. */
export function detectEncoding(head: Buffer, complete: boolean): Encoding {
  const wide = byteOrderMark(head) ?? utf16ByNuls(head);
  if (wide) return wide;
  const text = complete ? head : head.subarray(0, completeLength(head));
  return isUtf8(text) ? 'utf-8' : eightBit(text, complete);
}

/** The text of a file's first bytes, without a byte order mark and without a character that the end cuts off. */
export function decodeHead(head: Buffer, encoding: Encoding): string {
  const whole = encoding === 'utf-8' ? head.subarray(0, completeLength(head)) : head;
  return decode(whole, encoding).replace(/^\ufeff/, '');
}

/** Bytes that mean nothing become U+FFFD; surrogates without their other half stay, and half a unit of UTF-16 is left out. */
export function decode(bytes: Buffer, encoding: Encoding): string {
  switch (encoding) {
    case 'utf-8':
      return bytes.toString('utf8');
    case 'utf-16le':
      return bytes.toString('utf16le');
    case 'utf-16be':
      return Buffer.from(bytes.subarray(0, bytes.length & ~1))
        .swap16()
        .toString('utf16le');
    case 'latin-1':
      return bytes.toString('latin1');
    case 'windows-1252':
      return bytes.toString('latin1').replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252.charAt(byte.charCodeAt(0) - 0x80));
  }
}

/** What stands at 0x80 to 0x9f. Not TextDecoder, which reads the undefined bytes as control characters. */
const WINDOWS_1252 = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

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
    if (byte < 0xa0) {
      if (WINDOWS_1252[byte - 0x80] === '\ufffd') undefined1252 = true;
      else printable1252 = true;
    }
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

/** Length of the character that a byte opens; 0 for a byte that opens none. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

/** Where a character begins that the end of `bytes` cuts off; `bytes.length` when none is cut. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
