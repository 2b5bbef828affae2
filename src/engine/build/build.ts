/** One build of one dataset, from source files to published artifacts. Runs in a job process of its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programOf } from '../../config';
import { Database } from '../duckdb';
import {
  HashCache,
  type NamedFile,
  referencedFiles,
  StagedCache,
  type StagedPlace,
  WatchedFiles,
} from '../incremental';
import { engineMemory, type Limits } from '../limits';
import { manifestText, versionId, type PreviousBuild } from '../manifest';
import { dataFiles, outputFiles, refuseOwnOutput, REPORT_FILES, stepsAroundSplit } from '../plan';
import { confinedPath, listFiles, type DatasetFolders } from '../sources';
import { hashFile } from '../text';
import type { StepsResult } from '../transforms';
import { TOOL } from '../version';
import {
  hasErrors,
  MANIFEST_FILE,
  MldataError,
  worstFirst,
  type Artifact,
  type DatasetBuild,
  type DatasetSpec,
  type Digests,
  type Finding,
  type Manifest,
  type Origins,
  type Progress,
  type StepRecord,
} from '../../protocol';
import { digestParts } from './digest';
import { enforceConstraints, enforceTypes, writeRejected } from './enforce';
import { outputFindings } from './outputForm';
import { BuildProgress } from './progress';
import { publish } from './publish';
import { checkRoom } from './room';
import { readSides } from './sides';
import { splitRows, writeIndices, type SplitPart } from './split';
import { inputsOf, KEPT, stage, type Stage } from '../staging';
import { AS_READ, transformKept, type Applied, type Training } from './steps';
import { checkTarget } from './target';
import { WholeFiles } from './wholeFiles';
import { writeParts, type Part } from './write';

export interface BuildJob extends Limits {
  readonly spec: DatasetSpec;
  /** Where values of the spec come from; absent: the dataset's own section. */
  readonly origins?: Origins;
  /** The config's folder, absolute. */
  readonly folder: string;
  /** Paths of the config do not leave this folder; absent: anywhere. */
  readonly root?: string;
  /** Absolute, on any disk; removed by the caller. */
  readonly scratch: string;
  /** The output folder, absolute. */
  readonly output: string;
  /** A folder inside the output folder; removed by the caller. */
  readonly staging: string;
  /** Absent: none. */
  readonly before?: PreviousBuild;
  /** The version that stands in the output folder, and the one before it; absent: none. */
  readonly replaces?: { readonly id: string; readonly parent: string | undefined };
  /** Absent: the steps learn from the rows themselves. */
  readonly applied?: Applied;
  /** Where the hashes of what is read are kept, absolute; absent: nowhere. */
  readonly hashes?: string;
  /** Where rows of files are kept as they were staged; absent: nowhere. */
  readonly staged?: StagedPlace;
  /** The datasets it is made from. */
  readonly datasets?: DatasetFolders;
}

type References = NonNullable<Manifest['references']>;

export const [REPORT_FILE, REJECTED_FILE, INDICES_FILE] = REPORT_FILES;

/** What came of a build: its report, and the manifest that stands in its folder. */
export interface Built {
  readonly build: DatasetBuild;
  readonly manifest: Manifest;
}

