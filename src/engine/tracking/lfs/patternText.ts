/**
 * Patterns of `.gitattributes` in two forms: as git matches them (`*`, `?`, `[…]` and `\` mean something), and as they
 * stand in a line, where a space would end them and control characters are quoted as in C.
 */

/** The pattern that matches this path alone; relative to the folder of the file. */
export function literal(path: string): string {
  return anchored(escaped(path));
}

/** Of a name or a path as part of a pattern. */
export function escaped(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

/** Whether it may match several names. */
export function isOpen(pattern: string): boolean {
  return /[*?[]/.test(pattern.replace(/\\[^]/g, ''));
}

/** Without any slash it would match at every depth. */
export function anchored(pattern: string): string {
  return pattern.includes('/') ? pattern : `/${pattern}`;
}

/**
 * As it stands in a line: like `git lfs track` where that is right. It breaks the line at a tab, and git takes what begins
 * with `!` for a negation.
 */
export function patternText(pattern: string): string {
  const escaped = pattern.replace(/^!/, '\\!').replace(/\\[^]|#/g, (found) => (found === '#' ? '\\#' : found));
  const isQuoted = /^"|[\0-\x1f\x7f]/.test(escaped) || /\[[^\]]* /.test(escaped);
  return isQuoted ? quoted(escaped) : escaped.replace(/\\? /g, '[[:space:]]');
}

/** The same for every way of quoting and escaping a pattern in a line. */
export function samePattern(text: string): string {
  const plain = text.startsWith('"') ? unquoted(text.slice(1, -1)) : text.replaceAll('[[:space:]]', ' ');
  const unescaped = plain.replace(/\\([^])/g, (found, character: string) =>
    /[\\*?[\]]/.test(character) ? found : character,
  );
  return unescaped.startsWith('/') && unescaped.indexOf('/', 1) > 0 ? unescaped.slice(1) : unescaped;
}

/** By the letter behind the backslash. */
const controls: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
]);
const letters = new Map([...controls].map(([letter, control]) => [control, letter]));

function quoted(text: string): string {
  const inside = text
    .replace(/["\\]/g, '\\$&')
    .replace(
      /[\0-\x1f\x7f]/g,
      (found) => `\\${letters.get(found) ?? found.charCodeAt(0).toString(8).padStart(3, '0')}`,
    );
  return `"${inside}"`;
}

function unquoted(inside: string): string {
  return inside.replace(/\\([0-3][0-7]{2}|[^])/g, (_, escape: string) =>
    escape.length === 3 ? String.fromCharCode(parseInt(escape, 8)) : (controls.get(escape) ?? escape),
  );
}
