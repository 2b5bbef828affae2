/** One export: what is exported, to where, in a job process, and tracked afterwards where that is asked for. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { resolveExportCompression } from '../config';
import { attemptAt } from './attempt';
import { dataTarget, unknownSplit } from './dataTarget';
import { frameworks, previousExport, publishedExport, type ExportJob } from './export';
import { runExport } from './jobMessages';
import { runJob } from './jobProcess';
import { lock } from './locks';
import { EXPORT, recover } from './output';
import { filesOf, type RowsTarget } from './rows';
import type { Run } from './run';
import { openScratch } from './scratch';
import { isInside, portablePath, realExistingPart } from './sources';
import { trackAll } from './trackOne';
import { explain } from './trouble';
import { isRunning } from './runs';
import {
  MldataError,
  type Export,
  type ExportFormat,
  type ExportProgress,
  type ExportRequest,
  type Finding,
} from '../protocol';

type ExportRun = Pick<Run, 'jobEntry' | 'limits' | 'signal'>;

/** Throws as `Engine.export` does. */
export async function exportOne(
  run: ExportRun,
  request: ExportRequest,
  onProgress: (progress: ExportProgress) => void,
): Promise<Export> {
  const formats = formatsOf(request);
  const target = await targetOf(request);
  const name = nameOf(target, request);
  const output = outputOf(name, request);
  await refuseOwnSource(target, output, run.signal);
  const done = await explained(name, () => write(run, { name, target, request, formats, output }, onProgress));
  return request.tracking === undefined ? done : tracked(done, request, onProgress, run.signal);
}

type Order = Pick<ExportJob, 'target' | 'request' | 'formats' | 'output'> & { readonly name: string };

async function write(
  { jobEntry, limits, signal }: ExportRun,
  { name, output, ...order }: Order,
  onProgress: (progress: ExportProgress) => void,
): Promise<Export> {
  const { id, folder: scratch, release } = await openScratch(order.request.configPath);
  try {
    const unlock = await lock(await lockOf(output), join(tmpdir(), `mldata-export-${id}`), output, 'written');
    try {
      // A process that was killed may have left its last steps to us.
      await recover(output, isRunning, EXPORT);
      await refuseStanding(output, order.request);
      const before = await previousExport(output);
      return await attemptAt({ id, scratch, output }, EXPORT, publishedExport, (staging) => {
        const job = { spec: { name }, ...order, output, scratch, staging, ...(before && { before }), ...limits };
        return runJob(jobEntry, runExport, job, { onExport: onProgress }, signal);
      });
    } finally {
      await unlock();
    }
  } finally {
    await release();
  }
}

/**
 * Two exports to one folder would mix their files, by whatever links they find it. It lies outside, so that nothing of
 * ours remains in the folder.
 */
async function lockOf(output: string): Promise<string> {
  const digest = createHash('sha256')
    .update(await realExistingPart(output))
    .digest('hex');
  return join(tmpdir(), `mldata-export-${digest.slice(0, 16)}.lock`);
}

/** What the platform throws, in words. */
async function explained<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, name);
  }
}

/** Throws `not-built` for a dataset that is not, and `split-unknown`. */
async function targetOf(request: ExportRequest): Promise<RowsTarget> {
  const { target: named, splits } = request;
  const target = await dataTarget(request);
  if (target.of === 'source') {
    const message = `${named} is not built, and an export is of what was built. Build it first: \`mldata build ${named}\`.`;
    throw new MldataError('buildFailed', 'not-built', message);
  }
  const artifacts = target.of === 'build' ? target.manifest.artifacts : [];
  const known = [...new Set(artifacts.flatMap(({ kind, split }) => (kind === 'data' && split) || []))];
  for (const split of splits ?? []) if (!known.includes(split)) throw unknownSplit(named, split, known);
  return target;
}

