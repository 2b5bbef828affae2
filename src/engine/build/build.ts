/** One build of one dataset, from source files to published artifacts. Runs in a job process of its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../duckdb';
import { manifestText, type PreviousBuild } from '../manifest';
import { dataFiles, outputFiles, refuseOwnOutput, REPORT_FILES } from '../plan';
import { confinedPath, listFiles } from '../sources';
import { TOOL } from '../version';
import {
  hasErrors,
  MANIFEST_FILE,
  MldataError,
  worstFirst,
  type Artifact,
  type DatasetBuild,
  type DatasetSpec,
  type Finding,
  type Manifest,
  type Progress,
} from '../../protocol';
import { enforceConstraints, enforceTypes, writeRejected } from './enforce';
import { outputFindings } from './outputForm';
import { BuildProgress } from './progress';
import { publish } from './publish';
import { splitRows, writeIndices, type SplitPart } from './split';
import { inputsOf, KEPT, stage, type Stage } from './stage';
import { checkTarget } from './target';
import { WholeFiles } from './wholeFiles';
import { writeParts, type Part } from './write';

export interface BuildJob {
  readonly spec: DatasetSpec;
  /** The config's folder, absolute. */
  readonly folder: string;
  /** Paths of the config do not leave this folder; absent: anywhere. */
  readonly root?: string;
  readonly threads: number;
  readonly memoryLimit: string;
  /** Absolute, on any disk; removed by the caller. */
  readonly scratch: string;
  /** The output folder, absolute. */
  readonly output: string;
  /** A folder inside the output folder; removed by the caller. */
  readonly staging: string;
  /** Absent: none. */
  readonly before?: PreviousBuild;
}

export const [REPORT_FILE, REJECTED_FILE, INDICES_FILE] = REPORT_FILES;

/** Throws what stops the build; constraint errors as `checkFailed`. */
export async function buildDataset(
  job: BuildJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<DatasetBuild> {
  const { spec } = job;
  const started = performance.now();
  let totalBytes = 0;
  const progress = new BuildProgress(spec.name, () => totalBytes, onProgress);
  progress.begin('resolve');
  const files = await listFiles(spec.source, { folder: job.folder, root: job.root, signal }, spec.name);
  await refuseOwnOutput(files, spec, job.output, job.before);
  await checkTarget(job.output, [...dataFiles(spec), REPORT_FILE], job.before);
  totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  progress.begin('read');
  const database = await Database.open({
    threads: job.threads,
    memoryLimit: job.memoryLimit,
    spillFolder: join(job.scratch, 'spill'),
    signal,
  });
  try {
    const context = { database, dataset: spec.name, schema: spec.schema, scratch: job.scratch, signal };
    const staged = await stage(files, {
      ...context,
      onProgress: (fraction, file) => {
        progress.report(fraction, file);
      },
    });

    progress.begin('enforce');
    const types = await enforceTypes(staged, context);
    const constraints = await enforceConstraints(staged, context);
    const checked = worstFirst([...staged.findings, ...types.findings, ...constraints]);
    if (hasErrors(checked)) throw refuse(spec.name, checked);

    progress.begin('split');
    const { parts, splits, findings: splitFindings } = await divide(job, staged, database);

    progress.begin('write');
    const lost = await outputFindings(database, staged.columns, spec.output, spec.name);
    const folders = new Set(['reports', 'data', ...spec.output.formats.slice(1).map(({ format }) => format)]);
    for (const folder of folders) await mkdir(join(job.staging, folder));
    const whole = new WholeFiles(job.staging, signal);
    if (types.rejected > 0) {
      await writeRejected(staged, join(job.staging, REJECTED_FILE), context);
      whole.add({ path: REJECTED_FILE, kind: 'report', format: 'parquet', rows: types.rejected });
    }
    if (spec.split?.writeIndices) {
      await writeIndices(database, staged, join(job.staging, INDICES_FILE));
      const rows = splits.reduce((sum, split) => sum + split.rows, 0);
      whole.add({ path: INDICES_FILE, kind: 'report', format: 'csv', rows });
    }
    await writeParts(spec.output, parts, {
      database,
      columns: staged.columns,
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

    progress.begin('hash');
    const artifacts = await whole.artifacts([...outputFiles(spec.output, parts), REJECTED_FILE, INDICES_FILE]);

    progress.begin('publish');
    const findings = worstFirst([...checked, ...splitFindings, ...lost]);
    const manifest = await describe(job, staged, parts, splits, artifacts, findings, database);
    await writeFile(join(job.staging, MANIFEST_FILE), manifestText(manifest));
    const result = (): DatasetBuild => ({
      dataset: spec.name,
      status: 'built',
      output: spec.output.path,
      manifest: `${spec.output.path}/${MANIFEST_FILE}`,
      rows: manifest.rows,
      rejected: types.rejected,
      inputs: manifest.inputs,
      splits: manifest.splits,
      artifacts,
      findings,
      durationMs: Math.round(performance.now() - started),
      steps: progress.steps(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    });
    await writeFile(join(job.staging, REPORT_FILE), `${JSON.stringify(result(), null, 2)}\n`);
    await publish(job.output, job.staging, [...artifacts.map(({ path }) => path), REPORT_FILE], job.before);
    progress.report(1);
    return result();
  } finally {
    database.close();
  }
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

async function divide(job: BuildJob, staged: Stage, database: Database) {
  const { spec } = job;
  const { split } = spec;
  if (!split) {
    const row = await database.row(`SELECT count(*) AS rows FROM ${KEPT}`);
    const parts: Part[] = [{ name: 'data', rows: Number(row['rows']), relation: KEPT }];
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
    ...(indicesPath !== undefined && { indicesPath }),
  });
  const parts: Part[] = result.parts.map(({ name, rows, members }) => ({ name, split: name, rows, ...members }));
  return { parts, splits: result.parts, findings: result.findings };
}

async function describe(
  job: BuildJob,
  staged: Stage,
  parts: readonly Part[],
  splits: readonly SplitPart[],
  artifacts: Artifact[],
  findings: Finding[],
  database: Database,
): Promise<Manifest> {
  const { spec } = job;
  return {
    kind: 'mldata/manifest',
    version: 1,
    createdAt: new Date().toISOString(),
    tool: TOOL,
    engine: {
      duckdb: await database.version(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    },
    dataset: spec.name,
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    config: spec,
    inputs: inputsOf(staged, spec.schema.onError === 'quarantine'),
    columns: staged.columns.map(({ name, type, physicalType, spec: column }) => ({
      name,
      type,
      physicalType,
      ...(column.role && { role: column.role }),
      ...(column.description !== undefined && { description: column.description }),
    })),
    splits: splits.map(({ name, rows, classes }) => ({ name, rows, ...(classes && { classes }) })),
    artifacts,
    findings,
  };
}
