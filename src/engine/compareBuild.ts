/**
 * A build that stands and is noted, held against the baseline that its config names. It comes last: whatever goes wrong
 * with it is said, and stops no build.
 */
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { alertBuild } from './alertBuild';
import { severityOf, sideName } from './alerts';
import { blocked, flush, isBelow, stagingFolder } from './output';
import { driftOne } from './driftOne';
import { makeFolder } from './folders';
import { hasDrift, readDrift, versionId } from './manifest';
import type { Run } from './run';
import { explain } from './trouble';
import { knownOf, previousOf, storeOf, VersionsFile } from './versions';
import type { Workspace } from './workspace';
import {
  DRIFT_FILE,
  type BuildRequest,
  type BuiltDrift,
  type DatasetBuild,
  type DatasetSpec,
  type Drift,
  type DriftColumn,
  type DriftEntry,
  type DriftProgress,
  type Finding,
  type Manifest,
} from '../protocol';

/** A line of the drift history names no more columns; how many drifted it says. */
const NAMED_COLUMNS = 50;

/** A dataset whose lock is held. */
export interface ComparingSite {
  readonly id: string;
  readonly spec: DatasetSpec;
  readonly workspace: Workspace;
  /** The folder of its build, absolute. */
  readonly output: string;
  /** The build that stands there. */
  readonly manifest: Manifest;
  readonly request: BuildRequest;
}

/** What a comparison adds to the report of a build. */
type Told = Pick<DatasetBuild, 'findings' | 'drift'>;

/** The report of a build with how far it is from its baseline. A version that was compared is not compared again. */
export async function compared(build: DatasetBuild, site: ComparingSite, run: Run): Promise<DatasetBuild> {
  const baseline = site.spec.drift?.baseline;
  if (baseline === undefined || site.manifest.appliedFrom) return build;
  const known = build.status === 'upToDate' ? await comparedBefore(site) : undefined;
  if (known) return { ...build, ...known, findings: [...build.findings, ...known.findings] };
  const isNew = build.status === 'built';
  if (baseline === 'previous' && (await isFirst(site))) {
    return isNew ? { ...build, findings: [...build.findings, firstOf(build.dataset)] } : build;
  }
  const started = performance.now();
  const told = await comparedNow(site, run);
  const durationMs = Math.round(performance.now() - started);
  return {
    ...build,
    ...told,
    findings: [...build.findings, ...told.findings],
    steps: [...build.steps, { step: 'compare', durationMs }],
  };
}

async function comparedBefore({ output, manifest }: ComparingSite): Promise<Told | undefined> {
  const drift = await readDrift(output);
  return drift?.current.versionId === versionId(manifest)
    ? { drift: builtDrift(drift), findings: drift.findings }
    : undefined;
}

/** Whether nothing stood there before. What cannot be told the comparison says. */
async function isFirst({ spec: { name }, workspace: { folder, state }, output }: ComparingSite): Promise<boolean> {
  try {
    const { file, standing } = await knownOf({ dataset: name, output, folder, store: storeOf(state, name) });
    return previousOf(file.content, standing?.id) === undefined;
  } catch {
    return false;
  }
}

async function comparedNow(site: ComparingSite, run: Run): Promise<Told> {
  const { spec, workspace, request } = site;
  const { name } = spec;
  const onProgress = ({ detail, etaSeconds }: DriftProgress) => {
    run.onProgress({
      dataset: name,
      step: 'compare',
      fraction: 1,
      ...(detail !== undefined && { detail }),
      ...(etaSeconds !== undefined && { etaSeconds }),
    });
  };
  onProgress({ step: 'read', fraction: 0 });
  const { configPath, allowOutsidePaths } = request;
  let drift: Drift;
  try {
    const asked = { configPath, current: name, folder: workspace.folder, metrics: 'deciding' as const };
    drift = await driftOne(run, { ...asked, ...(allowOutsidePaths && { allowOutsidePaths }) }, onProgress);
  } catch (error) {
    return { findings: [notCompared(error, name)] };
  }
  const kept = await keep(site, drift);
  const { alert, findings } = await alertBuild(drift, site, run.signal);
  return {
    drift: { ...builtDrift(drift), ...(alert && { alert }) },
    findings: [...drift.findings, ...kept, ...findings],
  };
}

