/** The cells that do not fit their column's type and the records that are no rows: each with its place and its text. */
import { literal, text, type Database } from '../duckdb';
import { castColumns, valueIn, ZONED, type StageColumn } from '../schema';
import { locateRecords } from '../text';
import { MAX_SAMPLES, type Finding, type Location, type TableSchema } from '../../protocol';
import { BROKEN, STAGE, type StagedFile } from './readOne';
import type { Stage } from './stage';

/** Cells that could not be cast and records that could not be read: `file`, `record`, `name`, `value`, `reason`. */
export const CELLS = 'rejected_cells';

export interface MisfitContext {
  readonly database: Database;
  readonly dataset: string;
  readonly schema: TableSchema;
  readonly signal: AbortSignal;
}

/** One finding per column and kind of trouble, worst as `schema.onError` has it; {@link CELLS} holds them all. */
export async function describeMisfits(stage: Stage, context: MisfitContext): Promise<Finding[]> {
  await collectCells(stage, context.database);
  return describeCells(stage, context);
}

/** Reads the bad rows a second time, now for their text. */
async function collectCells(stage: Stage, database: Database): Promise<void> {
  await database.run(
    `CREATE OR REPLACE TABLE ${CELLS} (file UINTEGER, record BIGINT, name VARCHAR, value VARCHAR, reason VARCHAR)`,
  );
  await database.run(`INSERT INTO ${CELLS} SELECT file, record, NULL, text, reason FROM ${BROKEN}`);
  for (const file of stage.files.filter(({ bad }) => bad > 0)) {
    await readAgain(database, stage.columns, file);
    const failing = await failingColumns(database, stage.columns, file);
    for (const { column, failed } of failing) {
      await database.run(
        `INSERT INTO ${CELLS} SELECT ${file.index}, n, ${text(column.name)}, r${column.id}::VARCHAR, ${text(complaint(column))} FROM bad_records WHERE ${failed}`,
      );
    }
    if (file.source.readable !== undefined) {
      await database.run(
        `INSERT INTO ${CELLS} SELECT ${file.index}, n, NULL, left(raw, 2000), 'NOT AN OBJECT' FROM bad_records WHERE NOT __readable`,
      );
    }
  }
}

async function readAgain(database: Database, columns: readonly StageColumn[], file: StagedFile): Promise<void> {
  const { inner } = castColumns(file.source, columns);
  const raw = file.source.rawText ?? 'NULL';
  await database.run(
    `CREATE OR REPLACE TABLE bad_rows AS SELECT rowid - ${file.base} AS n FROM ${STAGE} WHERE __bad AND __file = ${file.index}`,
  );
  // A broken record before a row moves its number; ASOF finds how many there are.
  await database.run(
    `CREATE OR REPLACE TABLE bad_records AS SELECT rows.* EXCLUDE (accepted), rows.accepted + 1 + coalesce(shifts.shift, 0) AS n ` +
      `FROM (SELECT row_number() OVER () - 1 AS accepted, ${raw} AS raw, ${inner.join(', ')} FROM ${file.source.relation}) AS rows ` +
      `ASOF LEFT JOIN (${shifts(file.index)}) AS shifts ON rows.accepted >= shifts.threshold ` +
      `WHERE rows.accepted IN (SELECT n FROM bad_rows)`,
  );
}

/** From which accepted row on (0-based) how many broken records stand before it in the file. */
export function shifts(file: number): string {
  return (
    `SELECT record - position AS threshold, max(position) AS shift FROM ` +
    `(SELECT record, row_number() OVER (ORDER BY record) AS position FROM ${BROKEN} WHERE file = ${file}) GROUP BY threshold`
  );
}

async function failingColumns(database: Database, columns: readonly StageColumn[], file: StagedFile) {
  const castable = columns.flatMap((column) => {
    const found = valueIn(file.source, column);
    return found && found.raw !== found.value
      ? [{ column, failed: `r${column.id} IS NOT NULL AND ${column.id} IS NULL` }]
      : [];
  });
  if (castable.length === 0) return [];
  const counts = castable.map(({ failed }, index) => `count_if(${failed}) AS f${index}`);
  const row = await database.row(`SELECT ${counts.join(', ')} FROM bad_records`);
  return castable.filter((_, index) => Number(row[`f${index}`]) > 0);
}

/** One finding per column and kind of trouble, with the first places. */
async function describeCells(stage: Stage, { database, dataset, schema, signal }: MisfitContext): Promise<Finding[]> {
  const groups = await database.rows(
    `SELECT name, reason, count(*) AS count, min((file, record)) AS first FROM ${CELLS} GROUP BY name, reason ORDER BY first, name, reason`,
  );
  const findings: Finding[] = [];
  for (const group of groups) {
    const name = group['name'] as string | null;
    const reason = String(group['reason']);
    const count = Number(group['count']);
    const condition = `name IS NOT DISTINCT FROM ${literal(name)} AND reason = ${text(reason)}`;
    const places = await database.rows(
      `SELECT file, record, left(value, 200) AS value FROM ${CELLS} WHERE ${condition} ORDER BY file, record LIMIT ${MAX_SAMPLES}`,
    );
    const broken = name === null ? brokenKinds[reason] : undefined;
    // A record that is no row cannot keep its other cells, and without a row there is nothing to write.
    const fatal =
      schema.onError === 'fail' || (schema.onError === 'null' && name === null) || stage.columns.length === 0;
    findings.push({
      code: broken?.code ?? 'cast-failed',
      severity: fatal ? 'error' : 'warning',
      message: `${name === null ? records(count) : cells(count, name)} ${broken?.complaint(count) ?? reason}${fate(fatal, schema, name)}`,
      dataset,
      ...(name !== null && { column: name }),
      count,
      locations: await locate(
        stage,
        places.map((place) => ({
          file: Number(place['file']),
          record: Number(place['record']),
          text: place['value'] as string | null,
        })),
        signal,
      ),
      samples: [...new Set(places.flatMap((place) => (place['value'] === null ? [] : [String(place['value'])])))],
      suggestion:
        broken?.suggestion ??
        'Correct the cells, declare another type or `nullValues`, or say `onError: quarantine` or `onError: null`.',
      configPath: name === null ? ['datasets', dataset, 'source'] : ['datasets', dataset, 'schema', 'columns', name],
    });
  }
  return findings;
}

