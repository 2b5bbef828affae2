/** From text to a YAML tree, and what is wrong with the text as YAML. */
import { Composer, Lexer, Parser, isMap, isScalar, isSeq } from 'yaml';
import type { CST, Document, Node } from 'yaml';
import type { TextProblem } from './guard';
import type { TextRange } from './lines';
import { firstLine, tailOf } from './ranges';
import { syntaxWords } from './syntaxWords';
import type { SyntaxFault } from './syntaxWords';

/** A broken file can have an error in every character; nobody reads more than the first. */
const MAX_SYNTAX_PROBLEMS = 20;

/**
 * The first YAML document of a text. Never throws; a text with mistakes gives what could be read of it.
 * @param lexemes the text in the pieces that `guarded` cut it into
 */
export function composeYaml(
  text: string,
  lexemes: Iterable<string> = new Lexer().lex(text),
): { document: Document.Parsed | undefined; problems: TextProblem[] } {
  // `uniqueKeys` and `prettyErrors` take quadratic time, and a stack for each of a million errors takes minutes.
  const options = {
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    let document: Document.Parsed | undefined;
    const problems: TextProblem[] = [];
    for (const next of new Composer(options).compose(tokensOf(lexemes))) {
      if (document) {
        problems.push({
          code: 'yaml-syntax',
          message: 'A second YAML document starts here.',
          suggestion: 'A config is one document: remove the `---` or `...` line.',
          range: documentStart(text, document.range[1], next.range[0]),
        });
        break;
      }
      document = next;
      for (const error of mainErrors(next)) {
        const open = isOpenQuote(error) ? lastScalar(next.contents) : undefined;
        const range = visible(text, open ? [open.range?.[0] ?? 0, open.range?.[0] ?? 0] : error.pos);
        problems.push({ code: 'yaml-syntax', ...syntaxWords(error), range });
      }
    }
    return { document, problems };
  } catch (error) {
    // No text is known that makes the reader throw; if there is one, it is a broken text and not the end of the editor.
    const message = `The YAML reader gave up on this text: ${(error as Error).message}`;
    return { document: undefined, problems: [{ code: 'yaml-syntax', message, range: firstLine(text) }] };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function* tokensOf(lexemes: Iterable<string>): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of lexemes) yield* parser.next(lexeme);
  yield* parser.end();
}

/** Once a token was out of place, so are most that follow; a quote that is never closed hides everything behind it. */
function mainErrors(document: Document): SyntaxFault[] {
  const quote = document.errors.find(isOpenQuote);
  if (quote) return [quote];
  const first = document.errors.findIndex((error) => error.code === 'UNEXPECTED_TOKEN');
  const errors = document.errors.filter((error, index) => index === first || error.code !== 'UNEXPECTED_TOKEN');
  return [...errors.slice(0, MAX_SYNTAX_PROBLEMS), ...document.warnings.slice(0, MAX_SYNTAX_PROBLEMS)];
}

function isOpenQuote(error: SyntaxFault): boolean {
  return error.message.startsWith('Missing closing');
}

/** A quote that is never closed swallows the rest of the file; this is the text that it opens. */
function lastScalar(node: Node | null): Node | undefined {
  if (isScalar(node)) return node;
  return isMap(node) || isSeq(node) ? lastScalar(tailOf(node)) : undefined;
}

/** The marker line between two documents, else the start of the second. */
function documentStart(text: string, from: number, to: number): TextRange {
  const marker = /^(---|\.\.\.)/m.exec(text.slice(from, to + 3));
  if (!marker) return { start: to, end: Math.min(text.length, to + 1) };
  return { start: from + marker.index, end: from + marker.index + 3 };
}

/** An error's range, moved to the last visible character if it lies behind it: an editor can't underline the end of a file. */
function visible(text: string, [start, end]: readonly [number, number]): TextRange {
  const length = text.trimEnd().length;
  if (start < length) return { start, end: start + Math.max(1, text.slice(start, end).trimEnd().length) };
  return { start: Math.max(0, length - 1), end: length };
}
