/** One export, from the files that are read to the folder that stands. Runs in a job process of its own. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../duckdb';
import { engineMemory, type Limits } from '../limits';
import type { PreviousBuild } from '../manifest';
import { eachOf } from '../eachOf';
import { checkRoom, EXPORT, publish, refuseWithoutRoom } from '../output';
import { filesOf, type RowsTarget } from '../rows';
import { hashFile } from '../text';
import { explain } from '../trouble';
import {
  cancelled,
  EXPORT_FILE,
  type MldataError,
  worstFirst,
  type Compression,
  type Export,
  type ExportedFile,
  type ExportFormat,
  type ExportProgress,
  type ExportRequest,
  type Finding,
} from '../../protocol';
import { exportDocument, exportText, sourceOf } from './document';
import type { ExportedData, Framework, Prepared, ReadData, Written } from './exported';
import { frameworks } from './frameworks';
import { lossesOf } from './losses';
import { writeDocuments } from './metadata';
import { ExportTelling } from './progress';
import { readRows } from './read';
import { rowBytes } from './sample';
import { writeOne, type FormatOrder, type Sharding } from './writeOne';

export interface ExportJob extends Limits {
  /** The name that the export is known by: of the dataset, or what stands for it. */
  readonly spec: { readonly name: string };
  readonly target: RowsTarget;
  readonly request: ExportRequest;
  readonly formats: readonly { readonly format: ExportFormat; readonly compression: Compression }[];
  /** Absolute, on any disk; removed by the caller. */
  readonly scratch: string;
  /** The folder that is written, absolute. */
  readonly output: string;
  /** A folder inside it; removed by the caller. */
  readonly staging: string;
  /** The export that stands there; absent: none. */
  readonly before?: PreviousBuild;
}

/** For training: row groups are what is shuffled and shared among workers, and files what is fetched. */
const FOR_TRAINING = { rowGroupRows: 32_768, maxFileBytes: 256e6 };
/** Of what a sample estimates, this is taken surely: small samples compress worse than all of the rows. */
const SURE = 0.5;

interface Outcome {
  readonly order: FormatOrder;
  readonly files: readonly ExportedFile[];
  readonly error?: MldataError;
}

/**
 * Throws `disk-space` before anything is written, what reading throws, what a framework cannot do without, and what
 * stops every format, such as a full disk. A format that fails by itself is in the document.
 */
