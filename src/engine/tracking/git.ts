/** What git says of paths. Only asked: nothing here changes a repository but `initGit`. */
import { lstat, realpath } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join, relative, sep } from 'node:path';
import { MldataError } from '../../protocol';
import { runProgram, type Ran } from './program';

export interface GitRepository {
  /** Absolute, links resolved. */
  readonly root: string;
  /** Where git keeps its own files; absent: found from the root. */
  readonly gitFolder?: string;
}

/** The version of git; undefined where it is not installed. */
export async function gitVersion(folder: string, signal?: AbortSignal): Promise<string | undefined> {
  const ran = await runProgram(['git', '--version'], { folder, ...(signal && { signal }) });
  return ran?.code === 0 ? /\d+(\.\d+)+/.exec(ran.stdout.toString())?.[0] : undefined;
}

/**
 * The repository whose work tree `folder` lies in; undefined where it lies in none. Throws `git-missing`, and `git-failed`
 * where there is one that git does not read: of another owner, or with a broken config.
 */
export async function findGit(folder: string): Promise<GitRepository | undefined> {
  const ran = await ask(folder, ['rev-parse', '--show-toplevel'], undefined, Infinity);
  const root = ran.stdout.toString().replace(/\r?\n$/, '');
  if (ran.code === 0) return root === '' ? undefined : { root: await realpath(root) };
  if (/not a git repository|must be run in a work tree/i.test(ran.stderr)) return undefined;
  throw failed(folder, 'rev-parse', ran);
}

/** Its folder `.git`, or what stands for it in a further work tree; nothing in there is ever committed. */
export async function gitFolder({ root }: GitRepository): Promise<string> {
  const own = join(root, '.git');
  const found = await lstat(own).catch(() => undefined);
  if (found?.isDirectory()) return own;
  return (await ask(root, ['rev-parse', '--absolute-git-dir'])).stdout.toString().replace(/\r?\n$/, '');
}

/** Those of the paths that git tracks: themselves, or files below them. Paths relative to the root, with `/`. */
export async function trackedByGit({ root }: GitRepository, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const { stdout } = await ask(root, ['ls-files', '-z', '--', ...paths.map(literally)]);
  return fields(stdout);
}

/**
 * Below the paths, sorted: `kept`, the files that git tracks or would take in; `ignored`, the files and folders (with `/` at
 * their end) that it would not. Paths relative to the root, with `/`.
 */
export async function filesOfGit(
  { root }: GitRepository,
  which: 'kept' | 'ignored',
  paths: readonly string[],
): Promise<string[]> {
  if (paths.length === 0) return [];
  const asked = which === 'kept' ? ['--cached', '--others'] : ['--others', '--ignored', '--directory'];
  const { stdout } = await ask(root, [
    ...['ls-files', '-z', ...asked, '--exclude-standard'],
    ...['--', ...paths.map(literally)],
  ]);
  return [...new Set(fields(stdout))].sort();
}

/** Those of the paths that git ignores; a tracked path never is. Folders end with `/`. */
export async function ignoredByGit({ root }: GitRepository, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  // It tells them as they were asked for, and takes a colon for the beginning of something else.
  const input = paths.map((path) => `${path.startsWith(':') ? './' : ''}${path}\0`).join('');
  const { stdout } = await ask(root, ['check-ignore', '-z', '--stdin'], input, 1);
  return fields(stdout).map((path) => path.replace(/^\.\/:/, ':'));
}

/** The value of an attribute by path, as git would use it: `unspecified`, `set`, `unset` or a text. */
export async function gitAttribute(
  { root, gitFolder }: GitRepository,
  attribute: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const input = paths.map((path) => `${path}\0`).join('');
  const where = gitFolder === undefined ? [] : [`--git-dir=${gitFolder}`, `--work-tree=${root}`];
  const found = fields((await ask(root, [...where, 'check-attr', '-z', '--stdin', attribute], input)).stdout);
  const values = new Map<string, string>();
  for (let at = 0; at + 2 < found.length; at += 3) values.set(found[at] ?? '', found[at + 2] ?? '');
  return values;
}

/** A path as git names it. */
export function inRepository({ root }: GitRepository, path: string): string {
  return relative(root, path).split(sep).join('/');
}

/** A path, relative to the root, as an argument that git takes for nothing else. */
export function literally(path: string): string {
  return `:(top,literal)${path}`;
}

export async function initGit(folder: string): Promise<void> {
  await ask(folder, ['init', '--quiet']);
}

/**
 * Runs git in `folder`, with none of the programs that a repository may name for git to start by itself. Throws
 * `git-missing`, and `git-failed` with its words where it ends with more than `most`.
 */
export async function ask(
  folder: string,
  args: readonly string[],
  input?: string,
  most = 0,
  signal?: AbortSignal,
): Promise<Ran> {
  const ran = await runProgram(['git', ...SETTINGS, ...args], {
    folder,
    env: OWN_REPOSITORY,
    ...(input !== undefined && { input }),
    ...(signal && { signal }),
  });
  if (ran === undefined) throw gitMissing();
  if (ran.code > most) throw failed(folder, args.find((arg) => /^[a-z]/.test(arg)) ?? '', ran);
  return ran;
}

/** Whoever unpacked a repository has not read its config; and names are told as they are. */
const SETTINGS = ['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'core.quotePath=false'].flatMap((each) => [
  '-c',
  each,
]);

/** A hook of git, and whoever runs git, may have set these for another repository; and what paths are is said with each. */
const OWN_REPOSITORY = Object.fromEntries(
  [
    ...['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_NAMESPACE'],
    ...['GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_ATTR_SOURCE'],
    ...['GIT_LITERAL_PATHSPECS', 'GIT_GLOB_PATHSPECS', 'GIT_NOGLOB_PATHSPECS', 'GIT_ICASE_PATHSPECS'],
  ].map((name) => [name, undefined]),
);

function failed(folder: string, command: string, { stderr }: Ran): MldataError {
  return new MldataError('buildFailed', 'git-failed', `\`git ${command}\` failed in ${folder}: ${stderr}`);
}

export function gitMissing(): MldataError {
  return new MldataError(
    'config',
    'git-missing',
    'Git was not found. Install it (https://git-scm.com), and try again.',
  );
}

/** Each ends with a NUL; one may be empty. */
function fields(stdout: Buffer): string[] {
  return stdout.toString().split('\0').slice(0, -1);
}
