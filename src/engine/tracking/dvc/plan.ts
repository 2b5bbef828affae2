/** What is to be tracked and what tracks it already, looked at before anything is written. */
import { basename, dirname, join } from 'node:path';
import { MldataError } from '../../../protocol';
import { inRepository, type GitRepository } from '../git';
import type { OwnedSite } from '../pipeline/owners';
import type { TrackRun, TrackSite } from '../site';
import { objectsOf } from './cache';
import { contentOf, type Content, type KnownHashes, type Look, type StandingContent } from './content';
import { parseDvcFile, type DvcOut, type OutHash } from './dvcFile';
import { withIgnored } from './gitIgnore';
import { factsOf } from './hashes';
import { askGit, refuseInGit, refusePath, type InGit } from './refusals';
import type { DvcRepository } from './repository';
import type { Texts } from './texts';

/** A path, and what keeps it. */
export interface Keeper {
  /** Absolute. */
  readonly path: string;
  /** The `.dvc` that names it, or is to. */
  readonly by: string;
  /** What that says of it now. */
  readonly out?: DvcOut;
}

export interface Planned extends Keeper {
  readonly content: Content | StandingContent;
}

/** @param texts takes the lines of `.gitignore`, and keeps what is read of `.dvc` files */
export async function planOf(
  site: OwnedSite,
  dvc: DvcRepository,
  git: GitRepository | undefined,
  texts: Texts,
  run: TrackRun,
): Promise<Planned[]> {
  const { paths, owners } = site;
  run.onProgress({ step: 'look', fraction: 0 });
  for (const path of paths) await refusePath(path, dvc);
  const keepers: Keeper[] = [];
  for (const path of paths) keepers.push(await keeperOf(path, owners.dvcFiles, texts));
  // Meanwhile git looks, too. What is wrong with the files is said first.
  const asked = git && askGit(keepers, git);
  asked?.catch(() => undefined);
  const planned: Planned[] = [];
  for (const keeper of keepers) planned.push({ ...keeper, content: await look(keeper, site, dvc, run) });
  if (git !== undefined && asked !== undefined) {
    const inGit = await asked;
    await refuseInGit(planned, git, inGit);
    await ignore(planned, git, inGit, texts);
  }
  return planned;
}

/** Lines for what git does not ignore yet, each in the folder of the path. */
async function ignore(
  planned: readonly Planned[],
  git: GitRepository,
  { ignored }: InGit,
  texts: Texts,
): Promise<void> {
  for (const { path, out } of planned) {
    if (out?.cache === false || ignored.has(inRepository(git, path))) continue;
    const file = join(dirname(path), '.gitignore');
    texts.set(file, withIgnored(await texts.read(file), basename(path)));
  }
}

/** Throws `dvc-imported` and `dvc-file-broken`. */
async function keeperOf(path: string, dvcFiles: readonly string[], texts: Texts): Promise<Keeper> {
  const own = `${path}.dvc`;
  for (const by of [...dvcFiles, own]) {
    const { outs, imported } = parseDvcFile(await texts.read(by), by);
    const out = outs.find(({ file }) => file === path);
    if (imported && (out !== undefined || by === own)) throw importedFile(path, by);
    if (out !== undefined) return { path, by, out };
  }
  return { path, by: own };
}

/** What DVC 2 tracked keeps its kind of hash until its content changes. */
async function look(
  { path, out }: Keeper,
  site: TrackSite,
  dvc: DvcRepository,
  run: TrackRun,
): Promise<Content | StandingContent> {
  const known = knownOf(site);
  const lookAs = (hash: OutHash) => ({ dvc, hash, state: site.state, known, ...wasOf(out, hash, dvc, run) });
  const isOld = out?.hash === 'md5-dos2unix' && out.md5 !== undefined;
  const isSame = isOld && (await factsOf(path, lookAs(out.hash), run)).md5 === out.md5;
  return contentOf(path, lookAs(isSame ? out.hash : 'md5'), run.signal);
}

/** Where links take the place of files each of them has to be looked at. */
function wasOf(out: DvcOut | undefined, hash: OutHash, dvc: DvcRepository, run: TrackRun): Pick<Look, 'was'> {
  const isLinked = dvc.links[0] === 'hardlink' || dvc.links[0] === 'symlink';
  if (out?.md5 === undefined || out.hash !== hash || isLinked) return {};
  const isKept = !run.dryRun && out.cache;
  return { was: { md5: out.md5, ...(isKept && { objects: objectsOf(dvc, hash) }) } };
}

/** Of a build that was published just now its manifest tells. */
function knownOf({ build }: TrackSite): KnownHashes {
  if (build?.fresh !== true) return new Map();
  return new Map(build.manifest.artifacts.map(({ path, md5, bytes }) => [join(build.output, path), { md5, bytes }]));
}

function importedFile(path: string, by: string): MldataError {
  return new MldataError(
    'config',
    'dvc-imported',
    `${by} says where ${path} is imported from. Bring it up to date with \`dvc update ${basename(by)}\`; if that is over, run \`dvc remove ${basename(by)}\` there, and try again.`,
  );
}
