/** Having one tool keep the bytes of one site, in the repositories that it lies in. */
import { dirname, join } from 'node:path';
import { realpath } from 'node:fs/promises';
import { isInside } from './sources';
import { alone } from './trackingLock';
import {
  addToDvc,
  addWithDvc,
  dvcToUse,
  findDvc,
  findGit,
  gitFolder,
  initDvc,
  initGit,
  trackWithLfs,
  leaveStage,
  ownersOf,
  refuseLfs,
  writeStage,
  type DvcRepository,
  type OwnedSite,
  type StagePlace,
  type Tracked,
  type TrackRun,
  type TrackSite,
} from './tracking';
import {
  LFS_THRESHOLD,
  MldataError,
  type DvcOptions,
  type Finding,
  type LfsSpec,
  type TrackingSpec,
  type TrackingTool,
} from '../protocol';

export interface Wanted {
  readonly tool: TrackingTool;
  /** `attributes` is absolute, or relative to the config's folder. */
  readonly lfs?: Partial<LfsSpec> | undefined;
  readonly dvc?: DvcOptions | undefined;
  /** Somebody asks for this tool by its name: it takes the place of a stage of a pipeline. */
  readonly named: boolean;
  /** Repositories that are missing are made; whoever asks has been asked. */
  readonly init: boolean;
}

/** What a config asks for; undefined: nothing. */
export function toolOf(spec: TrackingSpec | undefined): 'dvc' | 'git-lfs' | undefined {
  if (spec?.dvc) return 'dvc';
  return spec?.gitLfs ? 'git-lfs' : undefined;
}

/**
 * Nobody else changes the repository meanwhile. Throws `git-repository-missing`, `dvc-repository-missing`,
 * `path-outside-repository`, and what the tool throws; then nothing is changed that is not whole.
 */
export async function trackSite(found: TrackSite, wanted: Wanted, run: TrackRun): Promise<Tracked> {
  const isDvc = wanted.tool !== 'git-lfs';
  const near = isDvc ? await dvcOf(found) : undefined;
  const site = near?.noScm && !found.git ? found : await withGit(found, wanted, run);
  const work = async (): Promise<Tracked> => {
    if (!isDvc) {
      const lfs = { threshold: LFS_THRESHOLD, patterns: [], ...site.build?.spec?.tracking?.gitLfs, ...wanted.lfs };
      return trackWithLfs(site, lfs, run);
    }
    const dvc = (await dvcOf(site)) ?? (await newDvc(site, wanted, run));
    const owners = await ownersOf(site, dvc, run.signal);
    const owned = { ...site, owners };
    const [stage] = owners.stages;
    if (wanted.tool === 'dvc-pipeline') {
      // What DVC keeps git does not see.
      if (stage === undefined && owners.dvcFiles.length === 0) await refuseLfs(site);
      return writeStage(owned, dvc, run);
    }
    if (stage === undefined) return add(owned, dvc, wanted, run);
    if (!wanted.named) return madeByStage(site, stage);
    // Where it cannot be added the stage stays.
    await addToDvc(owned, dvc, { ...run, dryRun: true });
    const left = await leaveStage(owned, dvc, run);
    try {
      const added = await add(owned, dvc, wanted, run);
      return { ...added, status: 'converted', files: [...left.files, ...added.files] };
    } catch (error) {
      await left.putBack();
      throw error;
    }
  };
  if (run.dryRun) return work();
  const home = site.git === undefined ? join(near?.folder ?? site.state, 'tmp') : await gitFolder(site.git);
  return alone(home, run.signal, work);
}

async function add(site: OwnedSite, dvc: DvcRepository, wanted: Wanted, run: TrackRun): Promise<Tracked> {
  // What would be written is the same, and DVC cannot tell.
  const program = run.dryRun ? undefined : await dvcToUse(wanted.dvc ?? { mode: 'auto' }, dvc.root, run.signal);
  return program === undefined ? addToDvc(site, dvc, run) : addWithDvc(site, dvc, run, program);
}

function madeByStage({ target, build }: TrackSite, { file, name }: StagePlace): Tracked {
  const finding: Finding = {
    code: 'tracked-by-stage',
    severity: 'info',
    message: `${target} is made by the stage ${name} of ${file}: \`dvc repro\`, or \`dvc commit ${name}\` after a build, tracks it.`,
    ...(build && { dataset: build.dataset }),
    suggestion: `For a .dvc file in place of the stage: \`mldata track ${target} --dvc\`.`,
  };
  return { status: 'unchanged', paths: [], files: [], findings: [finding] };
}

/** The DVC repository of a site: one of another git repository around it is none. */
async function dvcOf({ paths: [first = ''], build, git }: TrackSite): Promise<DvcRepository | undefined> {
  const dvc = await findDvc(build?.output ?? dirname(first));
  return dvc && (dvc.noScm || git === undefined || isInside(git.root, dvc.root)) ? dvc : undefined;
}

async function withGit(site: TrackSite, { init }: Wanted, { dryRun }: TrackRun): Promise<TrackSite> {
  if (site.git !== undefined) return site;
  const home = await realpath(dirname(site.state));
  const [first = home] = site.paths;
  const other = await findGit(home);
  if (other !== undefined || !isInside(home, first)) throw outside(site, other?.root ?? home);
  if (!init || dryRun) {
    throw new MldataError(
      'config',
      'git-repository-missing',
      `${site.target} lies in no git repository. Make one: \`git init\` in ${home}, or \`mldata track ${site.target} --init\`.`,
    );
  }
  await initGit(home);
  return { ...site, git: { root: home } };
}

function outside({ target, paths: [path = ''] }: TrackSite, root: string): MldataError {
  const text = isInside(root, path)
    ? `${target} is the repository ${root} itself or belongs to git, and is no place for data. Track a file or folder inside of it.`
    : `${target} lies outside the repository ${root}, and only what lies inside can be tracked. Copy it there, or run the command in the repository that it belongs to.`;
  return new MldataError('config', 'path-outside-repository', text);
}

async function newDvc(
  { target, git, state }: TrackSite,
  { init }: Wanted,
  { dryRun }: TrackRun,
): Promise<DvcRepository> {
  const root = git?.root ?? dirname(state);
  if (init && !dryRun) return initDvc(root);
  throw new MldataError(
    'config',
    'dvc-repository-missing',
    `${target} lies in no DVC repository. Make one: \`dvc init\` in ${root}, or \`mldata track ${target} --dvc --init\`.`,
  );
}
