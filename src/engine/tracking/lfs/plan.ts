/** What a `.gitattributes` is to say, tried out before it does. All paths are relative to the git root. */
import { lstat, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { MldataError } from '../../../protocol';
import { ask, type GitRepository } from '../git';
import { LFS, withLines, type AttributeLine } from './attributesFile';
import { guardedNames, guardLine, guardOf, isGuarded } from './guards';
import { exception, linesByName, narrowestLines } from './narrowest';
import { anchored, escaped, isOpen } from './patternText';
import { isIn, type Place } from './siteFiles';
import { ATTRIBUTES, lfsAmong, TrialTree } from './trialTree';
import type { MatchedPattern } from './userPatterns';

export interface WantedLfs {
  /** What lines may name as a whole. */
  readonly places: readonly Place[];
  /** All files below them. */
  readonly files: readonly string[];
  /** Those of them that Git LFS is to keep. */
  readonly wanted: ReadonlySet<string>;
  /** Other files, which must stay what they are. */
  readonly beside: readonly string[];
  readonly patterns: readonly MatchedPattern[];
  /** The folder whose `.gitattributes` is to say so. */
  readonly folder: string;
}

export interface LfsPlan {
  /** Of the `.gitattributes`. */
  readonly name: string;
  /** Absent: there is none. */
  readonly before?: Buffer;
  /** Absent: nothing is missing. */
  readonly after?: Buffer;
  /** All files below the places that Git LFS keeps then. */
  readonly kept: ReadonlySet<string>;
  /** What lines that stood there before make files of Git LFS, and git, DVC or mldata could not read then. */
  readonly taken: readonly string[];
}

/** More make every command of git slow. */
const MOST_LINES = 1000;

/**
 * Throws `lfs-undone` where attributes that git prefers say otherwise, `lfs-too-many-lines`, `lfs-attributes-link`, and
 * what {@link withLines} throws. Nothing is written.
 */
export async function planLfs(git: GitRepository, lfs: WantedLfs): Promise<LfsPlan> {
  const { files, beside, folder } = lfs;
  const name = posix.join(folder, ATTRIBUTES);
  const before = await contentOf(git, name);
  const wanted = [...lfs.wanted];
  const unseen = guardedNames(wanted);
  const asked = [...new Set([...files, ...beside, ...unseen])];
  const covered = await lfsAmong(git, asked);
  const taken = [...beside, ...unseen].filter((path) => covered.has(path)).map((path) => guardOf(path) ?? path);
  const kept = new Set(files.filter((path) => covered.has(path) || lfs.wanted.has(path)));
  const plan = { name, ...(before && { before }), kept, taken: [...new Set(taken)] };
  if (wanted.every((path) => covered.has(path))) return plan;

  const lines = linesFor(lfs, covered);
  if (lines.length > MOST_LINES) throw tooMany(lines.length);
  const tree = await TrialTree.open(git, asked);
  try {
    const tryOut = async (after: Buffer) => {
      await tree.write(name, after);
      const now = await lfsAmong(tree.repository, asked);
      return {
        after,
        caught: [...now].filter((path) => !covered.has(path) && !lfs.wanted.has(path)),
        isDone: wanted.every((path) => now.has(path)),
      };
    };
    for (const placing of ['again', 'last'] as const) {
      const plain = await tryOut(withLines(before, lines, placing));
      const more = corrections(lines, plain.caught, folder);
      const whole = more.length === 0 ? plain : await tryOut(withLines(plain.after, more, 'last'));
      if (whole.isDone && whole.caught.length === 0) return { ...plan, after: whole.after };
    }
    throw await undone(git, tree, name, wanted);
  } finally {
    await tree.close();
  }
}

function linesFor(
  { places, files, wanted, patterns, folder }: WantedLfs,
  covered: ReadonlySet<string>,
): AttributeLine[] {
  const lines: AttributeLine[] = [];
  const done = new Set(covered);
  for (const { pattern, files: matched } of patterns) {
    const gains = [...matched].some((path) => wanted.has(path) && !done.has(path));
    const takesMore = [...matched].some((path) => !wanted.has(path) && !covered.has(path) && !isGuarded(path));
    const start = folder === '' ? '' : `${escaped(folder)}/`;
    if (!gains || takesMore || !pattern.startsWith(start)) continue;
    lines.push({ pattern: anchored(pattern.slice(start.length)), attributes: LFS });
    for (const path of matched) done.add(path);
  }
  for (const { path: place, isFolder } of places) {
    const below = files
      .filter((path) => isIn(place, path) && isIn(folder, path))
      .map(
        (path) =>
          ({
            path: fromFolder(folder, path),
            as: done.has(path) ? 'covered' : wanted.has(path) ? 'wanted' : 'other',
          }) as const,
      );
    const whole = isIn(folder, place) ? fromFolder(folder, place) : '';
    lines.push(...(isFolder ? narrowestLines(whole, below) : linesByName(below)));
  }
  return lines;
}

/** What the lines take in beyond what is wanted is taken out again. */
function corrections(lines: readonly AttributeLine[], caught: readonly string[], folder: string): AttributeLine[] {
  const guards = new Map<string, AttributeLine>();
  const exceptions: AttributeLine[] = [];
  for (const path of caught) {
    const guarded = guardOf(path);
    if (guarded === undefined) exceptions.push(exception(fromFolder(folder, path)));
    else {
      for (const { pattern, attributes } of lines) {
        if (attributes !== LFS || !isOpen(pattern)) continue;
        const guard = guardLine(pattern, guarded);
        guards.set(guard.pattern, guard);
      }
    }
  }
  return [...exceptions, ...guards.values()];
}

async function contentOf({ root }: GitRepository, name: string): Promise<Buffer | undefined> {
  const path = join(root, name);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isFile()) return readFile(path);
  const what = found.isSymbolicLink() ? 'a symbolic link, which git does not follow there' : 'no file';
  const text = `${path} is ${what}. Put a file in its place, and try again. Nothing was changed.`;
  throw new MldataError('config', 'lfs-attributes-link', text);
}

/** Who has the last word: a deeper file of attributes, or those of this clone only. */
async function undone(
  git: GitRepository,
  tree: TrialTree,
  name: string,
  wanted: readonly string[],
): Promise<MldataError> {
  const isDone = async () => {
    const now = await lfsAmong(tree.repository, wanted);
    return wanted.find((path) => !now.has(path));
  };
  const open = (await isDone()) ?? '';
  let winner: string | undefined;
  for (const deeper of tree.attributes.filter((other) => other !== name)) {
    await tree.write(deeper, Buffer.alloc(0));
    if ((await isDone()) !== undefined) continue;
    winner = deeper;
    break;
  }
  const { stdout } = await ask(git.root, ['rev-parse', '--git-path', 'info/attributes']);
  const file = winner ?? stdout.toString().trim();
  const text = `${file} says otherwise of ${open}, and git follows it rather than ${name}. Take the line out that sets \`filter\` there, and try again. Nothing was changed.`;
  return new MldataError('config', 'lfs-undone', text);
}

function tooMany(count: number): MldataError {
  const text = `${count} lines would be needed, for files of the same kind lie on both sides of the threshold. Name them with \`patterns\`, such as \`data/**/*.jpg\`, or lower the threshold. Nothing was changed.`;
  return new MldataError('config', 'lfs-too-many-lines', text);
}

function fromFolder(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}
