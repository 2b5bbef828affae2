/** One build of one dataset, from source files to published artifacts. Runs in a job process of its own. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isChecked, programOf } from '../../config';
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
import { checkRoom, checkTarget, outputFindings, publish, WholeFiles } from '../output';
import { dataFiles, outputFiles, refuseOwnOutput, REPORT_FILES, stepsAroundSplit } from '../plan';
import { listInputs, type DatasetFolders } from '../sources';
import { hashFile } from '../text';
import type { RowsTarget } from '../rows';
import type { StepsResult } from '../transforms';
import { TOOL } from '../version';
import {
  hasErrors,
  MANIFEST_FILE,
  MldataError,
  QUALITY_FILE,
  worstFirst,
  type Artifact,
  type DatasetBuild,
  type DatasetSpec,
  type Digests,
  type FetchedSource,
  type Finding,
  type KeyVersions,
  type Manifest,
  type Origins,
  type Progress,
  type Quality,
  type StepRecord,
} from '../../protocol';
import { digestParts } from './digest';
import { divideRows, type DividedRows } from './divide';
import { writeRejected } from './enforce';
import { BuildProgress } from './progress';
import { writeIndices, type SplitPart } from './split';
import type { StageColumn } from '../schema';
import { inputsOf, KEPT, STAGE, type Stage } from '../staging';
import { transformKept, type Applied, type Training } from './steps';
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
  /** The build that stands in the output folder, with its files, where a change of the schema is to be told. */
  readonly standing?: RowsTarget & { readonly of: 'build' };
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
  /** Publish also what does not pass its checks. */
  readonly publishFailing?: boolean;
  /** The builds of datasets that foreign keys name, by their names. */
  readonly references?: Readonly<Record<string, RowsTarget>>;
  /** Their versions; null: not built. */
  readonly keyVersions?: KeyVersions;
}

/** Makes the checks that the config names; see `src/engine/checkRows.ts`. */
export interface Checker {
  /** Opens what is read beside the rows, while it still can be, and tells its files. */
  prepare(context: CheckerContext): Promise<readonly string[]>;
  check(
    divided: DividedRows,
    context: CheckerContext & { readonly onProgress: (fraction: number, detail?: string) => void },
  ): Promise<Quality>;
}

/** Holds the columns of a build against those of the build before it; see `src/engine/schemaGuard.ts`. */
export interface SchemaGuard {
  /** As that of a {@link Checker}. */
  prepare(context: CheckerContext): Promise<readonly string[]>;
  /**
   * What changed. Throws where that is to stop the build.
   * @param relation with `id` and the columns by their ids, as they will be written
   */
  judge(
    rows: { readonly relation: string; readonly columns: readonly StageColumn[]; readonly rows: number },
    context: CheckerContext,
  ): Promise<readonly Finding[]>;
}

interface CheckerContext {
  readonly database: Database;
  readonly signal: AbortSignal;
}

type References = NonNullable<Manifest['references']>;

export const [REPORT_FILE, REJECTED_FILE, INDICES_FILE] = REPORT_FILES;

/** What came of a build: its report, and the manifest that stands in its folder. */
export interface Built {
  readonly build: DatasetBuild;
  readonly manifest: Manifest;
}

/**
 * Throws what stops the build; constraint errors as `checkFailed`, and so what its checks find.
 * @param checker makes the checks; absent: none are made
 * @param guard holds the columns against those of the build before; absent: nothing does
 */
