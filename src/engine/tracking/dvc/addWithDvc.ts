/** Has the installed DVC take the paths of a site, and says what it wrote. */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { TrackedTarget } from '../../../protocol';
import { changeOf } from '../change';
import type { OwnedSite } from '../pipeline/owners';
import type { Tracked, TrackRun } from '../site';
import { addToDvc } from './add';
import { runDvc, type DvcProgram } from './command';
import { parseDvcFile, readDvcFile } from './dvcFile';
import { planOf, type Planned } from './plan';
import { requireGit } from './refusals';
import type { DvcRepository } from './repository';
import { Texts } from './texts';

/**
 * As {@link addToDvc}, whose refusals hold here too, and which writes where DVC would harm a file that names several
 * outputs. Throws `dvc-failed` with what DVC says.
 */
export async function addWithDvc(
  site: OwnedSite,
  dvc: DvcRepository,
  run: TrackRun,
  program: DvcProgram,
): Promise<Tracked> {
  // What a manifest says is known at once: DVC is not started to find out that nothing changed.
  const isOld = site.build && (await addToDvc(site, dvc, { ...run, dryRun: true })).status === 'unchanged';
  if (isOld) return addToDvc(site, dvc, run);
  const git = requireGit(site.target, site.git, dvc);
  const root = git?.root ?? dvc.root;
  const before = new Texts();
  const planned = await planOf(site, dvc, git, before, run);
  for (const each of planned) if (!(await isOwn(each, before))) return addToDvc(site, dvc, run);
  const files = planned.flatMap(({ path, by }) => [by, join(dirname(path), '.gitignore')]);
  const texts = [...new Set(files)];
  const old = await contentsOf(texts);
  run.onProgress({ step: 'cache', detail: `dvc ${program.version}`, fraction: 0 });
  for (const [index, each] of planned.entries()) {
    // A name may begin with a dash.
    await runDvc(program, ['add', `.${sep}${relative(dvc.root, each.path)}`], dvc.root, run.signal);
    run.onProgress({ step: 'cache', detail: `dvc ${program.version}`, fraction: (index + 1) / planned.length });
  }
  const now = await contentsOf(texts);
  const changes = texts.flatMap((text, index) => {
    const [one, other] = [old[index], now[index]];
    const isSame = one === undefined || other === undefined ? one === other : one.equals(other);
    return isSame ? [] : [changeOf(nameOf(root, text), one, other, false)];
  });
  return {
    by: 'dvc',
    status: changes.length > 0 ? 'tracked' : 'unchanged',
    paths: await Promise.all(planned.map((each) => tracked(each, root))),
    files: changes,
    findings: [],
  };
}

/**
 * Whether the file that names a path names nothing else, which DVC would drop or take over by half. What DVC 2 wrote it
 * would write anew, also where nothing changed.
 */
async function isOwn({ path, by, out }: Planned, texts: Texts): Promise<boolean> {
  return (
    out?.hash !== 'md5-dos2unix' && by === `${path}.dvc` && parseDvcFile(await texts.read(by), by).outs.length <= 1
  );
}

async function tracked({ path, by }: Planned, root: string): Promise<TrackedTarget['paths'][number]> {
  const out = (await readDvcFile(by)).outs.find(({ file }) => file === path);
  return {
    path: nameOf(root, path),
    bytes: out?.size ?? 0,
    files: out?.nfiles ?? 1,
    ...(out?.md5 !== undefined && { md5: out.md5 }),
  };
}

function nameOf(root: string, file: string): string {
  return relative(root, file).split(sep).join('/');
}

function contentsOf(files: readonly string[]): Promise<(Buffer | undefined)[]> {
  return Promise.all(files.map((file) => readFile(file).catch(() => undefined)));
}
