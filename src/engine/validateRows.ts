/** One validation: opens the rows of a target and checks them. Runs in a job process of its own. */
import { join } from 'node:path';
import type { PlannedCheck } from '../config';
import { divideRows } from './build';
import { chosenRows, dividedRows, qualityOf, withinDataset } from './checkRows';
import { runChecks, type CheckedRows } from './checks';
import { Database } from './duckdb';
import { referencedFiles, WatchedFiles } from './incremental';
import { engineMemory, type Limits } from './limits';
import { specOf } from './manifest';
import { openReferences, type References } from './references';
import { openRows, type RowsTarget } from './rows';
import { listFiles } from './sources';
import { TimeLeft } from './timeLeft';
import {
  MldataError,
  splitNames,
  type DatasetSpec,
  type Quality,
  type SplitName,
  type TableSchema,
  type ValidateProgress,
  type ValidateRequest,
} from '../protocol';

export interface ValidateJob extends Limits, Pick<ValidateRequest, 'sample' | 'quarantine'> {
  readonly spec: Pick<DatasetSpec, 'name'>;
  readonly target: RowsTarget;
  /** Absolute; removed by whoever made it. */
  readonly scratch: string;
  readonly planned: readonly PlannedCheck[];
  readonly references: References;
  /** Of a dataset whose rows are read from its sources: only those that go to this split. */
  readonly split?: string;
  readonly seed: number;
}

/** Throws what reading the rows throws, `split-unknown`, and `source-changed` where a file is another one in the end. */
export async function validateRows(
  job: ValidateJob,
  onProgress: (progress: ValidateProgress) => void,
  signal: AbortSignal,
): Promise<Quality> {
  const started = performance.now();
  const { target, scratch, sample, seed } = job;
  const database = await Database.open({
    threads: job.threads,
    memoryLimit: engineMemory(job.memoryLimit),
    spillFolder: join(scratch, 'spill'),
    signal,
  });
  const timeLeft = new TimeLeft();
  const report = ({ fraction, ...progress }: ValidateProgress) => {
    const etaSeconds = timeLeft.at(fraction);
    onProgress({ ...progress, fraction, ...(etaSeconds !== undefined && { etaSeconds }) });
  };
  const onRead = (share: number, detail?: string) => {
    report({ step: 'read', fraction: READING * share, ...(detail !== undefined && { detail }) });
  };
  let opened: Opened | undefined;
  try {
    opened = await open(job, database, onRead, signal);
    const all = opened.rows;
    const split = splitOf(job, all);
    const rows = await chosenRows(all, { ...(split && { split }), ...(sample && { sample }), seed });
    const { quarantine } = job;
    const checked = await runChecks(
      { ...rows, ...(quarantine !== undefined && { quarantine }) },
      job.planned,
      rows.spec?.name ?? target.name,
      ({ fraction, ...progress }) => {
        report({ ...progress, fraction: READING + (1 - READING) * fraction });
      },
    );
    await opened.assertUnchanged();
    const sampled =
      rows.sampled === undefined ? undefined : { values: rows.rows, of: Math.round(rows.rows / rows.sampled), seed };
    return qualityOf(rows, checked, {
      dataset: target.name,
      of: target.of,
      split: job.split ?? split,
      sampled,
      started,
    });
  } catch (error) {
    // What fails because somebody writes to the files is about that.
    if (!signal.aborted) await opened?.assertUnchanged();
    throw error;
  } finally {
    database.close();
  }
}

/** The share of a validation that reading takes. */
const READING = 0.5;

interface Opened {
  readonly rows: CheckedRows;
  assertUnchanged(): Promise<void>;
}

type OnRead = (share: number, detail?: string) => void;

function open(job: ValidateJob, database: Database, onRead: OnRead, signal: AbortSignal): Promise<Opened> {
  const { target } = job;
  return target.of === 'source'
    ? openSources(target, job, database, onRead, signal)
    : openFiles(target, job, database, onRead, signal);
}

