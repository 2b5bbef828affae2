/** Describes the rows of a target. Runs in a job process of its own. */
import { join } from 'node:path';
import { Database, text } from '../duckdb';
import { engineMemory, type Limits } from '../limits';
import { configOf, openRows, sampleRows, type FirstRows, type Rows, type RowsTarget } from '../rows';
import type { StageColumn } from '../schema';
import { documentHead } from '../version';
import {
  worstFirst,
  type DatasetSpec,
  type Finding,
  type Profile,
  type ProfileColumn,
  type ProfileListener,
  type ProfileRequest,
} from '../../protocol';
import type { Thresholds } from './alerts/alerts';
import { describeColumns, describeWhole, drawRows, leastOf, type DescribeContext, type Described } from './describe';
import { headOf } from './rows/head';
import { ProgressOfProfile } from './progress';

export interface ProfileJob extends Limits, Pick<ProfileRequest, 'sample'> {
  readonly spec: Pick<DatasetSpec, 'name'>;
  readonly target: RowsTarget;
  /** Absolute; removed by whoever made it. */
  readonly scratch: string;
  readonly seed: number;
  readonly fast: boolean;
  readonly thresholds: Thresholds;
}

/** So long columns that are done wait for others, milliseconds. */
const TELL_EVERY_MS = 150;

/** Throws what opening the rows throws, and `source-changed` where a file is another one in the end. */
export async function profileRows(job: ProfileJob, listener: ProfileListener, signal: AbortSignal): Promise<Profile> {
  const started = performance.now();
  const { target, scratch, seed } = job;
  const database = await Database.open({
    threads: job.threads,
    memoryLimit: engineMemory(job.memoryLimit),
    spillFolder: join(scratch, 'spill'),
    signal,
  });
  const progress = new ProgressOfProfile(listener.onProgress);
  const contextOf = ({ relation, rows, mediaFolders }: Rows): DescribeContext => ({
    ...{ database, relation, rows, mediaFolders, seed, signal },
    ...{ fast: job.fast, dataset: target.name, thresholds: job.thresholds, placeOf: placesIn(target) },
  });
  const finished = (whole: Omit<Profile, keyof ReturnType<typeof headOfProfile> | 'durationMs'>) => ({
    ...headOfProfile(job),
    ...whole,
    durationMs: Math.round(performance.now() - started),
  });
  let opened: Rows | undefined;
  try {
    const all = await openRows(target, {
      ...{ database, scratch, signal },
      ...(job.fast && { guess: 'trusted' }),
      onProgress: (fraction, file) => {
        progress.report('read', fraction, file);
      },
      ...(job.sample === undefined && {
        onFirst: async (first) => {
          listener.onUpdate({ type: 'first', profile: finished(await firstLook(first, contextOf(first.rows))) });
        },
      }),
    });
    opened = all;
    const { rows, sample } = await chosen(job, database, all);
    const context = await drawRows(contextOf(rows), rows.columns);
    const teller = new Teller(all.rows, listener);
    const described = await describeColumns(context, rows.columns, (column, done) => {
      teller.add(column);
      progress.report('columns', done / rows.columns.length, column.name);
    });
    teller.tell();
    const head = await headOf(context, rows.columns, readable(described));
    const whole = await describeWhole(context, described, progress);
    const splits = await splitsOf(context, rows, progress);
    await all.assertUnchanged();
    return finished({
      ...{ files: [...all.files], rows: all.rows, ...(sample && { sample }) },
      columns: [...described.columns],
      ...whole,
      ...(splits.length > 0 && { splits }),
      head,
      alerts: allAlerts([...all.findings, ...whole.alerts], described.columns),
    });
  } catch (error) {
    // What fails because somebody writes to the files is about that.
    if (!signal.aborted) await opened?.assertUnchanged();
    throw error;
  } finally {
    database.close();
  }
}

function headOfProfile({ target, fast }: ProfileJob) {
  return {
    ...documentHead('mldata/profile'),
    dataset: target.name,
    of: target.of,
    ...(target.of === 'build' && { builtAt: target.manifest.createdAt }),
    ...(target.of === 'build' && target.split !== undefined && { split: target.split }),
    fast,
  };
}