/** Throws what stops the build; constraint errors as `checkFailed`. */
export async function buildDataset(
  job: BuildJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Built> {
  const { spec } = job;
  const started = performance.now();
  let totalBytes = 0;
  const progress = new BuildProgress(spec.name, () => totalBytes, onProgress);
  progress.begin('resolve');
  const { folder, root, datasets } = job;
  const files = await listFiles(spec.source, { folder, root, datasets, signal }, spec.name);
  await refuseOwnOutput(files, spec, job.output, job.before);
  await checkTarget(job.output, [...dataFiles(spec), REPORT_FILE], job.before);
  totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  await checkRoom({ ...job, dataset: spec.name, files, formats: spec.output.formats.length });
  const referenced = await referencedFiles(spec, { folder, root, datasets, signal });
  await refuseOwnOutput(referenced, spec, job.output, job.before);
  const watched = await WatchedFiles.watch([...files, ...referenced]);
  progress.begin('read');
  const database = await Database.open({
    threads: job.threads,
    memoryLimit: engineMemory(job.memoryLimit),
    spillFolder: join(job.scratch, 'spill'),
    signal,
  });
  try {
    const context = { database, dataset: spec.name, schema: spec.schema, scratch: job.scratch, signal };
    const cache = await stagedCache(job, files.length, signal);
    const staged = await stage(files, {
      ...context,
      ...(cache && { cache }),
      onProgress: (fraction, file) => {
        progress.report(fraction, file);
      },
    });
    if (cache) {
      await watched.refuseChanged(spec.name);
      await cache.save(staged.reading);
    }

    progress.begin('enforce');
    const types = await enforceTypes(staged, context);
    const constraints = await enforceConstraints(staged, context);
    const beside = await readSides({
      ...{ database, spec, folder, root, datasets, signal, scratch: job.scratch },
      ...{ source: files, columns: staged.columns },
      onFile: (file) => {
        progress.report(0, file);
      },
    });
    const checked = worstFirst([...staged.findings, ...types.findings, ...constraints, ...beside.findings]);
    if (hasErrors(checked)) throw refuse(spec.name, checked);

    const { beforeSplit, afterSplit } = stepsAroundSplit(spec);
    // Everything is read but the split's own file.
    await database.confine(
      [job.scratch, job.staging],
      referenced.map(({ path }) => path),
    );
    const onStep = (transform: string) => {
      progress.report(0, transform);
    };
    const stepping = { database, spec, applied: job.applied, sides: beside.sides, split: false };
    let rows: Stage = { ...staged, files: [...staged.files, ...beside.files] };
    const done: StepsResult[] = [];
    if (beforeSplit.length > 0) {
      progress.begin('transform');
      const result = await transformKept(beforeSplit, rows, stepping, 'none', onStep);
      done.push(result);
      rows = { ...rows, columns: result.table.columns };
    }

    progress.begin('split');
    const {
      parts,
      splits,
      findings: splitFindings,
    } = await divide(job, rows, database, beforeSplit.length > 0 ? AS_READ : KEPT);

    if (afterSplit.length > 0) {
      progress.begin('fit');
      const result = await transformKept(
        afterSplit,
        rows,
        { ...stepping, split: spec.split !== undefined },
        trainingRows(spec, splits),
        onStep,
      );
      done.push(result);
      rows = { ...rows, columns: result.table.columns };
    }
    const steps = done.flatMap(({ records }) => records);

    progress.begin('write');
    const lost = await outputFindings(database, rows.columns, spec.output, spec.name);
    const folders = new Set(['reports', 'data', ...spec.output.formats.slice(1).map(({ format }) => format)]);
    for (const folder of folders) await mkdir(join(job.staging, folder));
    const whole = new WholeFiles(job.staging, signal);
    if (types.rejected > 0) {
      await writeRejected(staged, join(job.staging, REJECTED_FILE), context);
      whole.add({ path: REJECTED_FILE, kind: 'report', format: 'parquet', rows: types.rejected });
    }
    if (spec.split?.writeIndices) {
      await writeIndices(database, rows, join(job.staging, INDICES_FILE));
      const named = splits.reduce((sum, split) => sum + split.rows, 0);
      whole.add({ path: INDICES_FILE, kind: 'report', format: 'csv', rows: named });
    }
    const writing = writeParts(spec.output, parts, {
      database,
      columns: rows.columns,
      folder: job.staging,
      scratch: job.scratch,
      signal,
      onProgress: (fraction, file) => {
        progress.report(fraction, file);
      },
      onWritten: (file, known) => {
        whole.add({ ...file, kind: 'data' }, known);
      },
    });
    const [written, digested] = await Promise.allSettled([writing, digestParts(database, parts, rows.columns)]);
    if (written.status === 'rejected') throw written.reason;
    if (digested.status === 'rejected') throw digested.reason;
    const digests = digested.value;

    progress.begin('hash');
    const artifacts = await whole.artifacts([...outputFiles(spec.output, parts), REJECTED_FILE, INDICES_FILE]);

    progress.begin('publish');
    const stepFindings = done.flatMap(({ findings: found }) => found);
    const findings = worstFirst([...checked, ...stepFindings, ...splitFindings, ...lost]);
    const references = await hashed(referenced, signal);
    const manifest = describe(job, database, {
      read: staged,
      staged: rows,
      steps,
      references,
      parts,
      splits,
      digests,
      artifacts,
      findings,
    });
    await writeFile(join(job.staging, MANIFEST_FILE), manifestText(manifest));
    const result = (): DatasetBuild => ({
      dataset: spec.name,
      status: 'built',
      output: spec.output.path,
      manifest: `${spec.output.path}/${MANIFEST_FILE}`,
      rows: manifest.rows,
      rejected: types.rejected,
      inputs: manifest.inputs,
      ...(cache && { reused: staged.reused }),
      splits: manifest.splits,
      digests,
      artifacts,
      findings,
      durationMs: Math.round(performance.now() - started),
      steps: progress.steps(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    });
    await writeFile(join(job.staging, REPORT_FILE), `${JSON.stringify(result(), null, 2)}\n`);
    await watched.refuseChanged(spec.name);
    await publish(job.output, job.staging, [...artifacts.map(({ path }) => path), REPORT_FILE], job.before);
    if (job.hashes !== undefined) {
      const cache = HashCache.empty({ file: job.hashes, folder: job.folder });
      watched.keepHashes(cache, new Map([...manifest.inputs, ...references].map(({ path, sha256 }) => [path, sha256])));
      await cache.save(job.scratch);
    }
    progress.report(1);
    return { build: result(), manifest };
  } finally {
    database.close();
  }
}

/** A single file that changed is parsed anyway: keeping its rows would only take time. */
async function stagedCache(job: BuildJob, files: number, signal: AbortSignal): Promise<StagedCache | undefined> {
  const { staged, hashes, folder: workspace, scratch, spec } = job;
  if (!staged || files < 2) return undefined;
  return StagedCache.open({ ...staged, hashes, workspace, dataset: spec.name, scratch, signal });
}

function refuse(dataset: string, findings: readonly Finding[]): MldataError {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const structural = errors.some(({ code }) => code === 'column-missing' || code === 'column-extra');
  return new MldataError(
    'checkFailed',
    structural ? 'schema-mismatch' : 'constraints-broken',
    `The data of ${dataset} breaks its schema: ${errors.map(({ message }) => message).join(' ')} Nothing was written.`,
    findings,
  );
}

function trainingRows({ split }: DatasetSpec, splits: readonly SplitPart[]): Training {
  const train = splits.find(({ name, rows }) => name === 'train' && rows > 0);
  return train?.members ?? (split ? 'none' : 'all');
}

async function divide(job: BuildJob, staged: Stage, database: Database, asRead: string) {
  const { spec } = job;
  const { split } = spec;
  if (!split) {
    const row = await database.row(`SELECT count(*) AS rows FROM ${KEPT}`);
    const parts: Part[] = [{ name: 'data', rows: Number(row['rows']), relation: KEPT, ids: KEPT }];
    return { parts, splits: [] as SplitPart[], findings: [] as Finding[] };
  }
  const at = ['datasets', spec.name, 'split', 'indices'];
  const indicesPath =
    split.indices === undefined ? undefined : await confinedPath(job.folder, split.indices, job.root, at);
  const result = await splitRows({
    database,
    dataset: spec.name,
    stage: staged,
    split,
    asRead,
    ...(indicesPath !== undefined && { indicesPath }),
  });
  const parts: Part[] = result.parts.map(({ name, rows, members }) => ({ name, split: name, rows, ...members }));
  return { parts, splits: result.parts, findings: result.findings };
}

async function hashed(files: readonly NamedFile[], signal: AbortSignal): Promise<References> {
  return Promise.all(
    files.map(async ({ path, name }) => {
      const { bytes, sha256 = '' } = await hashFile(path, ['sha256'], signal);
      return { path: name, bytes, sha256 };
    }),
  );
}

/** What came of a build. */
interface Outcome {
  readonly read: Stage;
  /** With the columns as the steps left them. */
  readonly staged: Stage;
  readonly steps: readonly StepRecord[];
  readonly references: References;
  readonly parts: readonly Part[];
  readonly splits: readonly SplitPart[];
  readonly digests: Digests;
  readonly artifacts: Artifact[];
  readonly findings: Finding[];
}

function describe(
  job: BuildJob,
  database: Database,
  { read, staged, steps, references, parts, splits, digests, artifacts, findings }: Outcome,
): Manifest {
  const { spec } = job;
  const manifest: Manifest = {
    kind: 'mldata/manifest',
    version: 1,
    createdAt: new Date().toISOString(),
    tool: TOOL,
    engine: {
      duckdb: database.version,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    },
    dataset: spec.name,
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    config: programOf(spec),
    ...(job.origins && { origins: job.origins }),
    inputs: inputsOf(read, spec.schema.onError === 'quarantine'),
    ...(references.length > 0 && { references }),
    ...(job.datasets && { datasets: job.datasets }),
    columns: staged.columns.map(({ name, type, physicalType, spec: column }) => ({
      name,
      type,
      physicalType,
      ...(column.role && { role: column.role }),
      ...(column.description !== undefined && { description: column.description }),
    })),
    ...(steps.length > 0 && { columnsRead: read.columns.map(({ name, type }) => ({ name, type })), steps: [...steps] }),
    ...(job.applied && { appliedFrom: job.applied.from }),
    splits: splits.map(({ name, rows, classes }) => ({ name, rows, ...(classes && { classes }) })),
    digests,
    artifacts,
    findings,
  };
  return { ...manifest, ...parentOf(manifest, job.replaces) };
}

/** The same outcome once more is the same version, and comes from where that came from. */
function parentOf(manifest: Manifest, replaces: BuildJob['replaces']): Pick<Manifest, 'parent'> {
  const parent = replaces?.id === versionId(manifest) ? replaces.parent : replaces?.id;
  return parent === undefined ? {} : { parent };
}
