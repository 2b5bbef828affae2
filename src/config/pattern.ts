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

/** What JavaScript has and RE2, which promises linear time, has not. */
function unsupported(pattern: string): string | undefined {
  let inClass = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const rest = pattern.slice(index, index + 12);
    if (rest.startsWith('\\')) {
      if (!inClass && /^\\([1-9]|k<)/.test(rest)) return 'Backreferences such as `\\1` are not available (RE2 syntax).';
      index += 1;
    } else if (inClass) {
      inClass = !rest.startsWith(']');
    } else if (rest.startsWith('[')) {
      inClass = true;
      // A bracket that comes first stands for itself.
      const literal = /^\[\^?\]/.exec(rest);
      if (literal) index += literal[0].length - 1;
    } else if (/^\(\?<?[=!]/.test(rest)) {
      return 'Lookahead and lookbehind such as `(?=…)` are not available (RE2 syntax).';
    } else {
      const counts = /^\{(\d+)(?:,(\d*))?\}/.exec(rest);
      if (counts && (Number(counts[1]) > 1000 || Number(counts[2] ?? 0) > 1000)) {
        return 'A repetition takes at most 1000 times (RE2 syntax).';
      }
    }
  }
  return undefined;
}

/** The same pattern for JavaScript as far as validity goes: RE2's named groups and inline flags. */
function inJavaScript(pattern: string): string {
  return pattern
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?[imsU]*(?:-[imsU]+)?\)/g, (group) => (group === '(?)' ? group : ''))
    .replace(/\(\?[imsU]*(?:-[imsU]+)?:/g, '(?:')
    .replace(/\[(\^?)\]/g, '[$1\\]');
}
