/** What `dvc add` does, done here. */
import { basename, relative, sep } from 'node:path';
import type { Finding, TrackedTarget } from '../../../protocol';
import { ask, literally } from '../git';
import type { OwnedSite } from '../pipeline/owners';
import type { TrackRun, Tracked } from '../site';
import { fillCache } from './cache';
import { parseDvcFile, type DvcOut } from './dvcFile';
import { newDvcFile, withFacts, withOut, type OutFacts } from './dvcFileEdit';
import { bytesOf, hashContent } from './hashes';
import { planOf, type Planned } from './plan';
import { requireGit } from './refusals';
import type { DvcRepository } from './repository';
import { Texts } from './texts';

/**
 * Takes the paths of a site into the cache and writes a `.dvc` file for each, or brings the one that names it up to date.
 * All is looked at before anything is written, and the `.dvc` files are written last.
 * Throws what `refusals.ts` refuses, `dvc-file-broken`, `dvc-imported`, what reading the files and filling
 * the cache throw, `tracking-unwritable`, and the cancelled error.
 */
export async function addToDvc(site: OwnedSite, dvc: DvcRepository, run: TrackRun): Promise<Tracked> {
  const git = requireGit(site.target, site.git, dvc);
  const root = git?.root ?? dvc.root;
  const texts = new Texts();
  const planned = await planOf(site, dvc, git, texts, run);
  const paths: TrackedTarget['paths'] = [];
  const findings: Finding[] = [];
  let added = false;
  for (const [index, each] of planned.entries()) {
    const { path, content, out } = each;
    const part = partOf(run, planned, index);
    const isKept = !run.dryRun && out?.cache !== false;
    const filled = isKept && !('stands' in content) ? await fillCache(content, dvc, part) : undefined;
    const facts = 'stands' in content ? content.stands : (filled ?? (await hashContent(content, part))).facts;
    added ||= filled?.added === true;
    if (filled && filled.unlinked > 0) findings.push(notLinked(path, filled.unlinked, dvc));
    const name = relative(root, path).split(sep).join('/');
    paths.push({ path: name, bytes: facts.size, files: facts.nfiles ?? 1, md5: facts.md5 });
    await writeFacts(each, facts, texts);
  }
  run.onProgress({ step: 'write', fraction: 0.99 });
  const files = await texts.write(root, run.dryRun);
  if (git !== undefined && dvc.autostage && !run.dryRun && files.length > 0) {
    await ask(root, ['add', '--', ...files.map(({ path }) => literally(path))]);
  }
  return { by: 'mldata', status: added || files.length > 0 ? 'tracked' : 'unchanged', paths, files, findings };
}

/** Into the text of the `.dvc`, where that does not say so already. */
async function writeFacts({ path, by, out, content }: Planned, facts: OutFacts, texts: Texts): Promise<void> {
  if (out !== undefined && isTold(out, facts, content.hash)) return;
  const text = await texts.read(by);
  const file = parseDvcFile(text, by);
  const index = file.outs.findIndex((each) => each.file === path);
  if (index !== -1) texts.set(by, withFacts(file, index, facts));
  else if (text.trim() === '') texts.set(by, newDvcFile(basename(path), facts));
  else {
    texts.set(by, withOut(file, relative(file.folder, path).split(sep).join('/'), facts));
  }
}

/** What DVC 2 wrote stays as it is while it holds. */
function isTold(out: DvcOut, { md5, size, nfiles, isexec = false }: OutFacts, hash: DvcOut['hash']): boolean {
  if (out.hash !== hash || out.md5 !== md5) return false;
  return hash === 'md5-dos2unix' || (out.size === size && out.nfiles === nfiles && out.isexec === isexec);
}

/** Progress of one path as a part of that of all, by its bytes. */
function partOf(run: TrackRun, planned: readonly Planned[], index: number): TrackRun {
  const sizes = planned.map(({ content }) => ('stands' in content ? content.stands.size : bytesOf(content.files)) + 1);
  const sum = (upTo: number) => sizes.slice(0, upTo).reduce((all, size) => all + size, 0);
  const [before, size, all] = [sum(index), sizes[index] ?? 0, sum(sizes.length)];
  return {
    ...run,
    onProgress: (progress) => {
      run.onProgress({ ...progress, fraction: (before + progress.fraction * size) / all });
    },
  };
}

function notLinked(path: string, count: number, { links }: DvcRepository): Finding {
  return {
    code: 'dvc-not-linked',
    severity: 'warning',
    message: `${count} ${count === 1 ? 'file of' : 'files in'} ${path} could not be made a ${links[0] ?? 'link'} to the cache: ${count === 1 ? 'it takes' : 'they take'} its room twice. All else is as it is to be.`,
    suggestion:
      'The cache may be on another disk (`dvc cache dir`), or the files are in use. `dvc checkout --relink` tries again.',
    locations: [{ file: path }],
  };
}
