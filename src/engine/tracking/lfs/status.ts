/** How the files stand that Git LFS keeps. */
import { open } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { cancelled, type Finding, type TrackingPath, type TrackingState, type TrackingStatus } from '../../../protocol';
import { eachOf } from '../../eachOf';
import { POINTER_BYTES, readLfsPointer, type LfsPointer } from '../../text';
import { filesOf } from '../../words';
import { ask, literally, type GitRepository } from '../git';
import type { TrackSite } from '../site';
import { committedFindings, includeOf, programFindings } from './advice';
import { committedFiles, storedBytes, type Committed } from './committed';
import { lfsProgram } from './program';
import { siteFiles } from './siteFiles';
import { lfsAmong, TrialTree } from './trialTree';

export interface LfsStatus {
  readonly paths: TrackingPath[];
  /** Absent: Git LFS keeps none of the files. */
  readonly storage?: NonNullable<TrackingStatus['lfsStorage']>;
  readonly findings: Finding[];
}

interface Standing {
  readonly path: string;
  readonly by: string;
  readonly state: TrackingState;
  readonly bytes: number;
}

/** More files of a folder in the same state are one entry. */
const SHOWN_FILES = 100;

/** Only files that the attributes give to Git LFS are among the paths. Throws `git-failed` and the cancelled error. */
export async function lfsStatus(
  git: GitRepository,
  sites: readonly TrackSite[],
  signal: AbortSignal,
): Promise<LfsStatus> {
  const paths: TrackingPath[] = [];
  const findings: Finding[] = [];
  let perVersion = 0;
  const places = new Set<string>();
  for (const site of sites) {
    if (signal.aborted) throw cancelled();
    const { standings, committed, places: own } = await standingsOf(git, site);
    if (standings.length === 0) continue;
    for (const place of own) places.add(place);
    perVersion += standings.reduce((sum, { bytes }) => sum + bytes, 0);
    const dataset = site.build && { dataset: site.build.dataset };
    paths.push(...inGroups(standings).map((path) => ({ ...path, ...dataset })));
    const said = [...committedFindings(committed, standings[0]?.by ?? ''), ...pointerFindings(standings)];
    findings.push(...said.map((finding) => ({ ...finding, ...dataset })));
  }
  if (paths.length === 0) return { paths, findings };
  const [stored, program] = await Promise.all([storedBytes(git, [...places]), lfsProgram(git.root)]);
  return { paths, storage: { bytes: stored, perVersion }, findings: [...programFindings(program), ...findings] };
}

async function standingsOf(git: GitRepository, site: TrackSite) {
  const found = await siteFiles(site, git);
  const places = found.places.map(({ path }) => path);
  const committed = new Map((await committedFiles(git, places)).map((file) => [file.path, file]));
  const onDisk = new Map(found.files.map(({ path, bytes }) => [path, bytes]));
  const by = await attributesOf(git, [...new Set([...onDisk.keys(), ...committed.keys()])].sort());
  const changed = by.size === 0 ? new Set<string>() : await changedFiles(git, places);
  const standings = await eachOf([...by], async ([path, attributes]): Promise<Standing> => {
    const bytes = onDisk.get(path);
    const kept = committed.get(path);
    const pointer = bytes !== undefined && bytes <= POINTER_BYTES ? await pointerAt(join(git.root, path)) : undefined;
    const state = stateOf(bytes !== undefined, pointer, kept, changed.has(path));
    return { path, by: attributes, state, bytes: pointer?.bytes ?? bytes ?? kept?.pointer?.bytes ?? kept?.bytes ?? 0 };
  });
  return { standings, places, committed: [...committed.values()].filter(({ path }) => by.has(path)) };
}

function stateOf(isThere: boolean, pointer: LfsPointer | undefined, kept: Committed | undefined, isChanged: boolean) {
  if (!isThere) return 'missing';
  if (kept !== undefined && kept.pointer === undefined && kept.bytes > 0) return 'committed';
  if (pointer !== undefined) return 'pointer';
  return kept === undefined || isChanged ? 'modified' : 'up-to-date';
}