function placesIn(target: RowsTarget): DescribeContext['placeOf'] {
  const spec = configOf(target);
  const declared = new Set(Object.keys(spec?.schema.columns ?? {}));
  return (column) => (spec && declared.has(column) ? ['datasets', spec.name, 'schema', 'columns', column] : undefined);
}

/** The rows that figures are of. Parquet is not copied into a table: reading it again and again takes no longer. */
async function chosen(
  { sample, seed }: ProfileJob,
  database: Database,
  all: Rows,
): Promise<{ readonly rows: Rows; readonly sample?: Profile['sample'] }> {
  if (sample === undefined) return { rows: all };
  const wanted = 'rows' in sample ? sample.rows : Math.ceil(sample.share * all.rows);
  const rows = await sampleRows(database, all, wanted, seed);
  return { rows, ...(rows !== all && { sample: { rows: rows.rows, seed, by: 'rows' } }) };
}

/** Beyond so many columns only their missing values are counted at first. */
const FIRST_COLUMNS = 60;

async function firstLook(
  { rows, total, estimated }: FirstRows,
  context: DescribeContext,
): Promise<Omit<Profile, keyof ReturnType<typeof headOfProfile> | 'durationMs'>> {
  // Files that rows name are not opened for it.
  const quick = rows.columns.filter(({ type }) => type !== 'image' && type !== 'audio').slice(0, FIRST_COLUMNS);
  const described = await describeColumns(context, quick);
  const others = rows.columns.filter((column) => !quick.includes(column));
  const least = await leastOf(context, others);
  const named = new Map([...described.columns, ...least].map((column) => [column.name, { alerts: [], ...column }]));
  const whole = await describeWhole(context, described);
  const inOrder: ProfileColumn[] = rows.columns.flatMap(({ name }) => named.get(name) ?? []);
  return {
    ...{ files: [...rows.files], rows: total, ...(estimated && { rowsEstimated: true as const }) },
    sample: { rows: rows.rows, seed: context.seed, by: 'blocks' },
    columns: inOrder,
    ...whole,
    head: await headOf(context, rows.columns, readable(described)),
    alerts: allAlerts(whole.alerts, inOrder),
  };
}

function readable({ whole }: Described): ReadonlySet<StageColumn> {
  return new Set(whole.map(({ column }) => column));
}

/** Each split by itself, where the rows are of a build in several. */
async function splitsOf(
  context: DescribeContext,
  { relation, columns, splits }: Rows,
  progress: ProgressOfProfile,
): Promise<NonNullable<Profile['splits']>> {
  if (splits.length < 2) return [];
  const described: NonNullable<Profile['splits']> = [];
  const { drawn: _, ...ofAll } = context;
  for (const [index, { name, rows }] of splits.entries()) {
    const part = `split_${index}`;
    await context.database.run(
      `CREATE OR REPLACE VIEW ${part} AS SELECT * FROM ${relation} WHERE __split = ${text(name)}`,
    );
    const { columns: figures } = await describeColumns(
      { ...ofAll, relation: part, rows },
      columns,
      ({ name: column }, done) => {
        progress.report('splits', (index + done / columns.length) / splits.length, `${name}/${column}`);
      },
    );
    described.push({ name, rows, columns: figures.map((column) => inSplit(column, name)) });
  }
  return described;
}

function inSplit(column: ProfileColumn, split: string): ProfileColumn {
  return { ...column, alerts: column.alerts.map((finding) => ({ ...finding, split })) };
}

function allAlerts(findings: readonly Finding[], columns: readonly ProfileColumn[]): Finding[] {
  return worstFirst([...findings, ...columns.flatMap(({ alerts }) => alerts)]);
}

/** Tells of columns some at a time. */
class Teller {
  private waiting: ProfileColumn[] = [];
  private toldAt = performance.now();

  constructor(
    private readonly rows: number,
    private readonly listener: ProfileListener,
  ) {}

  add(column: ProfileColumn): void {
    this.waiting.push(column);
    if (performance.now() - this.toldAt > TELL_EVERY_MS) this.tell();
  }

  tell(): void {
    if (this.waiting.length > 0)
      this.listener.onUpdate({ type: 'columns', rows: this.rows, columns: this.waiting.splice(0) });
    this.toldAt = performance.now();
  }
}
