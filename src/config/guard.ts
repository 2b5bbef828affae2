/**
 * What is refused before the YAML parser sees it. The parser composes nested collections by recursion, and text that
 * nests deeply enough overflows the stack in a way that no `catch` survives; its lexer is iterative, so it can count.
 */
import { CST, Lexer } from 'yaml';
import type { TextRange } from './lines';
import type { ConfigCode } from './problem';

/** UTF-16 units; about 40,000 lines. */
export const MAX_LENGTH = 2 * 1024 * 1024;
/** Levels of maps and lists inside each other. */
export const MAX_DEPTH = 64;

export interface TextProblem {
  readonly code: ConfigCode;
  readonly message: string;
  readonly suggestion?: string;
  readonly range: TextRange;
}

/** A text in the pieces that the parser takes, or why it must not be parsed. */
export type Guarded = { readonly refused: TextProblem } | { readonly lexemes: readonly string[] };

/** What of a config may be parsed. Cutting a text into its pieces is a third of reading it, and so done once. */
export function guarded(text: string): Guarded {
  if (text.length > MAX_LENGTH) {
    const refused: TextProblem = {
      code: 'yaml-too-large',
      message: `The config has ${text.length} characters; at most ${MAX_LENGTH} are read.`,
      suggestion: 'Keep data in data files, and split the datasets over several folders with a config each.',
      range: { start: 0, end: 0 },
    };
    return { refused };
  }
  const character = forbiddenCharacter(text);
  if (character) return { refused: character };
  const lexemes = [...new Lexer().lex(text)];
  const refused = deepNesting(lexemes);
  return refused ? { refused } : { lexemes };
}

// YAML allows no other control characters, and the lexer uses some of them as its own signals.

const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

function forbiddenCharacter(text: string): TextProblem | undefined {
  const start = text.search(forbidden);
  if (start < 0) return undefined;
  const code = text.charCodeAt(start).toString(16).toUpperCase().padStart(4, '0');
  return {
    code: 'yaml-syntax',
    message: `The character U+${code} is not allowed in YAML.`,
    suggestion: 'Remove it, and save the file as UTF-8.',
    range: { start, end: start + 1 },
  };
}

/** Counts open brackets, and the columns at which block maps and lists stand inside each other. */
function deepNesting(lexemes: Iterable<string>): TextProblem | undefined {
  const columns: number[] = [];
  let brackets = 0;
  let offset = 0;
  let lineStart = 0;
  /** Where a key would start, if a `:` follows on this line. */
  let keyColumn: number | undefined;
  let scalarNext = false;

  const open = (column: number): void => {
    while ((columns.at(-1) ?? -1) > column) columns.pop();
    if (columns.at(-1) !== column) columns.push(column);
  };

  for (const source of lexemes) {
    const type: CST.TokenType | 'text' | null = scalarNext ? 'text' : CST.tokenType(source);
    scalarNext = type === 'scalar';
    // These two are signals of the lexer and stand for no text.
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') continue;
    const column = offset - lineStart;
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets += 1;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') brackets = Math.max(0, brackets - 1);
    else if (brackets === 0) {
      if (type === 'seq-item-ind' || type === 'explicit-key-ind') open(column);
      else if (type === 'map-value-ind') open(keyColumn ?? column);
    }
    if (columns.length + brackets > MAX_DEPTH) {
      return {
        code: 'yaml-too-deep',
        message: `The config nests more than ${MAX_DEPTH} levels deep here.`,
        suggestion: 'A config needs about eight levels; look for brackets that are never closed.',
        range: { start: offset, end: offset + source.length },
      };
    }
    offset += source.length;
    if (type === 'newline' || type === 'text') {
      const lastBreak = source.lastIndexOf('\n');
      if (lastBreak >= 0) {
        lineStart = offset - source.length + lastBreak + 1;
        keyColumn = undefined;
        continue;
      }
    }
    if (type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind') keyColumn = undefined;
    else if (type !== 'space' && type !== 'newline') keyColumn ??= column;
  }
  return undefined;
}

/** In words, where a text has more UTF-16 units than are read. */
export function tooLong(text: string, maxLength: number): string | undefined {
  if (text.length <= maxLength) return undefined;
  return `it has ${text.length} characters, and at most ${maxLength} are read`;
}

/** Why a text must not be given to the YAML parser that keeps places and comments, which would not survive it. */
export function yamlDanger(text: string, maxLength: number): string | undefined {
  return (
    tooLong(text, maxLength) ??
    (forbiddenCharacter(text) && 'it holds control characters') ??
    (deepNesting(new Lexer().lex(text)) && 'it nests too deeply')
  );
}
