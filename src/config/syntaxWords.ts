/** What the YAML reader's errors mean to somebody who writes a config. */

/** An error or a warning of the reader. */
export interface SyntaxFault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

interface Words {
  readonly message: string;
  readonly suggestion?: string;
}

const quoteIt = 'Put the text in quotes.';

/** Words by error code; codes that cover several mistakes are told apart by the reader's own message. */
export function syntaxWords(error: SyntaxFault): Words {
  const said = error.message;
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { message: 'Tabs cannot indent YAML.', suggestion: 'Use spaces.' };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'A second `key:` stands on the same line.',
        suggestion: 'Start a new line, or put the text in quotes if `: ` belongs to it.',
      };
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        message: 'This text is neither a value nor a key.',
        suggestion: 'Add the `:` that is missing after the key.',
      };
    case 'BAD_SCALAR_START':
      return { message: `A value cannot start with \`${said.slice(-1)}\`.`, suggestion: quoteIt };
    case 'BAD_DQ_ESCAPE':
      return {
        message: 'This escape is not known inside double quotes.',
        suggestion: 'Write `\\\\` for a backslash, or use single quotes.',
      };
    case 'BAD_INDENT':
      if (said.startsWith('Flow')) return unclosed(said.includes('sequence') ? ']' : '}');
      return {
        message: 'The indentation does not fit.',
        suggestion: 'Entries of one map or list start at the same column, further right than their key.',
      };
    case 'MISSING_CHAR': {
      const closing = /end with a ([\]}])|Missing closing (["'])/.exec(said);
      if (closing) return unclosed(closing[1] ?? closing[2] ?? '');
      if (said.includes(',')) return { message: 'A comma is missing between two entries.' };
      if (said.includes('space')) return { message: 'A space is missing here.' };
      return { message: sentence(said) };
    }
    case 'BLOCK_IN_FLOW':
      return {
        message: 'An entry inside brackets cannot start like this.',
        suggestion: 'Look for a comma or a closing bracket that is missing before it.',
      };
    case 'UNEXPECTED_TOKEN':
      return {
        message: `This was not expected here${/: ("[^]*")$/.exec(said)?.[1] === undefined ? '' : ` (${shown(said)})`}.`,
        suggestion: 'Check the indentation and the brackets of the lines before.',
      };
    case 'TAG_RESOLVE_FAILED':
      return { message: 'YAML tags (`!name`) have no meaning in this config.', suggestion: 'Remove the tag.' };
    case 'BAD_DIRECTIVE':
      return { message: 'This `%` line is not a YAML directive.', suggestion: 'Remove the line.' };
    case 'MULTIPLE_ANCHORS':
      return { message: 'A value can have only one anchor (`&name`).' };
    case 'ALIAS_PROPS':
      return { message: 'An alias (`*name`) takes no anchor and no tag.' };
    case 'KEY_OVER_1024_CHARS':
      return {
        message: 'This key is longer than 1,024 characters.',
        suggestion: 'Check for a missing quote or bracket.',
      };
    default:
      return { message: sentence(said) };
  }
}

function unclosed(character: string): Words {
  return {
    message: `A closing \`${character}\` is missing.`,
    suggestion: `Add \`${character}\` where the value ends.`,
  };
}

function shown(said: string): string {
  const text = said.slice(said.indexOf('"'));
  return `\`${text.slice(1, -1).slice(0, 20)}\``;
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
