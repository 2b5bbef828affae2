/** Reads what steps take in beside the rows: like a source, before anything is kept from being read. */
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { besideOf, transformOf, type Columns } from '../../config';
import type { Database } from '../duckdb';
import { eachOf } from '../eachOf';
import type { PlacedStep } from '../plan';
import { columnTypeOf, type StageColumn } from '../schema';
import { findingInStep, inStep, listBeside, type SourceContext, type SourceFile } from '../sources';
import type { Side } from '../transforms';
import { MldataError, type ColumnType, type DatasetSpec, type Finding, type TableSchema } from '../../protocol';
import { enforceTypes } from './enforce';
import { KEPT, stage, STAGE, type Stage, type StagedFile } from '../staging';

export interface SidesContext extends Omit<SourceContext, 'signal'> {
  readonly database: Database;
  readonly spec: DatasetSpec;
  /** The files of the source, and the columns of the rows before the first step. */
  readonly source: readonly Pick<SourceFile, 'path'>[];
  readonly columns: readonly StageColumn[];
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Told of every file that is read. */
  readonly onFile: (file: string) => void;
}

export interface Sides {
  /** By the places of the steps in the dataset's list. */
  readonly sides: ReadonlyMap<number, Side>;
  /** Files whose rows may become rows of the dataset; their indexes go on where those of the source end. */
  readonly files: readonly StagedFile[];
  readonly findings: readonly Finding[];
}

export async function readSides(context: SidesContext): Promise<Sides> {
  const { spec, source } = context;
  const sides = new Map<number, Side>();
  const files: StagedFile[] = [];
  const findings: Finding[] = [];
  const rows = new RowFiles(source);
  // What the config can tell of the columns at each step.
  let columns: Columns = { types: new Map(context.columns.map(({ name, type }) => [name, type])), open: false };
  for (const [index, step] of (spec.transforms ?? []).entries()) {
    const placed = { step, index };
    if (besideOf(step)) {
      const read = await readSide(placed, columns, source.length + files.length, context, rows).catch(
        (error: unknown) => {
          throw inStep(error, placed, spec.name);
        },
      );
      sides.set(index, read.side);
      if (besideOf(step)?.alike === 'same names') files.push(...read.files);
      findings.push(...read.findings);
    }
    columns = transformOf(step.transform)?.columns(step.parameters, columns, () => undefined) ?? columns;
  }
  return { sides, files, findings };
}

interface Read {
  readonly side: Side;
  readonly files: readonly StagedFile[];
  readonly findings: readonly Finding[];
}

async function readSide(
  placed: PlacedStep,
  incoming: Columns,
  before: number,
  context: SidesContext,
  rows: RowFiles,
): Promise<Read> {
  const { database, spec, signal, scratch } = context;
  const files = await listBeside(placed, context, spec.name);
  const { alike } = besideOf(placed.step) ?? {};
  if (alike === 'same names') await rows.add(files, placed.index);
  // Tables of the same names as those of the source, beside them.
  const place = `side_${placed.index}`;
  const session = await database.connect();
  try {
    await session.run(`CREATE SCHEMA ${place}; SET schema = '${place}'`);
    const own = join(scratch, place);
    await mkdir(own);
    const reading = {
      database: session,
      dataset: spec.name,
      schema: schemaOf(alike, incoming),
      scratch: own,
      signal,
      onProgress: (_: number, file: string) => {
        context.onFile(file);
      },
    };
    const staged = await stage(files, reading);
    await enforceTypes(staged, reading);
    const relation = `${place}_rows`;
    const list = staged.columns.map(({ id }) => `, ${id}`).join('');
    await database.run(
      `CREATE VIEW ${relation} AS SELECT rowid AS id, __file + ${before} AS __file, rowid AS __read${list} FROM ${place}.${STAGE}`,
    );
    await session.run(`DROP VIEW ${KEPT}`);
    const name = files.map((file) => file.name).join(', ');
    return {
      side: { name, relation, columns: staged.columns, held: heldTypes(staged) },
      files: staged.files.map((file) => ({ ...file, index: file.index + before })),
      findings: staged.findings
        .filter(({ code }) => code !== 'column-missing')
        .map((finding) => findingInStep(finding, placed, spec.name)),
    };
  } finally {
    session.close();
  }
}

/** Cells are read as values of the columns that they are compared with or join. */
function schemaOf(alike: ReadonlyMap<string, string> | 'same names' | undefined, { types }: Columns): TableSchema {
  const pairs = alike === 'same names' ? [...types.keys()].map((name) => [name, name] as const) : [...(alike ?? [])];
  const columns = pairs.flatMap(([there, here]) => {
    const type = types.get(here);
    return type === undefined ? [] : [[there, { type, required: false }] as const];
  });
  return { columns: Object.fromEntries(columns), primaryKey: [], extraColumns: 'ignore', onError: 'fail' };
}

function heldTypes({ files }: Stage): Map<string, readonly ColumnType[]> {
  const held = new Map<string, readonly ColumnType[]>();
  for (const { name, type } of files.flatMap(({ source }) => source.columns))
    held.set(name, [...(held.get(name) ?? []), ...(type === 'text' ? [] : [columnTypeOf(type)])]);
  return held;
}

/** The files whose rows are rows of the dataset, whatever they are called: each may be there once. */
class RowFiles {
  /** By their real paths: the index of the step that adds them; undefined: the source. */
  private known: Promise<Map<string, number | undefined>> | undefined;

  constructor(private readonly source: SidesContext['source']) {}

  /** Throws for a file that is there already. */
  async add(files: readonly SourceFile[], step: number): Promise<void> {
    const known = await (this.known ??= this.ofSource());
    for (const [index, path] of (await realPaths(files)).entries()) {
      const file = files[index];
      if (file && known.has(path)) throw isThere(file, known.get(path), step);
      known.set(path, step);
    }
  }

  private async ofSource(): Promise<Map<string, number | undefined>> {
    return new Map((await realPaths(this.source)).map((path) => [path, undefined]));
  }
}

function realPaths(files: readonly Pick<SourceFile, 'path'>[]): Promise<string[]> {
  return eachOf(files, ({ path }) => realpath(path).catch(() => path));
}

function isThere({ name }: SourceFile, by: number | undefined, step: number): MldataError {
  const where =
    by === undefined
      ? 'is a source of the dataset already'
      : by === step
        ? 'is named twice'
        : `was added by step ${by + 1} already`;
  const finding: Finding = {
    code: 'transform-step',
    severity: 'error',
    message: `${name} ${where}: its rows would be there twice, in training and in test.`,
    locations: [{ file: name }],
    suggestion: `Leave it out of ${by === undefined ? 'the source or of the step' : by === step ? 'the step once' : 'one of the steps'}.`,
  };
  return new MldataError('config', finding.code, finding.message, [finding]);
}
