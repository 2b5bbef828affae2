/**
 * The text of a `.gitattributes`. An edit adds lines, or writes one anew where it stands; every other byte stays, also of
 * comments in another encoding: within here each byte is one character.
 */
import { MldataError } from '../../../protocol';
import { patternText, samePattern } from './patternText';

export interface AttributeLine {
  /** As git matches it. */
  readonly pattern: string;
  /** Such as `filter=lfs` and `-text`. */
  readonly attributes: readonly string[];
}

/** A file that Git LFS keeps. */
export const LFS = ['filter=lfs', 'diff=lfs', 'merge=lfs', '-text'];
/** Behind a line that says Git LFS: a file that git itself keeps, byte by byte. */
export const NOT_LFS = ['-filter', '!diff', '!merge', '-text'];
/** Likewise, of text. Git is to show and merge it as such, which it would not with `-diff` and `-merge`. */
export const PLAIN_TEXT = ['-filter', '!diff', '!merge', 'text'];

/** `again`: a line of the same pattern that says nothing else is written anew where it stands; `last`: it goes. */
export type Placing = 'again' | 'last';

/** Longer lines git passes over. */
const LONGEST_LINE = 2047;

/**
 * The content with these lines, of which each says more than what stands before it. Throws `lfs-attributes-encoding` for
 * UTF-16, which git does not read, and `lfs-name-too-long`.
 */
export function withLines(content: Buffer | undefined, lines: readonly AttributeLine[], placing: Placing): Buffer {
  const text = content?.toString('latin1') ?? '';
  if (/^(\xff\xfe|\xfe\xff)/.test(text)) {
    throw new MldataError(
      'config',
      'lfs-attributes-encoding',
      'The `.gitattributes` is UTF-16, which git does not read. Save it as UTF-8, and try again. It is as it was.',
    );
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const present = (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => (line.endsWith('\n') ? line : line + newline));
  const added: string[] = [];
  for (const { pattern, attributes } of lines) {
    const name = Buffer.from(patternText(pattern)).toString('latin1');
    const line = `${name} ${attributes.join(' ')}${newline}`;
    if (line.length > LONGEST_LINE) throw nameTooLong(pattern);
    const at = present.findLastIndex((other) => saysThisOnly(other, samePattern(name)));
    if (at !== -1 && placing === 'again') present[at] = line;
    else {
      if (at !== -1) present.splice(at, 1);
      added.push(line);
    }
  }
  return Buffer.from([...present, ...added].join(''), 'latin1');
}

function saysThisOnly(line: string, same: string): boolean {
  const [, pattern, rest = ''] = /^\s*("(?:[^"\\]|\\.)*"|[^\s"#]\S*)\s+(\S.*?)\s*$/.exec(line) ?? [];
  if (pattern === undefined || samePattern(pattern) !== same) return false;
  return rest.split(/\s+/).every((attribute) => /^[-!]?(filter|diff|merge|text)(=|$)/.test(attribute));
}

function nameTooLong(pattern: string): MldataError {
  const text = `Git passes over lines as long as ${pattern.slice(0, 60)}… needs. Give the file or its folders shorter names.`;
  return new MldataError('config', 'lfs-name-too-long', text);
}
