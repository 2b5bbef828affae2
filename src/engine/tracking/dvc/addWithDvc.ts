/** Has the installed DVC take the paths of a site, and says what it wrote. */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { TrackedTarget } from '../../../protocol';
import { changeOf } from '../change';
import type { Tracked, TrackRun, TrackSite } from '../site';
import { trackedByDvc } from '../status/trackedOuts';
import { addToDvc } from './add';
import { runDvc, type DvcProgram } from './command';
import { readDvcFile } from './dvcFile';
import type { DvcRepository } from './repository';

/**
 * As {@link addToDvc}, which then writes of a build what DVC knows nothing of: so both leave the same files. Throws what it
 * refuses too, and `dvc-failed`.
 */
export async function addWithDvc(
  site: TrackSite,
  dvc: DvcRepository,
  run: TrackRun,
  program: DvcProgram,
): Promise<Tracked> {
  const looked = site.build && (await addToDvc(site, dvc, { ...run, dryRun: true }));
  if (looked?.status === 'unchanged') return looked;
  const files = await filesNaming(site, dvc, run.signal);
  const texts = [...new Set([...files.values(), ...site.paths.map((path) => join(dirname(path), '.gitignore'))])];
  const before = await contentsOf(texts);
  run.onProgress({ step: 'cache', detail: `dvc ${program.version}`, fraction: 0 });
  for (const path of site.paths) {
    // A file of its own would take the place of one that has other outputs too.
    const file = files.get(path) ?? '';
    const isOwn = file === `${path}.dvc` && (await outputsOf(file)) <= 1;
    const name = `.${sep}${relative(dvc.root, path)}`;
    await runDvc(program, isOwn ? ['add', name] : ['commit', '--force', name], dvc.root, run.signal);
  }
  const told = site.build && (await addToDvc(site, dvc, run));
  const after = await contentsOf(texts);
  const root = site.git?.root ?? dvc.root;
  const changes = texts.flatMap((text) => {
    const [old, now] = [before.get(text), after.get(text)];
    const isSame = old === undefined || now === undefined ? old === now : old.equals(now);
    return isSame ? [] : [changeOf(relative(root, text).split(sep).join('/'), old, now, false)];
  });
  return {
    by: 'dvc',
    status: changes.length > 0 ? 'tracked' : 'unchanged',
    paths: told?.paths ?? (await pathsOf(site, root, files)),
    files: changes,
    findings: told?.findings ?? [],
  };
}

/** The `.dvc` that names each path, or that is to. */
async function filesNaming(site: TrackSite, dvc: DvcRepository, signal: AbortSignal): Promise<Map<string, string>> {
  const { outs } = await trackedByDvc(dvc.root, site.git, signal);
  const named = outs.filter(({ tool }) => tool === 'dvc');
  return new Map(
    site.paths.map((path) => [path, named.find(({ out }) => out.file === path)?.by ?? `${path}.dvc`] as const),
  );
}

async function outputsOf(file: string): Promise<number> {
  return (await contentsOf([file])).get(file) === undefined ? 0 : (await readDvcFile(file)).outs.length;
}

async function contentsOf(files: readonly string[]): Promise<Map<string, Buffer | undefined>> {
  const contents = files.map(async (file) => [file, await readFile(file).catch(() => undefined)] as const);
  return new Map(await Promise.all(contents));
}

async function pathsOf(
  site: TrackSite,
  root: string,
  files: ReadonlyMap<string, string>,
): Promise<TrackedTarget['paths']> {
  return Promise.all(
    site.paths.map(async (path) => {
      const { outs } = await readDvcFile(files.get(path) ?? '');
      const out = outs.find(({ file }) => file === path);
      return {
        path: relative(root, path).split(sep).join('/'),
        bytes: out?.size ?? 0,
        files: out?.nfiles ?? 1,
        ...(out?.md5 !== undefined && { md5: out.md5 }),
      };
    }),
  );
}
