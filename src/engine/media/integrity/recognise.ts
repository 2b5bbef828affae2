/** What a file is by its content, whatever its name says: media, or what was saved under a name of media instead. */
import { formatByContent, formatsByName, headOf, type KnownFormat } from './formats';
import type { FileBytes } from './fileBytes';
import type { MediaProblem, MediaVerdict } from './verdict';

export interface Recognition {
  /** Undefined where it is no media; the problems then say what it is. */
  readonly known?: KnownFormat;
  readonly problems: readonly MediaProblem[];
}

/** Text that is no media, the special before the general. */
const texts: readonly { readonly begins: RegExp; readonly title: string }[] = [
  {
    begins: /^\s*(<!--[^]*?-->\s*)*<(!doctype\s+html|html|head|body|title|meta|script|h1|div|p)\b/i,
    title: 'a web page',
  },
  { begins: /^\s*<(\?xml|[A-Za-z!])/, title: 'XML' },
  { begins: /^\s*(\{\s*("|\})|\[\s*[\[{"\d\]])/, title: 'JSON' },
];

const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\r?$/m;

/** Other content that is often met under a wrong name. */
const others: readonly { readonly begins: RegExp; readonly title: string }[] = [
  { begins: /^%PDF-/, title: 'a PDF document' },
  { begins: /^PK(\x03\x04|\x05\x06)/, title: 'a ZIP archive' },
  { begins: /^\x1f\x8b/, title: 'a gzip archive' },
  { begins: /^RIFF[^]{4}AVI /, title: 'an AVI video' },
  { begins: /^PAR1/, title: 'a Parquet file' },
  { begins: /^\x93NUMPY/, title: 'a NumPy array' },
  { begins: /^%!PS/, title: 'a PostScript document' },
];

/** As many characters of what was found instead as help to see where it came from. */
const SHOWN_CHARACTERS = 60;
/** Fewer bytes than any header has. */
const LEAST_BYTES = 12;

/**
 * @param path of the file, for its extension
 * @param kind what is expected
 */
export function recognise(file: FileBytes, path: string, kind?: MediaVerdict['kind']): Recognition {
  if (file.length === 0) return refused('file-empty', 'The file has no bytes.');
  if (file.isZero(0, file.length)) {
    return refused(
      'file-all-zeros',
      `All ${file.length} bytes of the file are zero: nothing was ever written to it.`,
      0,
    );
  }
  const [named] = formatsByName(path);
  const known = formatByContent(file);
  if (!known) return named?.checked === false && !isText(file) ? { known: named, problems: [] } : notMedia(file, named);
  if (kind && known.kind !== kind) {
    return {
      known,
      problems: [{ code: 'file-wrong-kind', severity: 'error', message: wrongKind(known, kind), byte: 0 }],
    };
  }
  return { known, problems: misnamed(path, known) };
}

function wrongKind({ title }: KnownFormat, kind: 'image' | 'audio'): string {
  return `The content is ${title}, where ${kind === 'image' ? 'an image' : 'audio'} is expected.`;
}

function misnamed(path: string, known: KnownFormat): MediaProblem[] {
  const named = formatsByName(path);
  const [usual] = known.extensions;
  if (usual === undefined || named.length === 0 || named.some(({ format }) => format === known.format)) return [];
  const extension = path.slice(path.lastIndexOf('.'));
  return [
    {
      code: 'file-wrong-extension',
      severity: 'warning',
      message: `The content is ${known.title}, but the name ends in ${extension}; ${usual} would be right.`,
      byte: 0,
    },
  ];
}

function notMedia(file: FileBytes, named: KnownFormat | undefined): Recognition {
  const head = headOf(file);
  if (LFS_POINTER.test(head)) {
    const size = /^size (\d+)/m.exec(head)?.[1];
    const whole = size === undefined ? 'the file' : `the file of ${size} bytes`;
    const message = `The content is a Git LFS pointer, not ${whole} that it stands for. Run \`git lfs pull\`.`;
    return refused('file-lfs-pointer', message, 0);
  }
  const other = others.find(({ begins }) => begins.test(head));
  if (other) return refused('file-not-media', `The content is ${other.title}, not ${expected(named)}.`, 0);
  if (isText(file)) {
    const title = texts.find(({ begins }) => begins.test(head))?.title ?? 'text';
    // What stands before its root is too little to tell it by, should that be cut off.
    if (title === 'XML' && named?.format === 'svg') return { known: named, problems: [] };
    return refused('file-not-media', `The content is ${title}, not ${expected(named)}: ${shown(file)}`, 0);
  }
  if (file.length < LEAST_BYTES) {
    return refused('file-truncated', `The file ends at byte ${file.length}, before its header does.`, file.length);
  }
  const first = file.view(0, 8).toString('hex').replace(/..\B/g, '$& ');
  return refused('file-not-media', `The content is not ${expected(named)}: it begins with the bytes ${first}.`, 0);
}

function refused(code: MediaProblem['code'], message: string, byte?: number): Recognition {
  return { problems: [{ code, severity: 'error', message, ...(byte !== undefined && { byte }) }] };
}

function expected(named: KnownFormat | undefined): string {
  return named?.title ?? 'an image or a recording';
}

/** Whether the first bytes are readable characters only, in UTF-8 or UTF-16. */
function isText(file: FileBytes): boolean {
  return !/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]/.test(beginning(file));
}

/** The first characters in quotes, on one line. */
function shown(file: FileBytes): string {
  const text = beginning(file).trim().replaceAll(/\s+/g, ' ');
  return text.length > SHOWN_CHARACTERS ? `"${text.slice(0, SHOWN_CHARACTERS)}…"` : `"${text}"`;
}

function beginning(file: FileBytes): string {
  const head = file.upTo(0, 512);
  const bom =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
  // What the cut leaves of the last character is not minded.
  return new TextDecoder(bom).decode(head, { stream: true });
}