export async function exportRows(
  job: ExportJob,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<Export> {
  const { spec, target, request, scratch, staging, output } = job;
  const { name } = spec;
  const telling = new ExportTelling(onProgress);
  telling.begin('read');
  const { files: sources } = await filesOf(target, signal);
  await checkRoom({ ...job, dataset: name, files: sources, formats: job.formats.length });
  const source = await sourceOf(target, sources, signal);
  const database = await Database.open({
    threads: job.threads,
    memoryLimit: engineMemory(job.memoryLimit),
    spillFolder: join(scratch, 'spill'),
    signal,
  });
  try {
    const reading = { database, scratch, staging, signal, onProgress: telling.within };
    const read = await readRows(name, target, request, reading);
    const framework = request.framework === undefined ? undefined : frameworks[request.framework];
    const { data, findings: prepared, bytes: beside } = await preparedFor(framework, read.data, request);
    const sharding = shardingOf(request);
    const orders = await ordersOf(job, data, sharding);
    const expected = orders.reduce((sum, order) => sum + (order.rowBytes ?? 0) * data.rows, 0);
    await refuseWithoutRoom(staging, expected * SURE + beside, `The export of ${name}`);

    telling.begin('write');
    const outcomes: Outcome[] = [];
    for (const [index, order] of orders.entries()) {
      const onShare = telling.format(order.format, index, orders.length, (order.rowBytes ?? 0) * data.rows);
      outcomes.push(await written(data, staging, order, sharding, onShare));
    }
    const [failure] = outcomes.flatMap(({ error }) => error ?? []);
    if (failure && (framework !== undefined || outcomes.every(({ error }) => error))) throw failure;

    telling.begin('package');
    const exported: ExportedData = {
      ...data,
      folder: staging,
      formats: outcomes.flatMap(({ order, error }) => (error ? [] : order.format)),
      files: outcomes.flatMap(({ files }) => files),
    };
    const lost = await lossesOf(database, name, data.columns, exported.formats);
    const pack = await framework?.write(exported, request);
    const there = new Set(pack?.files.map(({ path }) => path));
    const documents = await writeDocuments(exported, request.documents ?? [], there);

    telling.begin('hash');
    const described = await hashed(staging, [pack, documents], signal);
    const held = request.dataUrl === undefined ? exported.files : await withoutFiles(staging, exported.files);
    const large = tooLarge(name, exported.files, request);
    const findings = [read.findings, prepared, lost, large, pack?.findings ?? [], documents.findings].flat();
    const files = [...held, ...described];
    const document = exportDocument({
      ...{ name, target, request, source, data, output, files },
      formats: outcomes.map(({ order: { format }, files: own, error }) => ({ format, files: own, error })),
      findings: worstFirst(withoutTwins(findings)),
    });

    if (signal.aborted) throw cancelled();
    telling.begin('publish');
    await writeFile(join(staging, EXPORT_FILE), await exportText(document, target, sources));
    await publish(
      output,
      staging,
      files.map(({ path }) => path),
      job.before,
      EXPORT,
    );
    telling.within(1);
    return document;
  } finally {
    database.close();
  }
}

async function preparedFor(
  framework: Framework | undefined,
  data: ReadData,
  request: ExportRequest,
): Promise<Prepared & { readonly data: ReadData }> {
  if (framework === undefined) return { data, findings: [], bytes: 0 };
  const { findings, bytes } = await framework.prepare(data, request);
  const { columns, findings: changed } = await framework.adapt(data);
  return { data: { ...data, columns }, findings: [...findings, ...changed], bytes };
}

function shardingOf({ framework, rowsPerFile, maxFileBytes }: ExportRequest): Sharding {
  const training = framework === undefined ? undefined : FOR_TRAINING;
  return {
    rowsPerFile,
    maxFileBytes: maxFileBytes ?? (rowsPerFile === undefined ? training?.maxFileBytes : undefined),
    numbered: framework !== undefined || rowsPerFile !== undefined || maxFileBytes !== undefined,
    rowGroupRows: training?.rowGroupRows,
  };
}

/** Less than this fits on any disk. */
const WORTH_ESTIMATING = 100_000;

async function ordersOf({ formats }: ExportJob, data: ReadData, { maxFileBytes }: Sharding): Promise<FormatOrder[]> {
  const isWorth = maxFileBytes !== undefined || data.rows * data.columns.length > WORTH_ESTIMATING;
  const orders: FormatOrder[] = [];
  for (const [index, { format, compression }] of formats.entries()) {
    const order = { format, compression, folder: index === 0 ? 'data' : format };
    // What cannot be written at all is told when it is written.
    const bytes = isWorth ? await rowBytes(data, format, compression).catch(unlessStopped) : undefined;
    orders.push({ ...order, rowBytes: bytes });
  }
  return orders;
}

function unlessStopped(error: unknown): undefined {
  if (stopsAll(explain(error, ''))) throw error;
  return undefined;
}

/** What befalls every format alike. */
function stopsAll({ code }: MldataError): boolean {
  return ['cancelled', 'disk-full', 'not-writable', 'out-of-memory'].includes(code);
}

async function written(
  data: ReadData,
  staging: string,
  order: FormatOrder,
  sharding: Sharding,
  onShare: (share: number, bytes?: number) => void,
): Promise<Outcome> {
  try {
    const files = await writeOne(data, staging, order, sharding, onShare);
    onShare(
      1,
      files.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    return { order, files };
  } catch (error) {
    const trouble = explain(error, data.name);
    if (stopsAll(trouble)) throw error;
    return { order, files: [], error: trouble };
  }
}

/** What a package fetches was written to be hashed and counted; from the same build the same bytes are exported anywhere. */
async function withoutFiles(staging: string, files: readonly ExportedFile[]): Promise<readonly ExportedFile[]> {
  for (const { path } of files) await rm(join(staging, path));
  return [];
}

/** Rows are not cut, and what a file takes is estimated: of a size that cannot be kept it is said. */
function tooLarge(dataset: string, files: readonly ExportedFile[], { maxFileBytes }: ExportRequest): Finding[] {
  const larger = files.filter(({ bytes }) => maxFileBytes !== undefined && bytes > maxFileBytes);
  const [first] = larger;
  if (first === undefined) return [];
  return [
    {
      code: 'export-file-large',
      severity: 'warning',
      message: `${larger.length === 1 ? 'A file is' : `${larger.length} files are`} larger than was asked for, such as ${first.path} with ${first.bytes} bytes.`,
      dataset,
      count: larger.length,
      suggestion: 'Ask for larger files, or for fewer rows in each (--rows-per-file).',
    },
  ];
}

async function hashed(
  staging: string,
  written: readonly (Written | undefined)[],
  signal: AbortSignal,
): Promise<ExportedFile[]> {
  const files = written.flatMap((each) => each?.files ?? []);
  return eachOf(files, async ({ path, kind, known }) => {
    const { bytes, sha256 = '' } = known ?? (await hashFile(join(staging, path), ['sha256'], signal));
    return { path, bytes, sha256, kind };
  });
}

/** A package and the documents beside it may miss the same. */
function withoutTwins(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = JSON.stringify([finding.code, finding.column, finding.message, finding.configPath]);
    return !seen.has(key) && seen.add(key);
  });
}
