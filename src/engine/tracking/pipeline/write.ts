/** The stage of a dataset in the `dvc.yaml` beside its config. */
import { basename, dirname, join, resolve } from 'node:path';
import { MldataError, type Finding, type TrackedTarget } from '../../../protocol';
import { readConfig } from '../../readConfig';
import { readText } from '../../readText';
import { isInside, portablePath } from '../../sources';
import { readUserConfig } from '../../userLayer';
import { textOf } from '../change';
import type { DvcRepository } from '../dvc';
import { withIgnored } from '../dvc/gitIgnore';
import { planOf as planOfPaths } from '../dvc/plan';
import { requireGit } from '../dvc/refusals';
import { Texts } from '../dvc/texts';
import { ignoredByGit, inRepository, type GitRepository } from '../git';
import type { Tracked, TrackedBuild, TrackRun, TrackSite } from '../site';
import { stageBeside } from './beside';
import { buildCommand } from './command';
import { dependenciesOnDisk } from './dependencies';
import { writeEdits, type FileEdit } from './edits';
import { refuseForeign, withoutDvcFiles } from './leave';
import { METRICS_FILE, plotsOf } from './metrics';
import type { OwnedSite } from './owners';
import { parametersOf } from './parameters';
import { noteOf, parsePipeline, readPipeline, type PipelineFile } from './pipelineFile';
import { applyPlan, literal, type StageOutput, type StagePlan } from './stage';
import { withStage } from './stageText';

/** A build of a dataset that a config has. */
type DatasetBuild = TrackedBuild & Required<Pick<TrackedBuild, 'configPath' | 'spec'>>;

/**
 * Writes the stage, or brings the one up to date that mldata wrote before, wherever somebody moved it; a `.dvc` file of
 * the dataset goes. Throws `stage-without-dataset`, `stage-outside`, `stage-foreign`, `dvc-yaml-broken`, `dvc-yaml-ignored`,
 * `dvc-yaml-unwritable`, `stage-config-name`, and what keeps the paths from being tracked, having changed nothing.
 */
export async function writeStage(site: OwnedSite, dvc: DvcRepository, run: TrackRun): Promise<Tracked> {
  const build = datasetOf(site);
  const root = site.git?.root ?? dvc.root;
  refuseOutside(site, build, dvc);
  const git = requireGit(site.target, site.git, dvc);
  await planOfPaths(site, dvc, git, new Texts(), run);
  const { owners } = site;
  for (const stage of owners.stages) await refuseForeign(stage, site);
  // Its outputs may lie elsewhere by now.
  const own = owners.stages[0] ?? (await stageBeside(build));
  const file = own?.file ?? join(build.folder, 'dvc.yaml');
  await refuseIgnored(site, file);
  const standing = await readPipeline(file);
  const pipeline = standing ?? parsePipeline('', file);
  const name = own?.name ?? freeName(pipeline, build.dataset);
  const stage = pipeline.stages[name];
  const folder = resolve(dirname(file), stage?.wdir ?? '.');
  const { datasets } = await readConfig(
    { configPath: build.configPath, names: [build.dataset] },
    await readUserConfig(),
  );
  const place = { folder: build.folder, specs: datasets, signal: run.signal };
  const { paths, listed } = await dependenciesOnDisk(build.spec, place);
  const plan = await planOf(site, build, { folder, paths });
  const text = withStage(pipeline.text, name, (map, document) => {
    applyPlan(map, document, plan, (stage && noteOf(stage)?.paths) ?? []);
  });
  const released = await withoutDvcFiles(owners.dvcFiles, site.paths);
  const ignoring = git === undefined ? [] : await ignoreLines(site.paths, git);
  const files = await writeEdits(
    [...ignoring, ...released, { path: file, before: standing?.text, after: text }],
    { git, dvc },
    run.dryRun,
  );
  const status = released.length > 0 ? 'converted' : files.length > 0 ? 'tracked' : 'unchanged';
  return {
    by: 'mldata',
    status,
    paths: trackedPaths(site, build, root),
    files,
    findings: [
      ...listed.map((pattern) => listedSource(pattern, build.dataset)),
      ...(status === 'unchanged' || run.dryRun ? [] : [nextStep(name, portablePath(root, file), build.dataset)]),
    ],
  };
}

function datasetOf({ target, build }: TrackSite): DatasetBuild {
  const { configPath, spec } = build ?? {};
  if (build && configPath !== undefined && spec) return { ...build, configPath, spec };
  throw new MldataError(
    'usage',
    'stage-without-dataset',
    `${target} is no dataset of a config, so that no stage can build it. Name a dataset, or track the path with \`mldata track ${target} --dvc\`.`,
  );
}