/** Throws for formats that the framework does not read, codecs that a format does not know, and what would have no effect. */
function formatsOf({ framework, formats, compression, ...request }: ExportRequest): ExportJob['formats'] {
  const { targetColumn, packageName, dataUrl, tracking } = request;
  if (framework !== 'pytorch' && (targetColumn ?? packageName ?? dataUrl) !== undefined)
    throw wrong('A column to predict, a name of the package and an address of the data are for packages for PyTorch.');
  if (dataUrl !== undefined && tracking !== undefined)
    throw wrong('Data that is fetched from an address does not lie in the package, so there is nothing to track.');
  const maker = framework === undefined ? undefined : frameworks[framework];
  const wanted = [...new Set(formats ?? [maker?.formats[0] ?? 'parquet'])];
  if (maker && wanted.length > 1) {
    throw wrong(`A package for ${String(framework)} holds one format. Export the others to a folder of their own.`);
  }
  const unread = maker && wanted.find((format) => !maker.formats.includes(format));
  if (maker && unread !== undefined)
    throw wrong(`A package for ${String(framework)} holds ${maker.formats.join(', ')}, not ${unread}.`);
  return wanted.map((format: ExportFormat) => {
    const codec = typeof compression === 'string' ? compression : compression?.[format];
    const resolved = resolveExportCompression(format, codec);
    if (typeof resolved === 'string') throw wrong(resolved);
    return { format, compression: resolved };
  });
}

function wrong(message: string): MldataError {
  return new MldataError('usage', 'wrong-usage', message);
}

/** Of a path: its last part, as a folder can be called. */
function nameOf(target: RowsTarget, { target: named }: ExportRequest): string {
  if (target.of === 'build') return target.manifest.dataset;
  const last = basename(named, extname(named)).replace(/\.(csv|tsv|jsonl?|ndjson)$/i, '');
  const plain = last.replace(/[^\p{L}\p{N}_.-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '');
  return plain === '' ? 'data' : plain;
}

function outputOf(name: string, { output, folder, configPath, framework }: ExportRequest): string {
  if (output !== undefined) return resolve(folder, output);
  const beside = configPath === undefined ? folder : dirname(configPath);
  return join(beside, 'exports', framework === undefined ? name : `${name}-${framework}`);
}

/** Throws `output-is-source` where an export would replace what it reads. */
async function refuseOwnSource(target: RowsTarget, output: string, signal: AbortSignal): Promise<void> {
  if (target.of === 'files' && target.media) return;
  const { files } = await filesOf(target, signal);
  const inside = files.find(({ path }) => isInside(output, path));
  if (inside === undefined) return;
  const message = `${inside.path} is exported, and lies in ${output}, which would be written. Choose another folder.`;
  throw new MldataError('usage', 'output-is-source', message);
}

/** Throws `output-exists` where an export stands that is not to be replaced, or something that is none of ours. */
async function refuseStanding(output: string, { force }: ExportRequest): Promise<void> {
  // Of hidden files of ours only those remain that a build of now stages there.
  const names = await readdir(output).catch(() => []);
  if (names.length === 0) return;
  if ((await previousExport(output)) === undefined) {
    const message = `${output} holds files that no export wrote, and only exports are replaced. Choose another folder.`;
    throw new MldataError('usage', 'output-exists', message);
  }
  if (force === true) return;
  const message = `An export stands in ${output}. Replace it (--force), or choose another folder.`;
  throw new MldataError('usage', 'output-exists', message);
}

/** The export as it is tracked now; whatever goes wrong with that is said, and the export stands. */
async function tracked(
  done: Export,
  { tracking, dvc, configPath, folder }: ExportRequest,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<Export> {
  if (tracking === undefined) return done;
  onProgress({ step: 'track', fraction: 1 });
  const inFolder = portablePath(folder, done.output);
  const folders = [...new Set(done.files.flatMap(({ kind, path }) => (kind === 'data' ? dirname(path) : [])))];
  const request = {
    targets: folders.map((folder) => join(done.output, folder)),
    folder: done.output,
    tool: tracking,
    ...(dvc && { dvc }),
    ...(configPath !== undefined && { configPath }),
  };
  try {
    const { targets } = await trackAll(request, () => undefined, signal);
    const found = targets.flatMap(({ findings, error }) =>
      error ? notTracked(error.message, done, inFolder) : findings,
    );
    return { ...done, findings: [...done.findings, ...found] };
  } catch (error) {
    return { ...done, findings: [...done.findings, notTracked(explain(error, done.dataset).message, done, inFolder)] };
  }
}

function notTracked(why: string, { dataset }: Export, folder: string): Finding {
  return {
    code: 'not-tracked',
    severity: 'warning',
    message: `The export is whole, but it is not tracked. ${why}`,
    dataset,
    suggestion: `Once that is set right, \`mldata track ${folder || '.'}\` tracks it.`,
  };
}
