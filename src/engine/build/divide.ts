/** The first half of a build, up to where rows are divided: what checks look at, and what steps learn from. */
import type { Database } from '../duckdb';
import type { NamedFile, StagedCache } from '../incremental';
import { blocksOf } from '../output';
import { stepsAroundSplit } from '../plan';
import { confinedPath, type DatasetFolders, type SourceFile } from '../sources';
import { KEPT, locate, stage, type Stage } from '../staging';
import type { Side, StepsResult } from '../transforms';
import { worstFirst, type BuildStep, type DatasetSpec, type Finding, type Location } from '../../protocol';
import { enforceConstraints, enforceTypes, holdAgainstTypes } from './enforce';
import { readSides } from './sides';
import { sourceRows, splitRows, type SplitPart } from './split';
import { AS_READ, transformKept, type Applied } from './steps';
import type { Part } from './write';

export interface DividingJob {
  readonly spec: DatasetSpec;
  /** The config's folder, absolute. */
  readonly folder: string;
  readonly root?: string | undefined;
  readonly scratch: string;
  readonly datasets?: DatasetFolders | undefined;
  readonly applied?: Applied | undefined;
}

export interface DividingContext {
  readonly database: Database;
  readonly files: readonly SourceFile[];
  /** Files that the config names beside the source. */
  readonly referenced: readonly NamedFile[];
  /** Further files that are read later on, absolute. */
  readonly readable: readonly string[];
  /** Folders that are written to once all is read. */
  readonly writable: readonly string[];
  readonly cache?: StagedCache | undefined;
  readonly signal: AbortSignal;
  readonly begin: (step: BuildStep) => void;
  readonly report: (fraction: number, detail?: string) => void;
  /** Told of the rows once all files are read. */
  readonly onStaged?: (staged: Stage) => Promise<void>;
  /** Told what does not fit the schema, worst first; throws where that is in the way. Absent: rows that cannot be read are left out. */
  readonly judge?: (findings: readonly Finding[]) => void;
}

export interface DividedRows {
  /** As they were read. */
  readonly staged: Stage;
  /** As the steps before the split left them. */
  readonly rows: Stage;
  readonly parts: readonly Part[];
  readonly splits: readonly SplitPart[];
  readonly sides: ReadonlyMap<number, Side>;
  readonly steps: readonly StepsResult[];
  /** Rows in quarantine. */
  readonly rejected: number;
  /** About the rows as read. */
  readonly readFindings: readonly Finding[];
  readonly splitFindings: readonly Finding[];
}

/** Throws what reading, the steps and the split throw, and what `judge` does. */
export async function divideRows(job: DividingJob, context: DividingContext): Promise<DividedRows> {
  const { spec, scratch, folder, root, datasets, applied } = job;
  const { database, files, signal, judge } = context;
  const reading = { database, dataset: spec.name, schema: spec.schema, scratch, signal };
  context.begin('read');
  const staged = await stage(files, {
    ...reading,
    ...(context.cache && { cache: context.cache }),
    onProgress: (fraction, file) => {
      context.report(fraction, file);
    },
  });
  await context.onStaged?.(staged);

  context.begin('enforce');
  // Without a column there is no row to go on with.
  const enforce = judge || staged.columns.length === 0 ? enforceTypes : holdAgainstTypes;
  const types = await enforce(staged, reading);
  const constraints = await enforceConstraints(staged, reading);
  const beside = await readSides({
    ...{ database, spec, folder, root, datasets, signal, scratch },
    ...{ source: files, columns: staged.columns },
    onFile: (file) => {
      context.report(0, file);
    },
  });
  const readFindings = worstFirst([...staged.findings, ...types.findings, ...constraints, ...beside.findings]);
  judge?.(readFindings);

  const { beforeSplit } = stepsAroundSplit(spec);
  // Everything is read but the split's own file.
  await database.confine(context.writable, [...context.referenced.map(({ path }) => path), ...context.readable]);
  let rows: Stage = { ...staged, files: [...staged.files, ...beside.files] };
  const steps: StepsResult[] = [];
  if (beforeSplit.length > 0) {
    context.begin('transform');
    const stepping = { database, spec, applied, sides: beside.sides, split: false };
    const result = await transformKept(beforeSplit, rows, stepping, 'none', (transform) => {
      context.report(0, transform);
    });
    steps.push(result);
    rows = { ...rows, columns: result.table.columns };
  }
  context.begin('split');
  const divided = await divide(job, rows, database, beforeSplit.length > 0 ? AS_READ : KEPT);
  return {
    ...{ staged, rows, parts: divided.parts, splits: divided.splits, sides: beside.sides, steps },
    ...{ rejected: types.rejected, readFindings, splitFindings: divided.findings },
  };
}

async function divide(
  { spec, folder, root }: DividingJob,
  staged: Stage,
  database: Database,
  asRead: string,
): Promise<{ parts: Part[]; splits: readonly SplitPart[]; findings: readonly Finding[] }> {
  const { split } = spec;
  if (!split) {
    const row = await database.row(`SELECT count(*) AS rows FROM ${KEPT}`);
    const parts: Part[] = [{ name: 'data', rows: Number(row['rows']), relation: KEPT, blocks: blocksOf(KEPT) }];
    return { parts, splits: [], findings: [] };
  }
  const at = ['datasets', spec.name, 'split', 'indices'];
  const indicesPath = split.indices === undefined ? undefined : await confinedPath(folder, split.indices, root, at);
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

/** Where divided rows stand in their files; those that a step made stand in none. @param ids of kept rows */
export async function placesOf(
  { rows: { files }, rows }: DividedRows,
  ids: readonly bigint[],
  texts: readonly (string | null)[],
  { database, signal }: Pick<DividingContext, 'database' | 'signal'>,
): Promise<Location[]> {
  if (ids.length === 0) return [];
  const wanted = `(SELECT id, __file, __read FROM ${KEPT} WHERE id IN (${ids.join(', ')}))`;
  const found = await database.rows(`SELECT id, __file AS file, row FROM ${sourceRows(files, wanted)}`);
  const places = ids.flatMap((id, index) => {
    const row = found.find((each) => each['id'] === id);
    return row ? [{ file: Number(row['file']), record: Number(row['row']), text: texts[index] ?? null }] : [];
  });
  return locate(rows, places, signal);
}
