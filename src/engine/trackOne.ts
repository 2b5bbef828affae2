/** Having DVC or Git LFS track what somebody names. One that fails stops no other. */
import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readManifest } from './manifest';
import { addUp, prepareLook, siteOfBuild, sitesOf, type NamedSite, type TrackRun, type TrackSite } from './tracking';
import { toolOf, trackSite, type Wanted } from './trackSite';
import { explain } from './trouble';
import { documentHead } from './version';
import { underLock } from './versionChanges';
import {
  cancelled,
  MldataError,
  type LfsSpec,
  type Track,
  type TrackedTarget,
  type TrackProgress,
  type TrackRequest,
} from '../protocol';

/** In the order in which they are named. Throws what is wrong with the config, `git-missing`, and the cancelled error. */
export async function trackAll(
  request: TrackRequest,
  onProgress: (progress: TrackProgress) => void,
  signal: AbortSignal,
): Promise<Track> {
  const dryRun = request.dryRun === true;
  const sites = await sitesOf(request);
  if (request.tool === 'dvc' && request.dvc?.mode !== 'cli') sites.forEach(({ site }) => site && prepareLook(site));
  const targets: TrackedTarget[] = [];
  for (const [index, named] of sites.entries()) {
    const { target } = named;
    const run: TrackRun = {
      dryRun,
      onProgress: ({ fraction, ...progress }) => {
        onProgress({ ...progress, target, fraction: (index + fraction) / sites.length });
      },
      signal,
    };
    try {
      targets.push(await trackTarget(named, request, run));
    } catch (error) {
      const trouble = explain(error, target);
      if (trouble.kind === 'cancelled') throw stopped(targets);
      targets.push(failed(named, request, trouble));
    }
  }
  return { ...documentHead('mldata/track'), dryRun, targets: dryRun ? await addUp(targets) : targets };
}

async function trackTarget({ target, site, error }: NamedSite, request: TrackRequest, run: TrackRun) {
  if (run.signal.aborted) throw cancelled();
  if (site === undefined) throw error ?? new Error(`${target} is neither found nor refused`);
  run.onProgress({ step: 'look', fraction: 0 });
  const tool = request.tool ?? toolOf(site.build?.spec?.tracking);
  if (tool === undefined) throw noTool(target, site);
  const named = request.tool !== undefined;
  const wanted: Wanted = { tool, named, dvc: request.dvc, lfs: await lfsOf(request), init: request.init === true };
  const done = run.dryRun
    ? await trackSite(site, wanted, run)
    : await standing(site, (now) => trackSite(now, wanted, run));
  return { target, ...(site.build && { dataset: site.build.dataset }), tool, ...done };
}

/** What somebody types is relative to where they are. */
async function lfsOf({ lfs, folder }: TrackRequest): Promise<Partial<LfsSpec> | undefined> {
  if (lfs?.attributes === undefined) return lfs;
  const path = resolve(folder, lfs.attributes);
  return { ...lfs, attributes: await realpath(path).catch(() => path) };
}

/** No build takes the place of the one that is tracked meanwhile. Throws `dataset-locked` where one is about to. */
async function standing<T>(site: TrackSite, work: (standing: TrackSite) => Promise<T>): Promise<T> {
  const { build, target } = site;
  if (build === undefined) return work(site);
  const { dataset, output } = build;
  return underLock({ dataset, output, folder: dirname(site.state) }, async () => {
    const manifest = await readManifest(output);
    return work(manifest === undefined ? site : await siteOfBuild(target, output, manifest, build));
  });
}

function noTool(target: string, { build }: TrackSite): MldataError {
  const config = build?.spec ? ', or `tracking: { dvc: true }` in its config' : '';
  const text = `Nothing says which tool is to track ${target}. Add --dvc or --git-lfs${config}.`;
  return new MldataError('usage', 'tracking-tool-missing', text);
}

function failed({ target, site }: NamedSite, request: TrackRequest, trouble: MldataError): TrackedTarget {
  const { kind, code, message, findings } = trouble;
  const dataset = site?.build?.dataset;
  return {
    target,
    ...(dataset !== undefined && { dataset }),
    tool: request.tool ?? toolOf(site?.build?.spec?.tracking) ?? 'dvc',
    status: 'failed',
    paths: [],
    files: [],
    findings: [...findings],
    error: { kind, code, message },
  };
}

/** The error where somebody stopped it, once something may have been tracked. */
function stopped(before: readonly TrackedTarget[]): MldataError {
  const done = before.filter(({ status }) => status !== 'failed' && status !== 'unchanged').map(({ target }) => target);
  if (done.length === 0) return cancelled();
  const were = `${done.join(', ')} ${done.length === 1 ? 'was' : 'were'}`;
  return new MldataError('cancelled', 'cancelled', `Cancelled. ${were} tracked before that; nothing else was changed.`);
}
