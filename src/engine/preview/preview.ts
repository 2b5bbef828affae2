/** Tries the steps of a dataset on its first rows. Runs in a job process of its own. */
import { join } from 'node:path';
import { Database } from '../duckdb';
import type { Limits } from '../limits';
import { seedOf, stepsAroundSplit, type PlacedStep } from '../plan';
import { listFiles, type DatasetFolders, type SourceFile } from '../sources';
import { runSteps, type Side, type StepsResult, type Table } from '../transforms';
import { documentHead } from '../version';
import { MldataError, type DatasetSpec, type Finding, type Preview, type PreviewStep } from '../../protocol';
import { readSample } from './sample';
import { summaryOf } from './summary';
import { changedValues } from './changes';
import { originsAfter, ownOrigins } from './origins';
import { comparedRows } from './rows';

export interface PreviewJob extends Limits {
  readonly spec: DatasetSpec;
  /** The config's folder, absolute. */
  readonly folder: string;
  readonly root?: string;
  readonly datasets?: DatasetFolders;
  readonly scratch: string;
  /** From 1; absent: all. */
  readonly step?: number;
}

/** Reads what steps take in beside the rows, as a build does. */
export type ReadSides = (
  context: { readonly database: Database; readonly source: readonly SourceFile[]; readonly signal: AbortSignal } & Pick<
    PreviewJob,
    'spec' | 'folder' | 'datasets' | 'scratch'
  > & {
      readonly root: string | undefined;
      readonly columns: Table['columns'];
      readonly onFile: () => void;
    },
) => Promise<{ readonly sides: ReadonlyMap<number, Side> }>;

/** Throws `step-unknown`, and what a build would of its sources and steps. */
export async function previewDataset(job: PreviewJob, readSides: ReadSides, signal: AbortSignal): Promise<Preview> {
  const { spec, step: only } = job;
  const { beforeSplit, afterSplit } = stepsAroundSplit(spec);
  const steps = [...beforeSplit, ...afterSplit].slice(0, only);
  if (only !== undefined && steps.length < only) throw unknownStep(spec, only);
  const { folder, root, datasets } = job;
  const files = await listFiles(spec.source, { folder, root, datasets, signal }, spec.name);
  const database = await Database.open({
    threads: job.threads,
    memoryLimit: job.memoryLimit,
    spillFolder: join(job.scratch, 'spill'),
    signal,
  });
  try {
    const sample = await readSample(files, { database, spec, scratch: job.scratch, signal });
    const { sides } = await readSides({
      ...{ database, spec, folder, root, scratch: job.scratch, signal, ...(datasets && { datasets }) },
      ...{ source: files, columns: sample.table.columns, onFile: () => undefined },
    });
    await database.confine([job.scratch], []);
    let table = sample.table;
    let shown = table;
    let origins = await ownOrigins(database, table);
    const tried: PreviewStep[] = [];
    const findings: Finding[] = [];
    for (const placed of steps) {
      const before = table;
      const result = await tryStep(placed, before, sides, database, spec);
      table = result.table;
      findings.push(...result.findings);
      if (only !== undefined && placed.index + 1 < only) continue;
      if (tried.length === 0) {
        shown = before;
        origins = await ownOrigins(database, before);
      }
      origins = await originsAfter(database, origins, before, table);
      tried.push(await described(placed, before, result, database));
    }
    return {
      ...documentHead('mldata/preview'),
      dataset: spec.name,
      sample: { rows: sample.rows, complete: sample.complete },
      steps: tried,
      before: await summaryOf(database, shown),
      after: await summaryOf(database, table),
      ...(await comparedRows(database, shown, table, origins)),
      findings,
    };
  } finally {
    database.close();
  }
}

function tryStep(
  placed: PlacedStep,
  table: Table,
  sides: ReadonlyMap<number, Side>,
  database: Database,
  spec: DatasetSpec,
): Promise<StepsResult> {
  return runSteps([placed], table, {
    database,
    dataset: spec.name,
    seed: seedOf(spec),
    training: (relation) => Promise.resolve(relation),
    sides,
    onRenumbered: () => Promise.resolve(),
    // What is lost of a sample says little of the whole.
    lossStops: false,
    onStep: () => undefined,
  });
}

async function described(
  { step, index }: PlacedStep,
  before: Table,
  { table, records }: StepsResult,
  database: Database,
): Promise<PreviewStep> {
  const [record] = records;
  const names = (columns: Table['columns']) => columns.map(({ name }) => name);
  const added = names(table.columns).filter((name) => !names(before.columns).includes(name));
  const removed = names(before.columns).filter((name) => !names(table.columns).includes(name));
  const { rows, columns } = await changedValues(database, before, table);
  return {
    ...step,
    step: index + 1,
    rowsIn: record?.rowsIn ?? 0,
    rowsOut: record?.rowsOut ?? 0,
    rowsChanged: rows,
    columnsAdded: added,
    columnsRemoved: removed,
    columnsChanged: columns,
  };
}

function unknownStep({ name, transforms = [] }: DatasetSpec, step: number): MldataError {
  const there = transforms.length === 1 ? '1 step' : `${transforms.length} steps`;
  return new MldataError('usage', 'step-unknown', `${name} has ${there}; there is no step ${step}.`);
}