/** DVC allows no dots in the names of stages. Throws `stage-foreign`. */
function freeName({ stages, path }: PipelineFile, dataset: string): string {
  const name = dataset.replaceAll('.', '_');
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? name : `${name}-${count}`;
    const stage = stages[candidate];
    if (stage === undefined) return candidate;
    if (noteOf(stage) === undefined) {
      throw new MldataError(
        'config',
        'stage-foreign',
        `${path} has a stage ${candidate} that mldata did not write. Rename that stage, or the dataset ${dataset}, and try again.`,
      );
    }
  }
}

async function planOf(
  { paths: outs }: TrackSite,
  { dataset, configPath, output, manifest }: DatasetBuild,
  { folder, paths }: { readonly folder: string; readonly paths: readonly string[] },
): Promise<StagePlan> {
  const written = (path: string) => literal(portablePath(folder, path) || '.');
  const beside = ({ path, options }: StageOutput) => ({ path: written(join(output, path)), options });
  const { keys, whole } = parametersOf(await readText(configPath), dataset);
  return {
    dataset,
    cmd: await buildCommand(dataset, configPath, folder),
    deps: [...paths, ...(whole ? [] : [configPath])].map(written),
    params: { file: written(configPath), keys },
    outs: outs.map((path) => ({ path: written(path), options: { persist: true } })),
    metrics: [beside({ path: METRICS_FILE, options: { cache: false, persist: true } })],
    plots: plotsOf(manifest).map(beside),
  };
}

function trackedPaths({ paths }: TrackSite, { output, manifest }: DatasetBuild, root: string): TrackedTarget['paths'] {
  return paths.map((path) => {
    const inside = manifest.artifacts.filter((file) => isInside(path, join(output, file.path)));
    const bytes = inside.reduce((sum, file) => sum + file.bytes, 0);
    return { path: portablePath(root, path), bytes, files: inside.length };
  });
}

function refuseOutside({ target, paths }: TrackSite, { folder, spec }: DatasetBuild, dvc: DvcRepository): void {
  const outside = [folder, ...paths].find((path) => !isInside(dvc.root, path));
  if (outside === undefined) return;
  throw new MldataError(
    'config',
    'stage-outside',
    `${target} cannot be a stage of the DVC repository ${dvc.root}: ${outside} lies outside it. Keep the config and its \`output.path\` (${spec.output.path}) inside, or run \`dvc init --subdir\` in the folder of the config.`,
  );
}

/** What git must not see, once DVC makes it. */
async function ignoreLines(paths: readonly string[], git: GitRepository): Promise<FileEdit[]> {
  const ignored = new Set(
    await ignoredByGit(
      git,
      paths.map((path) => inRepository(git, path)),
    ),
  );
  const edits = new Map<string, FileEdit>();
  for (const path of paths.filter((each) => !ignored.has(inRepository(git, each)))) {
    const file = join(dirname(path), '.gitignore');
    const before = edits.has(file) ? edits.get(file)?.before : await textOf(file);
    const after = withIgnored(edits.get(file)?.after ?? before ?? '', basename(path));
    edits.set(file, { path: file, before, after });
  }
  return [...edits.values()];
}

/** Throws `dvc-yaml-ignored`: DVC reads none that git ignores. */
async function refuseIgnored({ git }: TrackSite, file: string): Promise<void> {
  if (git === undefined) return;
  const files = [file, join(dirname(file), 'dvc.lock')].map((path) => inRepository(git, path));
  const [ignored] = await ignoredByGit(git, files);
  if (ignored === undefined) return;
  throw new MldataError(
    'config',
    'dvc-yaml-ignored',
    `Git ignores ${ignored}, and DVC reads no such file. Take the rule out that \`git check-ignore -v ${ignored}\` names, and try again.`,
  );
}

function listedSource(pattern: string, dataset: string): Finding {
  return {
    code: 'stage-source-listed',
    severity: 'info',
    message: `${pattern} begins in a folder where builds are written, so that dvc.yaml names its files one by one: \`dvc repro\` sees no new one.`,
    dataset,
    suggestion: 'Keep the sources in a folder of their own, or track the dataset again when files are added.',
    configPath: ['datasets', dataset, 'source'],
  };
}

function nextStep(name: string, file: string, dataset: string): Finding {
  return {
    code: 'stage-to-run',
    severity: 'info',
    message: `${file} has the stage ${name} for ${dataset}. \`dvc repro\` runs it and writes dvc.lock, where DVC keeps what was built; commit both.`,
    dataset,
  };
}
