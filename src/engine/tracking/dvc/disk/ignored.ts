/** Patterns of `.dvcignore` as DVC's own library (pathspec) takes them: those of `.gitignore`, but for a few corners. */

export interface IgnoreRule {
  /** The folder of the file that has it, relative to the root, with `/`; empty: the root. */
  readonly folder: string;
  readonly pattern: string;
}

interface Matcher {
  readonly folder: string;
  readonly expression: RegExp;
  readonly ignores: boolean;
  readonly foldersOnly: boolean;
}

/** Tells of a path relative to the root, whose folders are not ignored themselves. */
export type Ignores = (path: string, isFolder: boolean) => boolean;

/** @param rules the weakest first */
export function ignoresOf(rules: readonly IgnoreRule[]): Ignores {
  const matchers = rules.flatMap((rule) => matcherOf(rule) ?? []).reverse();
  return (path, isFolder) => {
    const found = matchers.find((matcher) => matches(matcher, path, isFolder));
    return found?.ignores ?? false;
  };
}

/** Whether a path is ignored, or a folder above it. */
export function isIgnored(ignores: Ignores, path: string, isFolder: boolean): boolean {
  const parts = path.split('/');
  return parts.some((_, index) => {
    const last = index === parts.length - 1;
    return ignores(parts.slice(0, index + 1).join('/'), last ? isFolder : true);
  });
}

function matches({ folder, expression, foldersOnly }: Matcher, path: string, isFolder: boolean): boolean {
  if (foldersOnly && !isFolder) return false;
  const prefix = folder === '' ? '' : `${folder}/`;
  if (!path.startsWith(prefix)) return false;
  const way = path.slice(prefix.length);
  return way !== '' && (expression.test(way) || (isFolder && expression.test(`${way}/`)));
}

/** Undefined for what matches nothing. */
function matcherOf({ folder, pattern }: IgnoreRule): Matcher | undefined {
  const ignores = !pattern.startsWith('!');
  const words = ignores ? pattern : pattern.slice(1);
  const source = expressionOf(words);
  if (source === undefined) return undefined;
  try {
    return { folder, expression: new RegExp(source, 'u'), ignores, foldersOnly: words.endsWith('/') };
  } catch {
    return undefined; // a range such as `[z-a]`
  }
}

function expressionOf(words: string): string | undefined {
  if (words === '' || words === '/') return undefined;
  const segments = words.split('/');
  if (segments[0] === '') segments.shift();
  // A name alone matches at any depth.
  else if (segments.length === 1 || (segments.length === 2 && segments[1] === '')) segments.unshift('**');
  if (segments.at(-1) === '') segments.splice(-1, 1, '**');
  const path = segments.filter((segment, index) => segment !== '**' || segments[index - 1] !== '**');
  if (path.length === 1 && path[0] === '**') return words.endsWith('/') ? '/' : '';
  let source = '^';
  let between = false;
  for (const [index, segment] of path.entries()) {
    const last = index === path.length - 1;
    if (segment === '**') {
      source += index === 0 ? '(?:[^\\n]+/)?' : last ? '/' : '(?:/[^\\n]+)?';
      between = index > 0;
      continue;
    }
    const glob = segment === '*' ? '[^/]+' : globOf(segment);
    if (glob === undefined) return undefined;
    source += `${between ? '/' : ''}${glob}${last ? '(?:/|$)' : ''}`;
    between = true;
  }
  return source;
}

/** Undefined where a bracket or an escape is not ended. */
function globOf(segment: string): string | undefined {
  let source = '';
  let rest = segment;
  while (rest !== '') {
    const [whole = '', escaped, inverse, range] = /^(?:\\(.)|\[([!^]?)(\]?[^\]]*)\]|.)/su.exec(rest) ?? [];
    rest = rest.slice(whole.length);
    if (escaped !== undefined) source += quoted(escaped);
    else if (range !== undefined) source += `[${inverse === '' ? '' : '^'}${range.replace(/[\\\][^]/g, '\\$&')}]`;
    else if (whole === '*') source += '[^/]*';
    else if (whole === '?') source += '[^/]';
    else if (whole === '[' || whole === '\\') return undefined;
    else source += quoted(whole);
  }
  return source;
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
