/** Reads the rows of an export into one table, from which all that is written comes: the files are read once. */
import { dirname } from 'node:path';
import { nearest } from '../../config';
import { literal, type Database } from '../duckdb';
import { configOf, filesOf, openRows, type Rows, type RowsTarget } from '../rows';
import type { StageColumn } from '../schema';
import { countPresent } from '../statistics';
import { bindExpression, ExpressionError } from '../transforms';
import { MldataError, type ExportRequest, type Finding } from '../../protocol';
import { EXPORTED, type ExportedColumn, type ExportedSplit, type ReadData } from './exported';

export interface ReadContext {
  readonly database: Database;
  readonly scratch: string;
  /** The folder that files are written into. */
  readonly staging: string;
  readonly signal: AbortSignal;
  /** Share that is read, 0–1. */
  readonly onProgress: (fraction: number) => void;
}

type Choice = Pick<ExportRequest, 'configPath' | 'columns' | 'splits' | 'where'>;

/**
 * Throws what opening the rows throws, `column-unknown`, `where-invalid`, and `source-changed` where a file is no longer
 * the one that was read.
 * @param name of the dataset, or what stands for it
 */
export async function readRows(
  name: string,
  target: RowsTarget,
  choice: Choice,
  { database, scratch, staging, signal, onProgress }: ReadContext,
): Promise<{ readonly data: ReadData; readonly findings: readonly Finding[] }> {
  const { files } = await filesOf(target, signal);
  const opening = { database, scratch, signal, onProgress: () => undefined };
  const rows = await openRows(target, opening);
  const columns = chosenColumns(rows.columns, choice.columns);
  const where = await conditionOf(database, rows, choice);
  // Behind the check of the condition, in case it lets something through.
  await database.confine([scratch, staging, ...new Set(files.map(({ path }) => dirname(path)))], []);
  const values = [...columns.map(({ id }) => id), ...(rows.splits.length > 0 ? ['__split'] : [])];
  await database.run(
    `CREATE TABLE ${EXPORTED} AS SELECT ${values.map((id) => `${id}, `).join('')}row_number() OVER () - 1 AS __row FROM ${rows.relation}${where}`,
    { onProgress },
  );
  await rows.assertUnchanged();
  await rows.release?.();
  const { rows: counted } = await database.row(`SELECT count(*) AS rows FROM ${EXPORTED}`);
  const count = Number(counted);
  const present = await countPresent(database, EXPORTED, columns);
  const spec = configOf(target);
  const isOfConfig = target.of === 'build' && target.spec !== undefined;
  const data: ReadData = {
    name,
    columns: columns.map((column) => exportedColumn(column, target, count - (present.get(column.id) ?? 0))),
    rows: count,
    splits: await splitsOf(database, rows, choice.splits),
    ...(target.of === 'build' && { manifest: target.manifest }),
    ...(spec && { spec }),
    ...(isOfConfig && choice.configPath !== undefined && { configPath: choice.configPath }),
    mediaFolders: rows.mediaFolders,
    database,
    scratch,
    signal,
  };
  return { data, findings: rows.findings };
}

function chosenColumns(columns: readonly StageColumn[], names: readonly string[] | undefined): readonly StageColumn[] {
  return (names ?? columns.map(({ name }) => name)).map((name) => {
    const column = columns.find((each) => each.name === name);
    if (column) return column;
    const known = columns.map((each) => each.name);
    const meant = nearest(name, known);
    const there = meant === undefined ? `It has ${known.slice(0, 20).join(', ')}.` : `Did you mean ${meant}?`;
    throw new MldataError('usage', 'column-unknown', `There is no column ${name}. ${there}`);
  });
}

/** The condition of the rows that are exported, with its `WHERE`; empty for all of them. */
async function conditionOf(database: Database, rows: Rows, { splits, where }: Choice): Promise<string> {
  // A list of many constants becomes a join to the engine, which does not keep the order of the rows.
  const conditions =
    splits === undefined ? [] : [`(${splits.map((split) => `__split = ${literal(split)}`).join(' OR ')})`];
  if (where !== undefined) conditions.push(await bound(database, rows, where));
  return conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
}

async function bound(database: Database, rows: Rows, where: string): Promise<string> {
  try {
    return await bindExpression(database, where, rows, 'BOOLEAN');
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const message = `The condition \`${where}\` cannot be used. ${error.message} It is SQL on the columns, as that of a \`filter\` step.`;
    throw new MldataError('usage', 'where-invalid', message);
  }
}

function exportedColumn(
  { name, id, type, physicalType, spec }: StageColumn,
  target: RowsTarget,
  nulls: number,
): ExportedColumn {
  const built = target.of === 'build' ? target.manifest.columns.find((column) => column.name === name) : undefined;
  const declared = configOf(target)?.schema.columns[name] ?? spec;
  // What a column is for needs no build to be said.
  const role = declared.role ?? built?.role;
  return { ...(built ?? { name, type }), ...(role !== undefined && { role }), physicalType, id, spec: declared, nulls };
}

async function splitsOf(
  database: Database,
  { splits }: Rows,
  chosen: readonly string[] | undefined,
): Promise<ExportedSplit[]> {
  if (splits.length === 0) return [];
  const counts = await database.rows(`SELECT __split AS name, count(*) AS rows FROM ${EXPORTED} GROUP BY name`);
  let first = 0;
  return splits
    .filter(({ name }) => chosen?.includes(name) ?? true)
    .map(({ name }) => {
      const rows = Number(counts.find((count) => count['name'] === name)?.['rows'] ?? 0);
      const split = { name, rows, first };
      first += rows;
      return split;
    });
}
