/** What a path holds, as DVC sees it: its files, and their hashes as far as they are known. */
import { join, relative, sep } from 'node:path';
import { cancelled, MldataError } from '../../../protocol';
import type { TrackSite } from '../site';
import { ask, warmUp } from './disk/disk';
import { remembersFew, stands } from './disk/few';
import type { WalkedFile, WalkProblem, WalkQuestion } from './disk/walk';
import type { OutHash } from './dvcFile';
import type { OutFacts } from './dvcFileEdit';
import { ignoreRules } from './ignoreRules';
import { hashFileOf, RememberedHashes } from './remembered';
import type { DvcRepository } from './repository';

export interface ContentFile extends WalkedFile {
  /** Absolute. */
  readonly path: string;
  /** Known without reading the file. */
  readonly known?: string;
}

export interface Content {
  /** Absolute. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly hash: OutHash;
  readonly files: readonly ContentFile[];
  readonly remembered: RememberedHashes;
}

/** What is as it was when it was hashed, so that nobody need know of its files. */
export interface StandingContent extends Pick<Content, 'hash'> {
  readonly stands: OutFacts;
}

/** Hashes that are known otherwise, by absolute path. */
export type KnownHashes = ReadonlyMap<string, { readonly md5: string; readonly bytes: number }>;

/** How to look at a path. */
export interface Look {
  readonly dvc: DvcRepository;
  readonly hash: OutHash;
  /** The folder `.mldata/`. */
  readonly state: string;
  readonly known?: KnownHashes;
  /** What it is said to be; with the folder of objects, that those have all of it. */
  readonly was?: { readonly md5: string; readonly objects?: string };
}

/**
 * Lists the files of a path, unless it stands. Throws `broken-link`, `dvc-ignore-file`, `dvc-name`, `dvc-no-file`,
 * `source-unreadable` and the cancelled error.
 */
export async function contentOf(path: string, look: Look, signal: AbortSignal): Promise<Content | StandingContent> {
  if (signal.aborted) throw cancelled();
  const { dvc, hash, state, known, was } = look;
  const name = relative(dvc.root, path).split(sep).join('/');
  const rules = await ignoreRules(dvc.root, name.split('/').slice(0, -1).join('/'));
  const hashFile = hashFileOf(state, path, hash);
  const standing = was && { md5: was.md5, hashFile };
  const question: WalkQuestion = { do: 'walk', path, name, rules };
  const whole = standing && remembersFew(hashFile) ? stands(question, standing, was.objects) : undefined;
  if (whole !== undefined) return { hash, stands: whole };
  const [walked, isKept] = await Promise.all([
    ask({ ...question, ...(standing && { was: standing }) }, signal),
    standing && was.objects ? ask({ do: 'kept', objects: was.objects, ...standing }, signal) : true,
  ]);
  if ('problem' in walked) throw refused(walked);
  if (walked.stands) {
    const { was: _, ...again } = look;
    return isKept ? { hash, stands: walked.stands } : contentOf(path, again, signal);
  }
  const remembered = new RememberedHashes(hashFile);
  const files = walked.files.map((file) => {
    const at = file.relpath === '' ? path : join(path, file.relpath);
    const given = hash === 'md5' ? known?.get(at) : undefined;
    const md5 =
      remembered.of(file.relpath, file.stamp.text) ?? (given?.bytes === file.stamp.size ? given.md5 : undefined);
    return { ...file, path: at, ...(md5 !== undefined && { known: md5 }) };
  });
  return { path, isFolder: walked.isFolder, hash, files, remembered };
}

/** Has threads start while repositories are looked for, where some will be asked. */
export function prepareLook({ paths, state }: Pick<TrackSite, 'paths' | 'state'>): void {
  if (!paths.every((path) => remembersFew(hashFileOf(state, path, 'md5')))) warmUp();
}

const words: Readonly<
  Record<WalkProblem['problem'], { readonly code: string; readonly text: (path: string) => string }>
> = {
  'broken-link': {
    code: 'broken-link',
    text: (path) => `${path} is a link that leads nowhere, and DVC cannot keep it. Mend or remove it.`,
  },
  'ignore-file': {
    code: 'dvc-ignore-file',
    text: (path) =>
      `${path} lies inside of what is to be tracked, where DVC allows none. Move its lines into the .dvcignore of a folder above, and remove it.`,
  },
  name: {
    code: 'dvc-name',
    text: (path) => `The name of ${path} is no text in UTF-8, and no .dvc file could tell it. Give it another name.`,
  },
  'no-file': {
    code: 'dvc-no-file',
    text: (path) => `${path} is neither a file nor a folder (a pipe, a socket or a device). Move it away.`,
  },
  unreadable: {
    code: 'source-unreadable',
    text: (path) => `${path} cannot be read. Check that you may read it.`,
  },
};

function refused({ problem, path, why }: WalkProblem): MldataError {
  const { code, text } = words[problem];
  const message = why === undefined ? text(path) : `${text(path)} (${why})`;
  return new MldataError('buildFailed', code, message, [
    { code, severity: 'error', message, locations: [{ file: path }] },
  ]);
}
