/** Tags around the sound of an MP3, AAC or FLAC file: titles and pictures, which no decoder minds. */
import { BeyondEnd } from './bytes';
import type { FileBytes } from './fileBytes';

/** At the very end of a file, each with how long it is; read backwards, as there may be several. */
const atEnd: readonly ((file: FileBytes, end: number) => number)[] = [
  (file, end) => (textAt(file, end - 128, 3) === 'TAG' ? 128 : 0),
  (file, end) => (textAt(file, end - 227, 4) === 'TAG+' ? 227 : 0),
  (file, end) => {
    if (textAt(file, end - 32, 8) !== 'APETAGEX') return 0;
    const footer = file.little(end - 32, 32);
    const hasHeader = footer.u32(20) >= 2 ** 31;
    return footer.u32(12) + (hasHeader ? 32 : 0);
  },
  (file, end) => {
    if (textAt(file, end - 9, 9) !== 'LYRICS200') return 0;
    const size = Number(textAt(file, end - 15, 6));
    return Number.isInteger(size) ? size + 15 : 0;
  },
  (file, end) => {
    if (textAt(file, end - 9, 9) !== 'LYRICSEND') return 0;
    const most = Math.min(end, 5100 + 20);
    const begin = file.text(end - most, most).lastIndexOf('LYRICSBEGIN');
    return begin < 0 ? 0 : most - begin;
  },
  (file, end) => (textAt(file, end - 10, 3) === '3DI' ? id3v2Bytes(file.view(end - 10, 10)) + 10 : 0),
];

/** Where the tags at the end begin; the end of the file where there are none. */
export function endBeforeTags(file: FileBytes, start: number): number {
  let end = file.length;
  for (let length = -1; length !== 0; end -= length) {
    length = atEnd.map((bytesOf) => bytesOf(file, end)).find((bytes) => bytes > 0 && end - bytes >= start) ?? 0;
  }
  return end;
}

/** Where the ID3v2 tags that begin at `at` end; `at` where none does. Throws where a tag goes beyond the file. */
export function endOfId3v2(file: FileBytes, at: number): number {
  let end = at;
  while (textAt(file, end, 3) === 'ID3' && file.length - end >= 10) {
    const head = file.view(end, 10);
    const hasFooter = ((head[5] ?? 0) & 0x10) !== 0;
    const next = end + id3v2Bytes(head) + (hasFooter ? 10 : 0);
    if (next > file.length) throw new BeyondEnd(file.length);
    end = next;
  }
  return end;
}

/** Whether what begins there is a tag, if not a whole one. */
export function beginsTag(file: FileBytes, at: number): boolean {
  return /^(ID3|TAG|APETAGEX|LYRICSBEGIN)/.test(file.upTo(at, 11).toString('latin1'));
}

/** With its header, without its footer. */
function id3v2Bytes(header: Buffer): number {
  return 10 + header.subarray(6, 10).reduce((size, byte) => size * 2 ** 7 + (byte & 0x7f), 0);
}

/** Empty where the file has no such place. */
function textAt(file: FileBytes, at: number, length: number): string {
  return at < 0 || at + length > file.length ? '' : file.text(at, length);
}