/** Beside the build, and as a line of its history. */
async function keep({ id, spec, output, manifest }: ComparingSite, drift: Drift): Promise<Finding[]> {
  const staging = stagingFolder(output, id);
  try {
    await putBeside(output, staging, drift);
    const file = await VersionsFile.read(output, spec.name);
    file.noteDrift(entryOf(drift, versionId(manifest)));
    await file.save(staging);
    return [];
  } catch (error) {
    return [notKept(error, spec.name)];
  }
}

/** Throws `output-blocked` where something stands that no build wrote. */
async function putBeside(output: string, staging: string, drift: Drift): Promise<void> {
  const path = join(output, DRIFT_FILE);
  if (!(await isBelow(output, DRIFT_FILE))) throw blocked(dirname(path), 'is a link to another place');
  if ((await lstat(path).catch(() => undefined)) && !(await hasDrift(output)))
    throw blocked(path, 'is in no manifest of mldata');
  await mkdir(staging);
  try {
    const draft = join(staging, 'drift.json');
    await writeFile(draft, `${JSON.stringify(drift, null, 2)}\n`);
    await flush(draft);
    await makeFolder(dirname(path));
    await rename(draft, path);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function builtDrift({ baseline, summary, columns }: Drift): BuiltDrift {
  const drifted = columns.filter((column) => severityOf(column) !== undefined);
  return {
    baseline: sideName(baseline),
    summary,
    columns: drifted.map(({ name, ...column }) => ({ name, ...figureOf(column) })),
  };
}

function entryOf({ generatedAt, baseline, summary, columns }: Drift, version: string): DriftEntry {
  const { drifted, compared: of, share, severity } = summary;
  const named = columns.filter((column) => severityOf(column) !== undefined).slice(0, NAMED_COLUMNS);
  return {
    version,
    baseline: sideName(baseline),
    at: generatedAt,
    drifted,
    compared: of,
    share: short(share),
    severity,
    columns: Object.fromEntries(
      named.map((column) => {
        const { value, ...figure } = figureOf(column);
        return [
          column.name,
          { ...figure, ...(value !== undefined && { value: value === null ? null : short(value) }) },
        ];
      }),
    ),
  };
}

function figureOf({ status, decidedBy, value }: Pick<DriftColumn, 'status' | 'decidedBy' | 'value'>) {
  return { status, ...(decidedBy !== undefined && { by: decidedBy }), ...(value !== undefined && { value }) };
}

/** As many digits as somebody reads; the line is in git. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}

function firstOf(dataset: string): Finding {
  return {
    code: 'drift-no-baseline',
    severity: 'info',
    message: `This is the first version of ${dataset}, so that there is no previous one to compare it with. The next one is compared with it.`,
    dataset,
    configPath: ['datasets', dataset, 'drift', 'baseline'],
  };
}

function notCompared(error: unknown, dataset: string): Finding {
  const { kind, code, message } = explain(error, dataset);
  const why = kind === 'cancelled' ? 'That was cancelled.' : message;
  const todo =
    code === 'version-bytes-missing' ? 'With `baseline: previous`, keep at least two versions (`versions.keep`). ' : '';
  return {
    code: 'drift-not-compared',
    severity: 'warning',
    message: `The build is whole, but it was not compared with its baseline. ${why}`,
    dataset,
    suggestion: `${todo}Once that is set right, the next \`mldata build ${dataset}\` compares it, also where it builds nothing.`,
    configPath: ['datasets', dataset, 'drift', 'baseline'],
  };
}

function notKept(error: unknown, dataset: string): Finding {
  return {
    code: 'drift-not-kept',
    severity: 'warning',
    message: `The build is whole and compared, but not all of what the comparison came to could be kept. ${explain(error, dataset).message}`,
    dataset,
    suggestion: `Once that is set right, \`mldata drift ${dataset}\` compares it again.`,
  };
}