function fate(fatal: boolean, schema: TableSchema, name: string | null): string {
  if (fatal) return '.';
  return schema.onError === 'quarantine'
    ? '; the rows are in quarantine.'
    : name === null
      ? '.'
      : '; the cells became null.';
}

const brokenKinds: Readonly<
  Record<string, { code: string; complaint: (count: number) => string; suggestion: string }>
> = {
  'MISSING COLUMNS': {
    code: 'record-too-short',
    complaint: (count) => `${has(count)} fewer fields than the header`,
    suggestion: 'Correct the records, or say `onError: quarantine`. If a field holds the delimiter, quote it.',
  },
  'TOO MANY COLUMNS': {
    code: 'record-too-long',
    complaint: (count) => `${has(count)} more fields than the header`,
    suggestion: 'Correct the records, or say `onError: quarantine`. If a field holds the delimiter, quote it.',
  },
  'UNQUOTED VALUE': {
    code: 'quote-unclosed',
    complaint: (count) => `${has(count)} a quote that is not closed, or text after a closing quote`,
    suggestion:
      'Close or double the quote, say `options: { quote: "" }` if quotes are plain text, or `onError: quarantine`.',
  },
  'LINE SIZE OVER MAXIMUM': {
    code: 'record-too-large',
    complaint: (count) => `${is(count)} larger than 128 MiB`,
    suggestion: 'Check that the line endings and quotes are right.',
  },
  'INVALID ENCODING': {
    code: 'encoding-invalid',
    complaint: (count) => `${is(count)} not valid UTF-8`,
    suggestion: 'Say how the file is encoded, such as `options: { encoding: windows-1252 }`, or `onError: quarantine`.',
  },
  'NOT AN OBJECT': {
    code: 'json-invalid',
    complaint: (count) => (count === 1 ? 'is not a valid JSON object' : 'are not valid JSON objects'),
    suggestion: 'Correct the lines, or say `onError: quarantine`.',
  },
};

export interface Place {
  readonly file: number;
  readonly record: number;
  readonly text: string | null;
}

/** File and record number of staged rows. @param rows their places in the stage, and what is shown of them */
export async function recordsOf(
  stage: Stage,
  rows: readonly { readonly id: bigint; readonly value: string | null }[],
  database: Database,
): Promise<Place[]> {
  const places: Place[] = [];
  for (const { id, value } of rows) {
    const row = Number(id);
    const file = stage.files.findLast(({ base }) => base <= row);
    if (!file) continue;
    const accepted = row - file.base;
    const shift = file.broken === 0 ? 0 : await shiftOf(file.index, accepted, database);
    places.push({ file: file.index, record: accepted + 1 + shift, text: value });
  }
  return places;
}

async function shiftOf(file: number, accepted: number, database: Database): Promise<number> {
  const row = await database.row(
    `SELECT coalesce(max(shift), 0) AS shift FROM (${shifts(file)}) WHERE threshold <= ${accepted}`,
  );
  return Number(row['shift']);
}

/** Locations of records, with line numbers where the format is text. */
export async function locate(stage: Stage, places: readonly Place[], signal: AbortSignal): Promise<Location[]> {
  const lines = new Map<string, number>();
  for (const file of stage.files) {
    const numbers = places.filter((place) => place.file === file.index).map(({ record }) => record);
    if (numbers.length === 0 || !file.source.text) continue;
    const sorted = [...new Set(numbers)].sort((a, b) => a - b);
    const found = await locateRecords(file.source.text.path, file.source.text.dialect, sorted, signal);
    for (const [record, { line }] of found) lines.set(`${file.index}/${record}`, line);
  }
  return places.flatMap((place) => {
    const file = stage.files[place.file]?.source.file.name;
    if (file === undefined) return [];
    const line = lines.get(`${place.file}/${place.record}`);
    return [
      {
        file,
        row: place.record,
        ...(line !== undefined && { line }),
        ...(place.text !== null && { text: place.text }),
      },
    ];
  });
}

function has(count: number): string {
  return count === 1 ? 'has' : 'have';
}

function is(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function records(count: number): string {
  return count === 1 ? '1 record' : `${count} records`;
}

function cells(count: number, name: string): string {
  return `${count === 1 ? '1 value' : `${count} values`} of ${name}`;
}

/** What is wrong with cells of a column that could not be cast, after "3 values of Age ". */
export function complaint({ type, physicalType }: StageColumn): string {
  if (type === 'datetime' && physicalType !== ZONED) return 'cannot be read as date-times without a zone';
  if (type === 'datetime') return 'cannot be read as date-times with a zone';
  const nouns: Record<string, string> = {
    integer: 'whole numbers',
    number: 'numbers',
    boolean: 'true or false',
    date: 'dates',
    time: 'times',
  };
  return `cannot be read as ${nouns[type] ?? type}`;
}