/** The rows of a dataset as its next build would have them before any step learns from them. */
async function openSources(
  { spec, folder, root, datasets }: RowsTarget & { readonly of: 'source' },
  { scratch, references: named }: ValidateJob,
  database: Database,
  onRead: OnRead,
  signal: AbortSignal,
): Promise<Opened> {
  const { rows: references, files: readable } = await openReferences(named, { database, scratch, signal });
  const place = { folder, root, datasets, signal };
  const files = await listFiles(spec.source, place, spec.name);
  const referenced = await referencedFiles(spec, place);
  const watched = await WatchedFiles.watch([...files, ...referenced]);
  const divided = await divideRows(
    { spec, folder, root, datasets, scratch },
    {
      ...{ database, files, referenced, readable, signal, writable: [scratch] },
      begin: () => undefined,
      report: onRead,
    },
  );
  return {
    rows: await dividedRows(divided, { spec, database, folder, signal, references }),
    assertUnchanged: () => watched.refuseChanged(spec.name),
  };
}

/** The rows of a build or of files, as they stand there. */
async function openFiles(
  target: RowsTarget & { readonly of: 'build' | 'files' },
  { scratch, references: named }: ValidateJob,
  database: Database,
  onRead: OnRead,
  signal: AbortSignal,
): Promise<Opened> {
  const { rows: references } = await openReferences(named, { database, scratch, signal });
  const opened = await openRows(target, { database, scratch, signal, onProgress: onRead });
  const relation = 'opened_rows';
  const split = opened.splits.length > 0 ? '' : ', NULL::VARCHAR AS __split';
  const schema = schemaOf(target);
  const columns = opened.columns.map((column) => ({ ...column, spec: schema.columns[column.name] ?? column.spec }));
  const ids = columns.map(({ id }) => `${id}, `).join('');
  await database.run(
    `CREATE VIEW ${relation} AS SELECT ${ids}__row${split === '' ? ', __split' : split} FROM ${opened.relation}`,
  );
  const splits = splitNames.filter((name) => opened.splits.some((part) => part.name === name && part.rows > 0));
  const rows: CheckedRows = {
    ...{ database, relation, columns, rows: opened.rows, splits, schema, references, signal },
    ...(target.of === 'build' && { spec: configOfBuild(target) }),
    found: opened.findings.map(withinDataset),
    enforced: false,
    mediaFolders: opened.mediaFolders,
    locate: (ids, texts = []) => opened.locate(ids, texts),
  };
  return { rows, assertUnchanged: () => opened.assertUnchanged() };
}

const undeclared: TableSchema = { columns: {}, primaryKey: [], extraColumns: 'ignore', onError: 'null' };

/** What is declared holds for rows as they are read, so that of a build whose steps changed them only roles are left. */
function schemaOf(target: RowsTarget & { readonly of: 'build' | 'files' }): TableSchema {
  if (target.of === 'files') return undeclared;
  const { columns, config, steps } = target.manifest;
  if (steps === undefined) return config.schema;
  const roles = columns.map(({ name, type, role }) => {
    const known = config.schema.columns[name]?.role;
    return [name, { type, ...(known !== undefined && known === role && { role: known }) }] as const;
  });
  return { ...undeclared, columns: Object.fromEntries(roles) };
}

/** As the config has it now; of a build that is named by its folder, as it had it then. */
function configOfBuild({ spec, manifest }: RowsTarget & { readonly of: 'build' }): DatasetSpec {
  return spec ?? specOf(manifest);
}

/** Throws `split-unknown`. */
function splitOf({ split, target }: ValidateJob, { splits, spec }: CheckedRows): SplitName | undefined {
  // Of a build only the files of the split were opened.
  if (split === undefined || target.of !== 'source') return undefined;
  const found = splits.find((name) => name === split);
  if (found) return found;
  const there = spec?.split ? `It has ${splits.join(', ')}.` : 'It has none: leave the split out.';
  throw new MldataError('usage', 'split-unknown', `${target.name} has no split ${split}. ${there}`);
}
