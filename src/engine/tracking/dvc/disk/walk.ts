/** The files of a folder as `dvc add` finds them. */
import { existsSync, readdirSync, statSync, type BigIntStats } from 'node:fs';
import { join, sep } from 'node:path';
import type { WholeFacts } from './hashFile';
import { ignoresOf, type IgnoreRule, type Ignores } from './ignored';
import { standing, type Standing } from './standing';
import { stampOf, type Stamp } from './stamp';

export interface WalkQuestion {
  readonly do: 'walk';
  /** A file or a folder, absolute. */
  readonly path: string;
  /** The same relative to the root of the repository, with `/`. */
  readonly name: string;
  readonly rules: readonly IgnoreRule[];
  /** Where it is this still, its files are not told. */
  readonly was?: Standing;
  /** Of more files the rest need not be told. */
  readonly most?: number;
}

export interface WalkedFile {
  /** Relative to the folder, with `/`; empty where the path itself is the file. */
  readonly relpath: string;
  readonly stamp: Stamp;
  readonly exec: boolean;
}

/** What DVC could not take, and where; for a name that is no text its readable part. */
export interface WalkProblem {
  readonly problem: 'broken-link' | 'no-file' | 'ignore-file' | 'name' | 'unreadable';
  readonly path: string;
  readonly why?: string;
}

export interface Walked {
  readonly isFolder: boolean;
  readonly files: readonly WalkedFile[];
  /** It is what was asked for. */
  readonly stands?: WholeFacts;
}

export function walk(question: WalkQuestion): Walked | WalkProblem {
  try {
    const walked = filesOf(question);
    const stands = question.was && standing(walked.files, question.was);
    return stands ? { ...walked, files: [], stands } : walked;
  } catch (error) {
    if (error instanceof Stopped) return error.at;
    throw error;
  }
}

function filesOf({ path, name, rules, most = Infinity }: WalkQuestion): Walked {
  const found = statOf(path);
  if (!found.isDirectory()) return { isFolder: false, files: [fileOf(path, '', found)] };
  const files: WalkedFile[] = [];
  walkFolder({ path, name, relpath: '' }, ignoresOf(rules), files, most);
  return { isFolder: true, files };
}

class Stopped extends Error {
  constructor(readonly at: WalkProblem) {
    super(at.problem);
  }
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly relpath: string;
}

function walkFolder(folder: Place, ignores: Ignores, files: WalkedFile[], most: number): void {
  const folders: Place[] = [];
  for (const entry of entriesOf(folder.path)) {
    if (files.length > most) return;
    const below = (at: string) => (at === '' ? entry.name : `${at}/${entry.name}`);
    const place = {
      path: `${folder.path}${sep}${entry.name}`,
      name: below(folder.name),
      relpath: below(folder.relpath),
    };
    const link = entry.isSymbolicLink();
    const found = entry.isDirectory() ? undefined : statOrNothing(place.path);
    const isFolder = found?.isDirectory() ?? entry.isDirectory();
    if (ignores(place.name, isFolder)) continue;
    if (isFolder) {
      // What lies behind a link, and a repository of its own, are not part of this one.
      if (!link && !existsSync(join(place.path, '.dvc'))) folders.push(place);
      continue;
    }
    if (entry.name === '.dvcignore') throw new Stopped({ problem: 'ignore-file', path: place.path });
    files.push(fileOf(place.path, place.relpath, found ?? statOf(place.path)));
  }
  for (const place of folders) walkFolder(place, ignores, files, most);
}

function fileOf(path: string, relpath: string, found: BigIntStats): WalkedFile {
  if (!found.isFile()) throw new Stopped({ problem: 'no-file', path });
  return { relpath, stamp: stampOf(found), exec: (found.mode & 0o111n) !== 0n };
}

function entriesOf(folder: string) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const strange = entries.find(({ name }) => name.includes('\uFFFD'));
    if (strange === undefined) return entries;
    // Node puts this letter in the place of bytes that are no text; a name may have the letter itself, too.
    const names = new Set(readdirSync(folder, { encoding: 'buffer' }).map((name) => name.toString('latin1')));
    const isText = entries.every(({ name }) => names.has(Buffer.from(name).toString('latin1')));
    if (isText) return entries;
    throw new Stopped({ problem: 'name', path: join(folder, strange.name) });
  } catch (error) {
    throw error instanceof Stopped ? error : unreadable(folder, error);
  }
}

function statOf(path: string): BigIntStats {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT' || code === 'ELOOP'
      ? new Stopped({ problem: 'broken-link', path })
      : unreadable(path, error);
  }
}

function statOrNothing(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function unreadable(path: string, error: unknown): Stopped {
  return new Stopped({ problem: 'unreadable', path, why: (error as NodeJS.ErrnoException).code ?? String(error) });
}
