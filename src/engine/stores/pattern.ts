/** Which names of a store are meant: one, all below a folder, or those that a pattern fits. */
import picomatch from 'picomatch';

export interface Pattern {
  /** Every name that is meant begins with it. */
  readonly prefix: string;
  readonly matches: (name: string) => boolean;
}

const GLOB = /[*?[\]{}!()\\]/;

/** Undefined where the text is a plain name. */
export function patternOf(text: string): Pattern | undefined {
  if (text === '' || text.endsWith('/')) return { prefix: text, matches: (name) => name.startsWith(text) };
  if (!/[*?[{\\]/.test(text)) return undefined;
  return { prefix: text.slice(0, text.search(GLOB)), matches: picomatch([text], { dot: true }) };
}

/** The folder that the prefix lies in, without a slash at its end. */
export function folderOf(prefix: string): string {
  return prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')));
}
