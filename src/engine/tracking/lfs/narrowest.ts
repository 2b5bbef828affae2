/** The fewest lines that make these files, and no others, files of Git LFS; of as many lines the narrower ones. */
import { posix } from 'node:path';
import { codecOfName } from '../../../config';
import { LFS, NOT_LFS, type AttributeLine } from './attributesFile';
import { GUARDED, isGuarded } from './guards';
import { anchored, escaped, literal } from './patternText';

export interface NamedFile {
  /** Relative to the folder of the `.gitattributes`, with forward slashes. */
  readonly path: string;
  /** `wanted`: is to be one; `covered`: is one already; `other`: is to be none. */
  readonly as: 'wanted' | 'covered' | 'other';
}

/** @param files every file below `folder` */
export function narrowestLines(folder: string, files: readonly NamedFile[]): AttributeLine[] {
  const open = files.filter(({ path }) => !isGuarded(path));
  const groups = groupsBy(open, ({ path }) => endingOf(path));
  const bare = wantedOf(groups.get('') ?? []).length;
  // A pattern without an ending takes in every name, and needs its guards.
  if (bare > 1 + GUARDED.length && open.every(({ as }) => as !== 'other')) {
    return [lfs(`${below(commonFolder(folder, open))}**`)];
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([ending, group]) => cover(folder, ending, group));
}

/** Each file by its name. */
export function linesByName(files: readonly NamedFile[]): AttributeLine[] {
  return wantedOf(files).map(({ path }) => lfs(literal(path)));
}

/** Without what a line before says of it. */
export function exception(path: string): AttributeLine {
  return { pattern: literal(path), attributes: NOT_LFS };
}

/** @param files all below the folder with this ending */
function cover(folder: string, ending: string, files: readonly NamedFile[]): AttributeLine[] {
  const wanted = wantedOf(files);
  const named = linesByName(files);
  // One that joins files which are covered does not need a pattern that covers those once more.
  if (ending === '' || wanted.length === 0 || (wanted.length === 1 && files.length > 1)) return named;
  const broad = lfs(groupPattern(folder, ending, files));
  const others = files.filter(({ as }) => as === 'other');
  if (others.length === 0) return [broad];
  const ways = [named, coverEach(folder, ending, files), [broad, ...others.map(({ path }) => exception(path))]];
  return ways.reduce((best, lines) => (lines.length < best.length ? lines : best));
}

/** The files of the folder itself, and those of each folder in it, by themselves. */
function coverEach(folder: string, ending: string, files: readonly NamedFile[]): AttributeLine[] {
  const start = folder === '' ? 0 : folder.length + 1;
  const groups = groupsBy(files, ({ path }) => path.slice(0, Math.max(path.indexOf('/', start), 0)));
  const direct = groups.get('') ?? [];
  groups.delete('');
  const here = groups.size === 0 ? linesByName(direct) : cover(folder, ending, direct);
  return [...here, ...[...groups].flatMap(([child, group]) => cover(child, ending, group))];
}

function groupPattern(folder: string, ending: string, files: readonly NamedFile[]): string {
  const common = commonFolder(folder, files);
  const isFlat = files.every(({ path }) => folderOf(path) === common);
  return `${below(common)}${isFlat ? '' : '**/'}*${escaped(ending)}`;
}

/** The deepest folder that all of them are in: this one, or one in it. */
function commonFolder(folder: string, files: readonly NamedFile[]): string {
  const [first = [], ...rest] = [...new Set(files.map(({ path }) => folderOf(path)))].map((path) => path.split('/'));
  const end = first.findIndex((part, at) => rest.some((other) => other[at] !== part));
  const common = (end === -1 ? first : first.slice(0, end)).join('/');
  return common.length > folder.length ? common : folder;
}

/** `.parquet`, `.csv.gz`; empty for a name without one. */
function endingOf(path: string): string {
  const name = posix.basename(path);
  const last = posix.extname(name);
  return codecOfName(name) === undefined ? last : posix.extname(name.slice(0, -last.length)) + last;
}

function wantedOf(files: readonly NamedFile[]): NamedFile[] {
  return files.filter(({ as }) => as === 'wanted');
}

function groupsBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function below(folder: string): string {
  return folder === '' ? '/' : `${escaped(folder)}/`;
}

function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

function lfs(pattern: string): AttributeLine {
  return { pattern: anchored(pattern), attributes: LFS };
}