/** Files of Git LFS, with the file of attributes that makes them so, all relative to the git root. */
async function attributesOf(git: GitRepository, paths: readonly string[]): Promise<Map<string, string>> {
  const by = new Map<string, string>();
  let left = [...(await lfsAmong(git, paths))];
  if (left.length === 0) return by;
  const tree = await TrialTree.open(git, left);
  try {
    for (const name of tree.attributes) {
      await tree.write(name, Buffer.alloc(0));
      const still = await lfsAmong(tree.repository, left);
      for (const path of left) if (!still.has(path)) by.set(path, name);
      left = [...still];
    }
  } finally {
    await tree.close();
  }
  // Of this clone, this user or this machine only.
  for (const path of left) by.set(path, '.git/info/attributes');
  return new Map([...by].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Those whose content is not the one that git has in its index or its last commit. */
async function changedFiles({ root }: GitRepository, places: readonly string[]): Promise<Set<string>> {
  const asked = ['status', '--porcelain', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules', '--'];
  const { stdout } = await ask(root, [...asked, ...places.map(literally)]);
  return new Set(
    stdout
      .toString()
      .split('\0')
      .map((entry) => entry.slice(3)),
  );
}

async function pointerAt(path: string): Promise<LfsPointer | undefined> {
  const handle = await open(path).catch(() => undefined);
  try {
    const read = await handle?.read(Buffer.alloc(POINTER_BYTES + 1), 0);
    return read && readLfsPointer(read.buffer.subarray(0, read.bytesRead));
  } finally {
    await handle?.close();
  }
}

function inGroups(standings: readonly Standing[]): TrackingPath[] {
  const groups = new Map<string, Standing[]>();
  for (const standing of standings) {
    const key = [posix.dirname(standing.path), standing.state, standing.by].join('\0');
    const group = groups.get(key);
    if (group) group.push(standing);
    else groups.set(key, [standing]);
  }
  return [...groups.values()].flatMap((group): TrackingPath[] => {
    const [first] = group;
    if (group.length <= SHOWN_FILES || first === undefined)
      return group.map((standing) => pathOf([standing], standing.path));
    return [pathOf(group, posix.dirname(first.path))];
  });
}

function pathOf(group: readonly Standing[], path: string): TrackingPath {
  const [first] = group;
  const state = first?.state ?? 'broken';
  const message = messageOf(state, path);
  return {
    path,
    tool: 'git-lfs',
    ...(first && { by: first.by }),
    state,
    ...(message !== undefined && { message }),
    bytes: group.reduce((sum, { bytes }) => sum + bytes, 0),
    files: group.length,
  };
}

function messageOf(state: TrackingState, path: string): string | undefined {
  switch (state) {
    case 'missing':
      return 'Git has it, and it is not there: `git checkout` brings it back.';
    case 'committed':
      return 'Git itself has the content: `git add --renormalize` hands it to Git LFS from the next commit on.';
    case 'pointer':
      return `The content was not fetched: \`git lfs pull ${includeOf([path])}\`.`;
    case 'modified':
      return 'Git does not have it as it is now: `git add` and commit it.';
    default:
      return undefined;
  }
}

function pointerFindings(standings: readonly Standing[]): Finding[] {
  const pointers = standings.filter(({ state }) => state === 'pointer').map(({ path }) => path);
  if (pointers.length === 0) return [];
  return [
    {
      code: 'lfs-not-fetched',
      severity: 'warning',
      message: `Of ${filesOf(pointers.length)} only the pointers are here.`,
      count: pointers.length,
      samples: pointers.slice(0, 10),
      suggestion: `Fetch them: \`git lfs pull ${includeOf(pointers)}\`.`,
    },
  ];
}
