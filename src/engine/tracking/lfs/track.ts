/** Has Git LFS keep the large files of a dataset or a folder, by the lines of `.gitattributes` that this takes. */
import { lstat, readFile, realpath } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import { cancelled, MldataError, type LfsSpec } from '../../../protocol';
import { changeOf, replaceText } from '../change';
import { inRepository, type GitRepository } from '../git';
import type { Tracked, TrackRun, TrackSite } from '../site';
import { filesOfDvc } from './dvcOwner';
import { findingsOf } from './findings';
import { isGuarded } from './guards';
import { planLfs } from './plan';
import { isIn, siteFiles, type Place, type SiteFile, type SiteFiles } from './siteFiles';
import { matchPatterns, type MatchedPattern } from './userPatterns';

/**
 * Files of `threshold` bytes and more, and those that a pattern names. Nothing but a `.gitattributes` is written, also
 * where Git LFS is not installed. Throws `git-repository-missing`, `path-outside-repository`, `broken-link`, `tracked-by-dvc`,
 * `lfs-ignored`, `lfs-attributes-folder`, what {@link matchPatterns} and {@link planLfs} throw, `tracking-changed`,
 * `tracking-unwritable`, and the cancelled error; nothing is changed then.
 */
export async function trackWithLfs(site: TrackSite, spec: LfsSpec, run: TrackRun): Promise<Tracked> {
  const { git } = site;
  if (git === undefined) throw noRepository(site);
  const goOn = () => {
    if (run.signal.aborted) throw cancelled();
  };
  run.onProgress({ step: 'look', fraction: 0 });
  const folder = await attributesFolder(site, spec, git);
  const found = await siteFiles(site, git);
  for (const stray of found.strays) throw stray;
  const ofDvc = await filesOfDvc(git, found.places, run.signal);
  refuseIgnored(site, found);
  goOn();
  const matched = await matchPatterns(git, await baseOf(site, found.places, git), spec.patterns, [
    ...found.files.map(({ path }) => path),
    ...found.beside,
  ]);
  const own = found.files.filter(({ path }) => !ofDvc.has(path));
  const wanted = own.filter((file) => isWanted(file, spec, matched)).map(({ path }) => path);
  refuseOutside(folder, wanted);
  goOn();
  const plan = await planLfs(git, {
    places: found.places,
    files: [...new Set([...found.files.map(({ path }) => path), ...ofDvc])],
    wanted: new Set(wanted),
    beside: found.beside,
    patterns: matched,
    folder,
  });
  goOn();
  const { name, before, after } = plan;
  const kept = own.filter(({ path }) => plan.kept.has(path));
  const findings = await findingsOf(git, { site, spec, found, kept, matched, taken: plan.taken, attributes: name });
  goOn();
  if (after !== undefined && !run.dryRun) {
    run.onProgress({ step: 'write', detail: name, fraction: 0.9 });
    await replaceUnlessChanged(join(git.root, name), before, after);
  }
  run.onProgress({ step: 'write', fraction: 1 });
  const paths = found.places.flatMap(({ path }) => {
    const files = kept.filter((file) => isIn(path, file.path));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return files.length === 0 ? [] : [{ path, bytes, files: files.length }];
  });
  return {
    by: 'mldata',
    status: after === undefined ? 'unchanged' : 'tracked',
    paths,
    files: after === undefined ? [] : [changeOf(name, before, after, run.dryRun)],
    findings,
  };
}

function isWanted({ path, bytes }: SiteFile, { threshold }: LfsSpec, matched: readonly MatchedPattern[]): boolean {
  return !isGuarded(path) && (bytes >= threshold || matched.some(({ files }) => files.has(path)));
}

/** What patterns are relative to, itself relative to the git root: the folder of the build, or the one that was named. */
async function baseOf({ build }: TrackSite, places: readonly Place[], git: GitRepository): Promise<string> {
  if (build) return inRepository(git, await realpath(build.output));
  const [place] = places;
  const folder = place === undefined || place.isFolder ? place?.path : posix.dirname(place.path);
  return folder === undefined || folder === '.' ? '' : folder;
}

/** Relative to the git root; empty for the root itself. */
async function attributesFolder(site: TrackSite, { attributes }: LfsSpec, git: GitRepository): Promise<string> {
  if (attributes === undefined) return '';
  const asked = resolve(site.build?.folder ?? dirname(site.state), attributes);
  const real = await realpath(asked).catch(() => undefined);
  const isFolder = real !== undefined && (await lstat(real)).isDirectory();
  const name = isFolder ? inRepository(git, real) : '..';
  if (isFolder && name !== '..' && !name.startsWith('../')) return name;
  const text = `The folder ${attributes} of \`tracking.gitLfs.attributes\`, whose \`.gitattributes\` is to name the files, is ${isFolder ? `outside of the repository ${git.root}` : 'no folder'}. Name one that the data lies in, or none for the root of the repository.`;
  throw new MldataError('config', 'lfs-attributes-folder', text);
}

function refuseOutside(folder: string, wanted: readonly string[]): void {
  const beyond = wanted.find((path) => !isIn(folder, path));
  if (beyond === undefined) return;
  const text = `${posix.join(folder, '.gitattributes')} cannot name ${beyond}, which lies in another folder. Choose one that all the data lies in, or none for the root of the repository.`;
  throw new MldataError('config', 'lfs-attributes-folder', text);
}

function refuseIgnored({ target }: TrackSite, { files, ignored: [first] }: SiteFiles): void {
  if (files.length > 0 || first === undefined) return;
  const text = `Git ignores ${first}, so that Git LFS never gets to see it. Take the line that names it out of \`.gitignore\` (\`git check-ignore -v\` tells which), and track ${target} again. Nothing was changed.`;
  throw new MldataError('config', 'lfs-ignored', text);
}

async function replaceUnlessChanged(path: string, before: Buffer | undefined, after: Buffer): Promise<void> {
  const now = await readFile(path).catch(() => undefined);
  const isSame = now === undefined || before === undefined ? now === before : now.equals(before);
  if (isSame) return replaceText(path, after);
  const text = `${path} was changed by somebody else meanwhile. It is as they left it; try again.`;
  throw new MldataError('buildFailed', 'tracking-changed', text);
}

function noRepository({ target }: TrackSite): MldataError {
  const text = `${target} lies in no git repository, and Git LFS keeps files of one. Make one with \`git init\`, or copy the data into one.`;
  return new MldataError('config', 'git-repository-missing', text);
}
