/** Regular expressions in RE2's syntax, checked without RE2. */

/** Why RE2 would not take this pattern (one sentence); undefined when it looks right. */
export function patternProblem(pattern: string): string | undefined {
  const missing = unsupported(pattern);
  if (missing !== undefined) return missing;
  try {
    new RegExp(inJavaScript(pattern));
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.replace(/^Invalid regular expression: (\/[^]*\/\w*: )?/, '');
    return `This is not a regular expression: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.`;
  }
}

/** What JavaScript and RE2 read alike, without repeated groups: how long a match takes grows with a power of the length. */
const character = String.raw`[^\\[\](){}*+?|^$]|\\[dDwW.\-/()[\]{}*+?|^$\\]`;
const characterClass = String.raw`\[\^?(?:[^\\[\]^]|\\[dDwW.\-/])+\]`;
const group = String.raw`\((?:\?:|(?!\?))|\)(?![*+?{])`;
const repeatOrPlace = String.raw`[*+?|^$]|\{\d{1,2}(?:,\d{0,2})?\}`;
const alike = new RegExp(`^(?:${[character, characterClass, group, repeatOrPlace].join('|')})*$`);
const MOST_REPEATS = 3;
const LONGEST_TEXT = 100;

/** Whether the whole of a text matches; undefined where that cannot be told without RE2, or not quickly. */
export function matchesWhole(pattern: string, text: string): boolean | undefined {
  const repeats = pattern.match(/[*+?{]/g)?.length ?? 0;
  const isPlain = /^[ -~]*$/.test(pattern + text) && text.length <= LONGEST_TEXT && repeats <= MOST_REPEATS;
  if (!isPlain || !alike.test(pattern) || patternProblem(pattern) !== undefined) return undefined;
  return new RegExp(`^(?:${pattern})$`).test(text);
}

/** How many groups a pattern has, if it is one. */
export function groupsOf(pattern: string): number {
  return (new RegExp(`${inJavaScript(pattern)}|`).exec('')?.length ?? 1) - 1;
}

/** What JavaScript has and RE2, which promises linear time, has not. */
function unsupported(pattern: string): string | undefined {
  let inClass = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const rest = pattern.slice(index, index + 12);
    if (rest.startsWith('\\')) {
      if (!inClass && /^\\([1-9](?![0-7])|k<)/.test(rest))
        return 'Backreferences such as `\\1` are not available (RE2 syntax).';
      const escape = escapeAt(rest, inClass);
      if (escape === undefined) return unknownEscape(rest);
      // What is quoted stands for itself.
      const end = escape === '\\Q' ? pattern.indexOf('\\E', index) : -1;
      if (escape === '\\Q' && end < 0) return undefined;
      index = end < 0 ? index + escape.length - 1 : end + 1;
    } else if (inClass) {
      inClass = !rest.startsWith(']');
    } else if (rest.startsWith('[')) {
      inClass = true;
      // A bracket that comes first stands for itself.
      const literal = /^\[\^?\]/.exec(rest);
      if (literal) index += literal[0].length - 1;
    } else if (/^\(\?<?[=!]/.test(rest)) {
      return 'Lookahead and lookbehind such as `(?=…)` are not available (RE2 syntax).';
    } else if (rest.startsWith('(?<')) {
      return 'A group is named with `(?P<name>…)` (RE2 syntax).';
    } else {
      const counts = /^\{(\d+)(?:,(\d*))?\}/.exec(rest);
      if (counts && (Number(counts[1]) > 1000 || Number(counts[2] ?? 0) > 1000)) {
        return 'A repetition takes at most 1000 times (RE2 syntax).';
      }
    }
  }
  return undefined;
}

/** The escape that the text begins with; undefined when RE2 knows none like it. */
function escapeAt(text: string, inClass: boolean): string | undefined {
  const code = /^\\x(?:[0-9A-Fa-f]{2}|\{([0-9A-Fa-f]{1,6})\})/.exec(text);
  if (code) return parseInt(code[1] ?? '0', 16) <= 0x10ffff ? code[0] : undefined;
  return (inClass ? escapeInClass : escapeOutside).exec(text)?.[0];
}

// Digits are characters in octal; a single one but zero would be a backreference.
const escapeAnywhere = String.raw`0|[1-7](?=[0-7])|[afnrtvdDsSwW]|[pP](?:[A-Z]|\{\^?\w+\})|[!-/:-@[-` + '`{-~]';
const escapeInClass = new RegExp(String.raw`^\\(?:${escapeAnywhere})`);
const escapeOutside = new RegExp(String.raw`^\\(?:${escapeAnywhere}|[bBACzQ])`);

function unknownEscape(text: string): string {
  const written = /^\\(?:[a-z][\w{}]{0,6}|.|$)/isu.exec(text)?.[0] ?? text;
  const hint = /^\\u/.test(text) ? ' Write `\\x{…}` with the number of the character.' : '';
  return `\`${written}\` means nothing in RE2 syntax.${hint}`;
}

/** The same pattern for JavaScript as far as validity goes: RE2's named groups, quotes and inline flags. */
function inJavaScript(pattern: string): string {
  return pattern
    .replace(/\\[^Q]|\\Q([^]*?)(?:\\E|$)/g, (found) => (found.startsWith('\\Q') ? '(?:)' : found))
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?[imsU]*(?:-[imsU]+)?\)/g, (group) => (group === '(?)' ? group : ''))
    .replace(/\(\?[imsU]*(?:-[imsU]+)?:/g, '(?:')
    .replace(/\[(\^?)\]/g, '[$1\\]');
}
