/**
 * SVG: whether it is well-formed XML, to the end of its root. Read as one character for each byte: what XML is made of is
 * ASCII, and names and texts may have any other bytes. https://www.w3.org/TR/xml/
 */
import { isUtf8 } from 'node:buffer';
import { BeyondEnd } from './bytes';
import { damaged, trailing, truncated } from './problems';
import type { MediaProblem, Walk } from './verdict';

const NAME = String.raw`[A-Za-z_:\x80-\uffff][-.\w:\x80-\uffff]*`;
const ATTRIBUTE = String.raw`\s+(${NAME})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`;
const openTag = new RegExp(String.raw`<(${NAME})((?:${ATTRIBUTE})*)\s*(/?)>`, 'y');
const closeTag = new RegExp(String.raw`</(${NAME})\s*>`, 'y');
/** With the names of entities, which may stand for anything. */
const doctype = /<!DOCTYPE\s[^[>]*(\[(?:[^\]"'<]|"[^"]*"|'[^']*'|<!--[^]*?-->|<)*\]\s*)?>/y;
const reference = new RegExp(String.raw`&(?:#\d+|#x[\da-fA-F]+|(${NAME}));|&`, 'g');
const PREDEFINED = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/** What ends with a mark of its own, and holds anything else. */
const stretches: readonly { readonly begin: string; readonly end: string }[] = [
  { begin: '<!--', end: '-->' },
  { begin: '<![CDATA[', end: ']]>' },
  { begin: '<?', end: '?>' },
];

export const walkSvg: Walk = (bytes) => {
  const { text, bytesEach } = textOf(bytes);
  const problems: MediaProblem[] = [];
  let header = {};
  try {
    const { root, end } = scan(text);
    header = sizeOf(root);
    if (end < text.length) problems.push({ ...trailing(end * bytesEach, bytes.length), severity: 'error' });
    if (bytesEach === 1 && !/^[^>]*encoding=["'](?!utf-8)/i.test(text) && !isUtf8(bytes)) {
      problems.push({
        code: 'file-damaged',
        severity: 'error',
        message: 'The text has bytes that mean nothing in UTF-8.',
      });
    }
  } catch (error) {
    if (error instanceof BeyondEnd) problems.push(truncated(bytes.length, 'the end of its root element'));
    else if (error instanceof Malformed) problems.push(damaged(error.at * bytesEach, error.message));
    else throw error;
  }
  return { ...header, problems };
};

class Malformed extends Error {
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

function textOf(bytes: Uint8Array): { text: string; bytesEach: 1 | 2 } {
  const utf16 = bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : undefined;
  if (utf16) return { text: new TextDecoder(utf16, { ignoreBOM: true }).decode(bytes), bytesEach: 2 };
  return { text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), bytesEach: 1 };
}

/**
 * The attributes of the root, and where everything ends that may stand in a document.
 * Throws {@link Malformed}, and {@link BeyondEnd} where the text ends too early.
 */
function scan(text: string): { root: string; end: number } {
  const open: string[] = [];
  let root: string | undefined;
  let entities = false;
  for (let at = text.indexOf('<'); at >= 0 && at < text.length;) {
    const stretch = stretches.find(({ begin }) => text.startsWith(begin, at));
    if (stretch) {
      at = after(text, stretch.end, at + stretch.begin.length);
    } else if (text.startsWith('<!DOCTYPE', at)) {
      const [whole, subset] = match(doctype, text, at);
      entities ||= subset !== undefined || whole.includes('"');
      at += whole.length;
    } else if (text.startsWith('</', at)) {
      const [whole, name = ''] = match(closeTag, text, at);
      const expected = open.pop();
      if (name !== expected) throw new Malformed(at, `The tag </${name}> stands where </${String(expected)}> is due,`);
      at += whole.length;
    } else {
      const [whole, name = '', attributes = '', , , , empty] = match(openTag, text, at);
      checkReferences(attributes, at + 1 + name.length, entities);
      if (root === undefined && !/^(\w+:)?svg$/.test(name))
        throw new Malformed(at, `The root is <${name}>, not <svg>,`);
      root ??= attributes;
      if (empty === '') open.push(name);
      at += whole.length;
    }
    const next = text.indexOf('<', at);
    const between = text.slice(at, next < 0 ? undefined : next);
    if (root !== undefined && open.length === 0) {
      // Only comments and instructions may follow the root.
      const content = between.search(/[^\s\0]/);
      if (content >= 0) return { root, end: at + content };
      if (next < 0) return { root, end: text.length };
      if (!text.startsWith('<!--', next) && !text.startsWith('<?', next)) return { root, end: next };
    } else if (next < 0) {
      throw new BeyondEnd(text.length);
    }
    checkReferences(between, at, entities);
    at = next;
  }
  throw new BeyondEnd(text.length);
}

/** Where the text cannot be what it should be, it is cut unless it goes on to the end of a tag. */
function match(pattern: RegExp, text: string, at: number): RegExpExecArray {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found) return found;
  after(text, '>', at);
  throw new Malformed(at, 'What stands is no tag that XML allows,');
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  if (at < 0) throw new BeyondEnd(text.length);
  return at + mark.length;
}

/** @param entities whether the document may have entities of its own */
function checkReferences(text: string, start: number, entities: boolean): void {
  for (const { 0: whole, 1: name, index } of text.matchAll(reference)) {
    if (whole === '&') throw new Malformed(start + index, 'An "&" that is not written as "&amp;" stands');
    if (name !== undefined && !entities && !PREDEFINED.has(name)) {
      throw new Malformed(start + index, `The entity ${whole} is not known,`);
    }
  }
}

/** In pixels, of attributes that say it so; else as large as the view box. */
function sizeOf(root: string): { width?: number; height?: number } {
  const value = (name: string): string => new RegExp(String.raw`\s${name}\s*=\s*["']\s*([^"']*)`).exec(root)?.[1] ?? '';
  const [, , boxWidth, boxHeight] = value('viewBox')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const pixels = (name: string): number | undefined => {
    const [, number] = /^([\d.]+)\s*(?:px)?$/.exec(value(name).trim()) ?? [];
    return number === undefined ? undefined : Number(number);
  };
  const [width, height] = [pixels('width') ?? boxWidth, pixels('height') ?? boxHeight];
  return width && height && Number.isFinite(width * height)
    ? { width: Math.round(width), height: Math.round(height) }
    : {};
}
