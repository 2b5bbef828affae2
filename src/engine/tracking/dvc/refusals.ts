/** What is not tracked, why, and the way out. */
import { lstat, stat } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { MldataError } from '../../../protocol';
import { isInside } from '../../sources';
import { gitAttribute, ignoredByGit, inRepository, trackedByGit, type GitRepository } from '../git';
import { ignoresOf, isIgnored } from './disk/ignored';
import { ignoreRules } from './ignoreRules';
import type { Keeper, Planned } from './plan';
import type { DvcRepository } from './repository';

/** Throws `git-repository-missing` where git is needed. */
export function requireGit(
  path: string,
  git: GitRepository | undefined,
  dvc: DvcRepository,
): GitRepository | undefined {
  if (dvc.noScm) return undefined;
  if (git !== undefined) return git;
  const text = `${path} lies in no git repository, and the DVC repository at ${dvc.root} is used with git. Make one there: \`git init\`.`;
  throw new MldataError('config', 'git-repository-missing', text);
}

/**
 * What can be seen of a path by itself. Throws `dvc-path-missing`, `broken-link`, `dvc-linked-folder`,
 * `path-outside-repository`, `dvc-path-is-dvc-file`, `dvc-name` and `dvc-ignored`.
 */
export async function refusePath(path: string, dvc: DvcRepository): Promise<void> {
  const name = basename(path);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) throw refusal('dvc-path-missing', `There is no file or folder ${path}.`);
  if (!isInside(dvc.root, path) || path === dvc.root || isInside(dvc.folder, path)) {
    const where = path === dvc.root || isInside(dvc.root, path) ? 'is no place for data' : 'lies outside';
    throw refusal(
      'path-outside-repository',
      `${path} ${where} of the DVC repository at ${dvc.root}. Track a file or folder inside of it, or make a repository that holds both.`,
    );
  }
  if (name.endsWith('.dvc') || name === 'dvc.yaml' || name === 'dvc.lock') {
    throw refusal(
      'dvc-path-is-dvc-file',
      `${path} is, by its name, a file in which DVC itself keeps what it tracks. Track the data that it names, or give it another name.`,
    );
  }
  if (/[\n\r]/.test(name)) {
    throw refusal('dvc-name', `The name of ${path} has a line break, and no .gitignore could name it. Rename it.`);
  }
  if (found.isSymbolicLink()) await refuseLink(path);
  for (const each of [path, `${path}.dvc`]) await refuseIgnored(each, each === path && found.isDirectory(), dvc);
}

async function refuseLink(path: string): Promise<void> {
  const target = await stat(path).catch(() => undefined);
  if (target === undefined) {
    throw refusal('broken-link', `${path} is a link that leads nowhere, and DVC cannot keep it. Mend or remove it.`);
  }
  if (target.isDirectory()) {
    throw refusal('dvc-linked-folder', `${path} is a link to a folder, which DVC does not follow. Track that folder.`);
  }
}

async function refuseIgnored(path: string, isFolder: boolean, { root }: DvcRepository): Promise<void> {
  const name = relative(root, path).split(sep).join('/');
  const rules = await ignoreRules(root, name.split('/').slice(0, -1).join('/'));
  if (!isIgnored(ignoresOf(rules), name, isFolder)) return;
  throw refusal(
    'dvc-ignored',
    `A .dvcignore hides ${path} from DVC. \`dvc check-ignore -d ${quoted(name)}\` says which line it is; take it out.`,
  );
}

/** What git has to do with paths, as it names them. */
export interface InGit {
  /** Files of theirs that it tracks. */
  readonly tracked: readonly string[];
  /** Those, and those of their `.dvc` files, that it ignores. */
  readonly ignored: ReadonlySet<string>;
}

export async function askGit(paths: readonly Keeper[], git: GitRepository): Promise<InGit> {
  const { names, files } = namesIn(paths, git);
  const [tracked, ignored] = await Promise.all([
    trackedByGit(git, names),
    ignoredByGit(git, [...new Set([...names, ...files])]),
  ]);
  return { tracked, ignored: new Set(ignored) };
}

/** Of those that DVC is to keep. */
function namesIn(paths: readonly Keeper[], git: GitRepository): { readonly names: string[]; readonly files: string[] } {
  const kept = paths.filter(({ out }) => out?.cache !== false);
  return {
    names: kept.map(({ path }) => inRepository(git, path)),
    files: kept.map(({ by }) => inRepository(git, by)),
  };
}

/**
 * Throws `dvc-tracked-by-git`, `dvc-file-ignored` and `tracked-by-lfs`. Whether Git LFS would take the files is asked of
 * those that nothing keeps yet: from then on git does not see them.
 */
export async function refuseInGit(
  planned: readonly Planned[],
  git: GitRepository,
  { tracked: [tracked], ignored }: InGit,
): Promise<void> {
  const { names, files } = namesIn(planned, git);
  if (tracked !== undefined) {
    const name = names.find((path) => tracked === path || tracked.startsWith(`${path}/`));
    const shown = quoted(name ?? tracked);
    throw refusal(
      'dvc-tracked-by-git',
      `${name ?? tracked} is in git already (${tracked}), and DVC keeps nothing that git keeps. Take it out of git first, it stays on the disk: \`git rm -r --cached ${shown}\`, then \`git commit -m "Stop tracking ${name ?? tracked}"\`.`,
    );
  }
  const hidden = files.find((file) => ignored.has(file));
  if (hidden !== undefined) {
    throw refusal(
      'dvc-file-ignored',
      `${hidden} would be ignored by git, and DVC reads no such file. \`git check-ignore -v ${quoted(hidden)}\` says which line of which .gitignore it is; make it narrower, or add \`!*.dvc\` behind it.`,
    );
  }
  const filters = await gitAttribute(
    git,
    'filter',
    planned.flatMap(({ out, content }) =>
      out || 'stands' in content ? [] : content.files.map(({ path }) => inRepository(git, path)),
    ),
  );
  const [lfs] = [...filters].find(([, filter]) => filter === 'lfs') ?? [];
  if (lfs !== undefined) {
    throw refusal(
      'tracked-by-lfs',
      `${lfs} is under Git LFS (\`git check-attr filter ${quoted(lfs)}\`), and only one tool can keep a path. Take its pattern out of .gitattributes, or leave it to Git LFS.`,
    );
  }
}

/** As it is typed. */
function quoted(name: string): string {
  return /^[\w./@%+=:,-]+$/.test(name) && !name.startsWith('-') ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}

function refusal(code: string, text: string): MldataError {
  return new MldataError('config', code, text);
}