export async function buildDataset(
  job: BuildJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  checker?: Checker,
  guard?: SchemaGuard,
): Promise<Built> {
  const { spec } = job;
  const started = performance.now();
  let totalBytes = 0;
  const progress = new BuildProgress(spec.name, () => totalBytes, onProgress);
  progress.begin('resolve');
  const { folder, root, datasets } = job;
  const { files, fetched } = await listInputs(spec.source, { folder, root, datasets, signal }, spec.name);
  await refuseOwnOutput(files, spec, job.output, job.before);
  const checking = isChecked(spec) ? checker : undefined;
  await checkTarget(job.output, [...dataFiles(spec), REPORT_FILE, ...(checking ? [QUALITY_FILE] : [])], job.before);
  totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  await checkRoom({ ...job, dataset: spec.name, files, formats: spec.output.formats.length });
  const referenced = await referencedFiles(spec, { folder, root, datasets, signal });
  await refuseOwnOutput(referenced, spec, job.output, job.before);
  const watched = await WatchedFiles.watch([...files, ...referenced]);
  const spillFolder = join(job.scratch, 'spill');
  const database = await Database.open({
    threads: job.threads,
    memoryLimit: engineMemory(job.memoryLimit),
    spillFolder,
    signal,
  });
  let emptied: Promise<unknown> | undefined;
  try {
    const cache = await stagedCache(job, files.length, signal);
    const readable = [
      ...((await checking?.prepare({ database, signal })) ?? []),
      ...((await guard?.prepare({ database, signal })) ?? []),
    ];
    const divided = await divideRows(job, {
      ...{ database, files, referenced, readable, cache, signal, writable: [job.scratch, job.staging] },
      begin: (step) => {
        progress.begin(step);
      },
      report: (fraction, detail) => {
        progress.report(fraction, detail);
      },
      onStaged: async ({ reading }) => {
        if (!cache) return;
        await watched.refuseChanged(spec.name);
        await cache.save(reading);
      },
      judge: (found) => {
        if (hasErrors(found)) throw refuse(spec.name, found);
      },
    });
    const { staged, parts, splits, rejected } = divided;
    const done: StepsResult[] = [...divided.steps];
    let rows = divided.rows;

    const quality = checking && (await checked(job, divided, checking, { database, progress, signal }));
    const { afterSplit } = stepsAroundSplit(spec);
    if (afterSplit.length > 0) {
      progress.begin('fit');
      const result = await transformKept(
        afterSplit,
        rows,
        { database, spec, applied: job.applied, sides: divided.sides, split: spec.split !== undefined },
        trainingRows(spec, splits),
        (transform) => {
          progress.report(0, transform);
        },
      );
      done.push(result);
      rows = { ...rows, columns: result.table.columns };
    }
    const steps = done.flatMap(({ records }) => records);
    const evolution = await guarded(rows, parts, guard, { database, progress, signal });

    progress.begin('write');
    const lost = await outputFindings(database, rows.columns, spec.output, spec.name);
    const folders = new Set(['reports', 'data', ...spec.output.formats.slice(1).map(({ format }) => format)]);
    for (const folder of folders) await mkdir(join(job.staging, folder));
    const whole = new WholeFiles(job.staging, signal);
    if (rejected > 0) {
      const context = { database, dataset: spec.name, schema: spec.schema, signal };
      await writeRejected(staged, join(job.staging, REJECTED_FILE), context);
      whole.add({ path: REJECTED_FILE, kind: 'report', format: 'parquet', rows: rejected });
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
    const { digests, missing } = digested.value;
    // To give back the memory of the rows takes a while, in which files are finished and the manifest is written.
    emptied = database.run(`DROP TABLE IF EXISTS ${STAGE}`).catch(() => undefined);

    progress.begin('hash');
    const artifacts = await whole.artifacts([...outputFiles(spec.output, parts), REJECTED_FILE, INDICES_FILE]);

    progress.begin('publish');
    const stepFindings = done.flatMap(({ findings: found }) => found);
    const { readFindings, splitFindings } = divided;
    const checkFindings = (quality?.findings ?? []).flatMap(({ check: _check, ...finding }) =>
      // What reading found is told once.
      readFindings.some(({ code, message }) => code === finding.code && message === finding.message) ? [] : [finding],
    );
    const found = [...readFindings, ...stepFindings, ...splitFindings, ...checkFindings, ...evolution, ...lost];
    const findings = worstFirst(found);
    const references = await hashed(referenced, signal);
    const manifest = describe(job, database, {
      read: staged,
      staged: rows,
      steps,
      references,
      fetched,
      parts,
      splits,
      digests,
      artifacts,
      findings,
      quality,
      missing,
    });
    await writeFile(join(job.staging, MANIFEST_FILE), manifestText(manifest));
    if (quality) await writeFile(join(job.staging, QUALITY_FILE), `${JSON.stringify(quality, null, 2)}\n`);
    const result = (): DatasetBuild => ({
      dataset: spec.name,
      status: 'built',
      output: spec.output.path,
      manifest: `${spec.output.path}/${MANIFEST_FILE}`,
      rows: manifest.rows,
      rejected,
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
    const published = [...artifacts.map(({ path }) => path), REPORT_FILE, ...(quality ? [QUALITY_FILE] : [])];
    await publish(job.output, job.staging, published, job.before);
    if (job.hashes !== undefined) {
      const cache = HashCache.empty({ file: job.hashes, folder: job.folder });
      watched.keepHashes(cache, new Map([...manifest.inputs, ...references].map(({ path, sha256 }) => [path, sha256])));
      await cache.save(job.scratch);
    }
    progress.report(1);
    return { build: result(), manifest };
  } finally {
    await emptied;
    // To give back memory takes a while, for which nobody has to wait, unless files are to be removed.
    if (existsSync(spillFolder)) database.close();
    else setImmediate(() => database.close());
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

/** Throws `checks-failed` where the checks do not pass, unless that is to be published. */
async function checked(
  job: BuildJob,
  divided: DividedRows,
  checker: Checker,
  { database, progress, signal }: CheckerContext & { readonly progress: BuildProgress },
): Promise<Quality> {
  progress.begin('check');
  const onProgress = (fraction: number, detail?: string) => {
    progress.report(fraction, detail);
  };
  const quality = await checker.check(divided, { database, signal, onProgress });
  if (!quality.passed && job.publishFailing !== true) throw refuseQuality(quality);
  return quality;
}

async function guarded(
  { columns }: Stage,
  parts: readonly Part[],
  guard: SchemaGuard | undefined,
  { database, progress, signal }: CheckerContext & { readonly progress: BuildProgress },
): Promise<readonly Finding[]> {
  if (guard === undefined) return [];
  progress.begin('check');
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return guard.judge({ relation: KEPT, columns, rows }, { database, signal });
}

function refuseQuality({ dataset, checks, gates = [], findings }: Quality): MldataError {
  const failed = checks.filter(({ status }) => status === 'failed' || status === 'error').map(({ name }) => name);
  const missed = gates.filter(({ passed }) => !passed).map(({ name }) => name);
  const names = [...failed, ...missed.map((name) => `the gate ${name}`)];
  return new MldataError(
    'checkFailed',
    'checks-failed',
    `The data of ${dataset} does not pass its checks: ${names.join(', ')}. Nothing was written; what was built before stays. ` +
      'To publish it all the same, add --publish-failing.',
    findings.map(({ check: _check, ...finding }) => finding),
  );
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
  readonly fetched: readonly FetchedSource[];
  readonly parts: readonly Part[];
  readonly splits: readonly SplitPart[];
  readonly digests: Digests;
  readonly artifacts: Artifact[];
  readonly findings: Finding[];
  readonly quality: Quality | undefined;
  /** Rows without a value, by the ids of the columns. */
  readonly missing: ReadonlyMap<string, number>;
}

function describe(
  job: BuildJob,
  database: Database,
  { read, staged, steps, references, fetched, parts, splits, digests, artifacts, findings, quality, missing }: Outcome,
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
    ...(fetched.length > 0 && { fetched: [...fetched] }),
    ...(references.length > 0 && { references }),
    ...(job.datasets && { datasets: job.datasets }),
    columns: staged.columns.map(({ name, id, type, physicalType, spec: column }) => ({
      name,
      type,
      physicalType,
      ...(column.role && { role: column.role }),
      ...(column.description !== undefined && { description: column.description }),
      missing: missing.get(id) ?? 0,
      // A step that changes values leaves nothing of what the schema asks of them.
      ...(steps.length > 0 && read.columns.some(({ spec: asRead }) => asRead === column) && { asRead: true as const }),
    })),
    ...(steps.length > 0 && { columnsRead: read.columns.map(({ name, type }) => ({ name, type })), steps: [...steps] }),
    ...(job.applied && { appliedFrom: job.applied.from }),
    splits: splits.map(({ name, rows, classes }) => ({ name, rows, ...(classes && { classes }) })),
    digests,
    artifacts,
    findings,
    ...(quality && { checked: checkedOf(job, quality) }),
  };
  return { ...manifest, ...parentOf(manifest, job.replaces) };
}

function checkedOf({ spec, keyVersions }: BuildJob, { passed, checks: made }: Quality): Manifest['checked'] {
  const { checks = {}, gates } = spec;
  const sum = (key: 'errors' | 'warnings') => made.reduce((all, result) => all + result[key], 0);
  const [until] = made.flatMap((result) => result.until ?? []).sort();
  return {
    checks,
    ...(gates && { gates }),
    ...(keyVersions && { keyVersions }),
    passed,
    errors: sum('errors'),
    warnings: sum('warnings'),
    ...(until !== undefined && { until }),
  };
}

/** The same outcome once more is the same version, and comes from where that came from. */
function parentOf(manifest: Manifest, replaces: BuildJob['replaces']): Pick<Manifest, 'parent'> {
  const parent = replaces?.id === versionId(manifest) ? replaces.parent : replaces?.id;
  return parent === undefined ? {} : { parent };
}
