/** How far a snapshot has come, by a column whose values only grow. */
import { copyFile } from 'node:fs/promises';
import { identifier, pathLiteral, text, type Database } from '../duckdb';
import { MldataError, type Finding } from '../../protocol';
import { shownAddress } from '../../config';
import type { ReadColumn } from './forms';
import { snapshotFile, type SnapshotRecord } from './record';
import type { DatabaseSource } from './request';

const ORDERED = /^(U?(TINY|SMALL|BIG)INT|U?INTEGER|DECIMAL\(.*|DATE|TIMESTAMP.*)$/;

/** Throws `unknown-column` and `watermark-unusable`: the engine and the server have to agree which value is the largest. */
export function watermarkColumn(
  columns: readonly ReadColumn[],
  name: string,
  findings: readonly Finding[],
): ReadColumn {
  const column = columns.find((each) => each.name === name);
  if (column === undefined) {
    throw new MldataError(
      'config',
      'unknown-column',
      `\`incremental\` names the column ${name}, which the rows do not have. They have ${columns.map((each) => each.name).join(', ')}.`,
    );
  }
  if (!ORDERED.test(column.type)) throw unusable(name, `is of the type ${column.sourceType}`);
  if (findings.some(({ code, column: told }) => code === 'zero-dates' && told === name))
    throw unusable(name, 'holds dates with a zero for year, month or day');
  return column;
}

/**
 * SQL of the rows of a snapshot that stay when it goes on: those below its watermark. Of the others the database is asked
 * again, so that none is missing that came with the same value as the last one, and none is there twice.
 */
export function below(target: string, record: SnapshotRecord): string {
  return `${rowsOf(snapshotFile(target, record))} WHERE ${isBelow(record)}`;
}

/** Rows of one value come in any order: where nothing is new, the snapshot stays as it is, to the byte. */
export async function keepOrder(
  database: Database,
  target: string,
  record: SnapshotRecord,
  draft: string,
): Promise<void> {
  const file = snapshotFile(target, record);
  const [before, now] = [file, draft].map((each) => `${rowsOf(each)} WHERE (${isBelow(record)}) IS NOT TRUE`);
  if ((await rowsIn(database, `${before} EXCEPT ALL ${now}`)) === 0) await copyFile(file, draft);
}

export async function rowsIn(database: Database, query: string): Promise<number> {
  return Number((await database.row(`SELECT count(*) AS n FROM (${query})`))['n']);
}

function rowsOf(file: string): string {
  return `SELECT * FROM read_parquet(${pathLiteral(file)})`;
}

function isBelow({ watermark, columns }: SnapshotRecord): string {
  const type = columns.find(({ name }) => name === watermark?.column)?.type ?? '';
  return `${identifier(watermark?.column ?? '')} < CAST(${text(watermark?.value ?? '')} AS ${type})`;
}

/** The largest value, as text that a server reads back to the same value. Throws `watermark-unusable`. */
export async function newWatermark(
  database: Database,
  file: string,
  { name, type }: ReadColumn,
): Promise<{ column: string; value?: string }> {
  const column = identifier(name);
  const row = await database.row(
    `SELECT CAST(max(${column}) AS VARCHAR) AS value, ` +
      `coalesce(bool_and(${/^(DATE|TIMESTAMP)/.test(type) ? `isfinite(${column})` : 'true'}), true) AS finite ` +
      `FROM read_parquet(${pathLiteral(file)})`,
  );
  if (row['finite'] !== true) throw unusable(name, 'holds infinity, beyond which nothing comes');
  return { column: name, ...(row['value'] !== null && { value: String(row['value']) }) };
}

function unusable(name: string, why: string): MldataError {
  return new MldataError(
    'config',
    'watermark-unusable',
    `\`incremental\` names the column ${name}, which ${why}. Name a column of whole numbers, decimals, dates or timestamps that only grow.`,
  );
}

/** Throws `duplicate-column`: names that differ only in letter case are one to most readers of Parquet. */
export function refuseTwins(columns: readonly ReadColumn[], { uri }: DatabaseSource): void {
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      const both =
        twin === name ? `two columns ${name}` : `the columns ${twin} and ${name}, which differ only in letter case`;
      throw new MldataError(
        'buildFailed',
        'duplicate-column',
        `The rows of ${shownAddress(uri)} have ${both}. Give one of them another name in the query: \`AS other\`.`,
      );
    }
    seen.set(name.toLowerCase(), name);
  }
}
