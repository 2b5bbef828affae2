/**
 * A build that stands, taken over by the tool that is to keep its bytes. It comes after the version, whose files are then
 * those of the build still, and before the comparison, which may take long. Whatever goes wrong with it is said, and stops
 * no build.
 */
import { siteOfBuild, stageBehind, type TrackRun } from './tracking';
import { toolOf, trackSite } from './trackSite';
import { explain } from './trouble';
import type { Run } from './run';
import type { BuildRequest, DatasetBuild, DatasetSpec, Finding, Manifest, TrackingTool } from '../protocol';

/** A dataset whose lock is held. */
export interface TrackingSite {
  readonly spec: DatasetSpec;
  /** The folder of its build, absolute. */
  readonly output: string;
  /** The build that stands there. */
  readonly manifest: Manifest;
  readonly request: BuildRequest;
}

/** The report of a build with what tracks it now. Nothing is hashed again: the manifest says what is in its files. */
export async function tracked(build: DatasetBuild, site: TrackingSite, run: Run): Promise<DatasetBuild> {
  const { spec, manifest, request } = site;
  const tool = request.track === false ? undefined : (request.track ?? toolOf(spec.tracking));
  if (manifest.appliedFrom) return build;
  const behind = await behindOf(site);
  if (tool === undefined) return { ...build, findings: [...build.findings, ...behind] };
  const started = performance.now();
  const told = await trackNow(site, tool, run, build.status === 'upToDate');
  const durationMs = Math.round(performance.now() - started);
  return {
    ...build,
    ...told,
    findings: [...build.findings, ...told.findings, ...behind],
    steps: [...build.steps, { step: 'track', durationMs }],
  };
}

/** Also where `dvc repro` runs the build, which tracks nothing itself. */
async function behindOf({ spec, output, manifest, request: { configPath } }: TrackingSite): Promise<Finding[]> {
  const site = await siteOfBuild(spec.name, output, manifest, { configPath, spec }, () => Promise.resolve(undefined));
  const behind = await stageBehind(site);
  return behind === undefined ? [] : [behind];
}

async function trackNow(
  { spec, output, manifest, request: { configPath, track, dvc } }: TrackingSite,
  tool: TrackingTool,
  run: Run,
  isOld: boolean,
): Promise<Pick<DatasetBuild, 'findings' | 'tracking'>> {
  const { name } = spec;
  const onProgress: TrackRun['onProgress'] = ({ detail, etaSeconds }) => {
    run.onProgress({
      dataset: name,
      step: 'track',
      fraction: 1,
      ...(detail !== undefined && { detail }),
      ...(etaSeconds !== undefined && { etaSeconds }),
    });
  };
  try {
    const site = await siteOfBuild(name, output, manifest, { configPath, spec, ...(!isOld && { fresh: true }) });
    const tracking = { dryRun: false, onProgress, signal: run.signal };
    const { findings, ...done } = await trackSite(
      site,
      { tool, named: track !== undefined, dvc, init: false },
      tracking,
    );
    // What was said when it was built need not be said again where nothing is.
    const news = isOld ? findings.filter(({ severity }) => severity !== 'info') : findings;
    return { tracking: { tool, ...done }, findings: news };
  } catch (error) {
    return { findings: [notTracked(error, name)] };
  }
}

function notTracked(error: unknown, dataset: string): Finding {
  const { kind, message } = explain(error, dataset);
  return {
    code: 'not-tracked',
    severity: 'warning',
    message: `The build is whole, but it is not tracked. ${kind === 'cancelled' ? 'That was cancelled.' : message}`,
    dataset,
    suggestion: `Once that is set right, \`mldata track ${dataset}\` tracks it, and so does the next build.`,
    configPath: ['datasets', dataset, 'tracking'],
  };
}
