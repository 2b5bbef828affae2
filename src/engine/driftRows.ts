/** One comparison of the rows of two targets. Runs in a job process of its own. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DriftSettings } from '../config';
import { compareRows, type CompareOptions } from './drift';
import { Database } from './duckdb';
import { compatibilityOf, schemaChanges, shapeOf, shapeOfManifest } from './evolution';
import { engineMemory, type Limits } from './limits';
import { versionId } from './manifest';
import { openRows, type Rows, type RowsTarget } from './rows';
import { TimeLeft } from './timeLeft';
import { documentHead } from './version';
import {
  worstFirst,
  type DatasetSpec,
  type Drift,
  type DriftProgress,
  type DriftSide,
  type Finding,
  type TableShape,
} from '../protocol';

export interface DriftJob extends Limits, Pick<CompareOptions, 'metrics' | 'dataset' | 'configColumns'> {
  readonly spec: Pick<DatasetSpec, 'name'>;
  readonly baseline: RowsTarget;
  readonly current: RowsTarget;
  /** Absolute; removed by whoever made it. */
  readonly scratch: string;
  readonly settings: DriftSettings;
}

/** The share of a comparison that reading each side takes. */
const READING = 0.15;

/**
 * Both sides are opened in one database, each in a schema of its own. Throws what reading and comparing the rows throws,
 * and `source-changed` where a file is another one in the end.
 */
export async function driftRows(
  job: DriftJob,
  onProgress: (progress: DriftProgress) => void,
  signal: AbortSignal,
): Promise<Drift> {
  const started = performance.now();
  const { scratch, settings, metrics, dataset, configColumns } = job;
  const database = await Database.open({
    threads: job.threads,
    memoryLimit: engineMemory(job.memoryLimit),
    spillFolder: join(scratch, 'spill'),
    signal,
  });
  const timeLeft = new TimeLeft();
  const report = (progress: DriftProgress) => {
    const etaSeconds = timeLeft.at(progress.fraction);
    onProgress({ ...progress, ...(etaSeconds !== undefined && { etaSeconds }) });
  };
  const opened: Side[] = [];
  const open = async (name: 'baseline' | 'current'): Promise<Side> => {
    const before = READING * opened.length;
    const onRead = (fraction: number, detail: string) => {
      report({ step: 'read', detail, fraction: before + READING * fraction });
    };
    const side = await openSide(name, job[name], { database, scratch, signal, onRead });
    opened.push(side);
    return side;
  };
  const assertUnchanged = async () => {
    for (const { rows } of opened) await rows.assertUnchanged();
  };
  try {
    const baseline = await open('baseline');
    const current = await open('current');
    const before = READING * opened.length;
    const compared = await compareRows(within(baseline, database), within(current, database), settings, {
      metrics,
      ...(dataset !== undefined && { dataset }),
      ...(configColumns && { configColumns }),
      signal,
      onProgress: (progress) => {
        report({ ...progress, fraction: before + (1 - before) * progress.fraction });
      },
    });
    await assertUnchanged();
    return {
      ...documentHead('mldata/drift'),
      baseline: described(baseline),
      current: described(current),
      settings,
      ...compared,
      findings: worstFirst([...compared.findings, ...readingFindings(baseline), ...readingFindings(current)]),
      schema: { ...compared.schema, breaking: isBreaking(baseline, current) },
      durationMs: performance.now() - started,
    };
  } catch (error) {
    // What fails because somebody writes to the files is about that.
    if (!signal.aborted) await assertUnchanged();
    throw error;
  } finally {
    for (const { session } of opened) session.close();
    database.close();
  }
}

interface Side {
  readonly target: RowsTarget;
  readonly rows: Rows;
  readonly relation: string;
  readonly session: Database;
}

interface SideContext {
  readonly database: Database;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly onRead: (fraction: number, file: string) => void;
}

async function openSide(
  name: string,
  target: RowsTarget,
  { database, scratch, signal, onRead }: SideContext,
): Promise<Side> {
  const folder = join(scratch, name);
  await mkdir(folder);
  const session = await database.connect();
  try {
    await session.run(`CREATE SCHEMA ${name}; SET schema = '${name}'`);
    const rows = await openRows(target, { database: session, scratch: folder, signal, onProgress: onRead });
    return { target, rows, relation: `${name}.${rows.relation}`, session };
  } catch (error) {
    session.close();
    throw error;
  }
}

/** What is declared of two datasets counts, of files only what they hold. */
function isBreaking(before: Side, after: Side): boolean {
  const plain = before.target.of === 'files' || after.target.of === 'files';
  const changes = schemaChanges(shapeOfSide(before, plain), shapeOfSide(after, plain));
  const compatibility = compatibilityOf(changes);
  return compatibility === 'forward-breaking' || compatibility === 'breaking';
}

/** @param plain names and types only: what a file stores numbers in is no matter of what they mean */
function shapeOfSide({ target, rows }: Side, plain: boolean): TableShape {
  if (plain || target.of === 'files') {
    return { columns: rows.columns.map(({ name, type }) => ({ name, type })), primaryKey: [] };
  }
  return target.of === 'build' ? shapeOfManifest(target.manifest) : shapeOf(rows.columns, target.spec.schema);
}

function within({ rows: { columns, rows, mediaFolders }, relation }: Side, database: Database) {
  return { database, relation, columns, rows, mediaFolders };
}

/** What is wrong with the files of a side, which are compared as far as they can be read. */
function readingFindings({ target, rows }: Side): Finding[] {
  return rows.findings
    .filter(({ severity, code }) => severity !== 'info' && code !== 'column-missing')
    .map(({ configPath, ...finding }) => ({
      ...finding,
      severity: 'warning',
      // Only what the config names is read as it says.
      ...(target.of === 'source' && configPath && { configPath }),
    }));
}

function described({ target, rows }: Side): DriftSide {
  const side = { reference: target.name, of: target.of, rows: rows.rows };
  switch (target.of) {
    case 'build': {
      const { manifest, split } = target;
      return {
        ...side,
        dataset: manifest.dataset,
        versionId: versionId(manifest),
        ...(split !== undefined && { split }),
        builtAt: manifest.createdAt,
      };
    }
    case 'source':
      return { ...side, dataset: target.spec.name };
    case 'files':
      return { ...side, dataset: target.name };
  }
}
