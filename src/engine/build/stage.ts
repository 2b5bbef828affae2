/**
 * Reads every source file once into one in-memory table (it spills to disk beyond the memory limit): the schema's
 * types are enforced on the way, and every record of every file is accounted for.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { firstLine, type Database } from '../duckdb';
import {
  named,
  openSource,
  USUAL_RECORD_BYTES,
  wholeMebibytes,
  type OpenContext,
  type OpenSource,
  type SourceFile,
} from '../sources';
import { asError, hashFile, locateRecords, mixOfNewlines, nulByte, scanText, type ScanDialect } from '../text';
import { MldataError, type Finding, type Input, type TableSchema } from '../../protocol';
import { castColumns, uniteColumns, type StageColumn } from '../schema';

/** The staged rows with `__file` (index of the file) and `__bad` (a cell could not be cast, or the record is none). */
export const STAGE = 'stage';
/** The rows that go on: `id` orders them as read. */
export const KEPT = 'kept';

export interface StagedFile {
  readonly source: OpenSource;
  readonly index: number;
  /** `rowid` of its first row in the staged table. */
  readonly base: number;
  /** Rows in the staged table, bad ones included. */
  readonly rows: number;
  readonly bad: number;
  /** Records that are not even rows, kept in the table {@link BROKEN}. */
  readonly broken: number;
  readonly sha256: string;
}

/** Records the reader could not cut into fields: `file`, `record` (1-based), `reason`, `text`. */
export const BROKEN = 'broken';

export interface Stage {
  readonly columns: readonly StageColumn[];
  readonly files: readonly StagedFile[];
  readonly findings: readonly Finding[];
}

export interface StageContext {
  readonly database: Database;
  readonly dataset: string;
  readonly schema: TableSchema;
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Share of all bytes read, 0–1, and the file being read. */
  readonly onProgress: (fraction: number, file: string) => void;
}

/** Above this a single record would no longer fit the memory limits that builds run under. */
const LONGEST_RECORD_BYTES = 128 * 1024 * 1024;

/** Above so many columns, looking for common parts of their expressions takes longer than it saves: its time is quadratic. */
const WIDE = 500;

/** How the files are read: first the fast way; what it cannot do calls for another. */
type Reading = Pick<OpenContext, 'maxRecordBytes' | 'parseValues' | 'mixedNewlines'>;

export async function stage(files: readonly SourceFile[], context: StageContext): Promise<Stage> {
  let reading: Reading = { maxRecordBytes: USUAL_RECORD_BYTES, parseValues: true, mixedNewlines: new Map() };
  for (let attempt = 1; ; attempt++) {
    const scratch = join(context.scratch, `read-${attempt}`);
    await mkdir(scratch);
    const result = await stageWith(files, reading, { ...context, scratch });
    if ('columns' in result) return result;
    reading = result;
    // The copies of another attempt would only take room.
    await rm(scratch, { recursive: true });
  }
}

/** Stages all files, or says how they have to be read instead. */
async function stageWith(
  files: readonly SourceFile[],
  reading: Reading,
  context: StageContext,
): Promise<Stage | Reading> {
  const { database, dataset, schema, scratch, signal } = context;
  const declared = new Map(Object.entries(schema.columns).flatMap(([name, { type }]) => (type ? [[name, type]] : [])));
  const sources: OpenSource[] = [];
  for (const file of files) {
    sources.push(await openSource(file, { database, dataset, scratch, declared, signal, ...reading }));
  }
  const united = await uniteColumns(database, sources, schema, dataset).catch(async (error: unknown) => {
    if (!isReadersComplaint(error)) throw error;
    // Whole files were looked at for their types: line ends may differ where the first megabyte does not tell.
    const even = await evenReading(sources, reading, signal);
    if (even.mixedNewlines.size === reading.mixedNewlines.size) throw error;
    return even;
  });
  if (!('columns' in united)) return united;
  const { columns, findings } = united;
  if (columns.length > WIDE) await database.run("SET disabled_optimizers = 'common_subexpressions'");
  await database.run(`CREATE OR REPLACE TABLE ${BROKEN} (file UINTEGER, record BIGINT, reason VARCHAR, text VARCHAR)`);
  await database.run(
    `CREATE OR REPLACE TABLE ${STAGE} (` +
      [...columns.map(({ id, physicalType }) => `${id} ${physicalType}`), '__file UINTEGER', '__bad BOOLEAN'].join(
        ', ',
      ) +
      ')',
  );
  const staged: StagedFile[] = [];
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0) || 1;
  let base = 0;
  let doneBytes = 0;
  for (const [index, source] of sources.entries()) {
    const { name, bytes } = source.file;
    context.onProgress(doneBytes / totalBytes, name);
    const scanning = examine(source, signal);
    // A failure to read is reported first; the scan of the same bytes then has nothing to add.
    scanning.catch(() => undefined);
    try {
      await insert(database, source, index, columns, (fraction) => {
        context.onProgress((doneBytes + fraction * bytes) / totalBytes, name);
      });
    } catch (error) {
      if (!isReadersComplaint(error)) throw error;
      const scan = await scanning;
      if (scan.mixedNewlines !== undefined) return evenReading(sources.slice(index), reading, signal, scan);
      const longer = longerRecords(scan, reading);
      if (longer) return longer;
      throw unreadable(error, source);
    }
    const scan = await scanning;
    if (scan.mixedNewlines !== undefined) return evenReading(sources.slice(index), reading, signal, scan);
    // Whatever the reader made of them: one that does not fit its buffer it may even pass over.
    const longer = longerRecords(scan, reading);
    if (longer) return longer;
    const broken = await keepBroken(database, source, index, scan.blankLines, signal);
    const infinite = parsedColumns(source, columns).map(({ id }) => `isinf(${id})`);
    const counted = await database.row(
      `SELECT count(*) AS rows, count(*) FILTER (WHERE __bad) AS bad, ` +
        `${infinite.length > 0 ? `coalesce(bool_or(${infinite.join(' OR ')}), false)` : 'false'} AS infinite ` +
        `FROM ${STAGE} WHERE rowid >= ${base}`,
    );
    if (reading.parseValues && (broken.unparsed || counted['infinite'] === true))
      return { ...reading, parseValues: false };
    const rows = Number(counted['rows']);
    if (scan.records !== undefined && rows + broken.count !== scan.records) {
      throw lost(source, rows + broken.count, scan.records, dataset);
    }
    staged.push({ source, index, base, rows, bad: Number(counted['bad']), broken: broken.count, sha256: scan.sha256 });
    base += rows;
    doneBytes += bytes;
  }
  await database.run(`CREATE OR REPLACE VIEW ${KEPT} AS SELECT rowid AS id, * FROM ${STAGE} WHERE NOT __bad`);
  return {
    columns,
    files: staged,
    findings: [...sources.flatMap((source) => source.findings), ...findings],
  };
}

interface Examined {
  readonly sha256: string;
  readonly records?: number;
  /** Lines that the reader passes over and yet counts. */
  readonly blankLines: number;
  readonly longestRecordBytes: number;
  /** The kinds of line ends, where there is more than one. */
  readonly mixedNewlines?: string;
}

/** What an independent look at the bytes says: the hash, and for text the number of records. */
async function examine(source: OpenSource, signal: AbortSignal): Promise<Examined> {
  const { file, text: textFile } = source;
  const hash = async () => (await hashFile(file.path, ['sha256'], signal)).sha256 ?? '';
  try {
    if (!textFile) return { sha256: await hash(), blankLines: 0, longestRecordBytes: 0 };
    const { nulLine, newlines, ...scan } = await scanText(textFile.path, textFile.dialect, signal);
    if (nulLine !== undefined) throw asError(nulByte(file.name, nulLine));
    const mixedNewlines = mixOfNewlines(newlines);
    return {
      ...scan,
      ...(textFile.normalized && { sha256: await hash() }),
      ...(mixedNewlines !== undefined && { mixedNewlines }),
    };
  } catch (error) {
    throw named(file, error);
  }
}

async function insert(
  database: Database,
  source: OpenSource,
  index: number,
  columns: readonly StageColumn[],
  onProgress: (fraction: number) => void,
): Promise<void> {
  await database.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
  const { inner, failed } = castColumns(source, columns);
  const values = columns.map(({ id }) => id).join(', ');
  await database.run(
    `INSERT INTO ${STAGE} SELECT ${values}${values && ', '}${index}, ${failed} FROM (SELECT ${inner.join(', ')} FROM ${source.relation})`,
    { onProgress },
  );
}

/** Numbers that the reader parsed. */
function parsedColumns(source: OpenSource, columns: readonly StageColumn[]): StageColumn[] {
  if (source.format !== 'csv' && source.format !== 'tsv') return [];
  return columns.filter(({ name }) =>
    source.columns.some((column) => column.name === name && column.type === 'DOUBLE'),
  );
}

/** Copies the reader's rejects. */
async function keepBroken(
  database: Database,
  source: OpenSource,
  index: number,
  blankLines: number,
  signal: AbortSignal,
): Promise<{ count: number; unparsed: boolean }> {
  const known = await database.row("SELECT count(*) AS tables FROM duckdb_tables() WHERE table_name = 'reject_errors'");
  if (Number(known['tables']) === 0) return { count: 0, unparsed: false };
  const record = await recordOfLine(database, source, blankLines, signal);
  // The text of a record that is too long may be cut within a character, which no table takes; blank lines come before it.
  await database.run(
    `INSERT INTO ${BROKEN} SELECT ${index}, ${record}, min(error_type), left(any_value(ltrim(csv_line, E'\\r\\n')) FILTER (WHERE error_type <> 'LINE SIZE OVER MAXIMUM'), 2000) ` +
      `FROM reject_errors GROUP BY line ORDER BY line`,
  );
  const row = await database.row(
    `SELECT count(*) AS count, coalesce(bool_or(reason = 'CAST'), false) AS unparsed FROM ${BROKEN} WHERE file = ${index}`,
  );
  return { count: Number(row['count']), unparsed: row['unparsed'] === true };
}

/** SQL for the number of a rejected record, of which the reader gives the line: it counts skipped ones, header and blanks. */
async function recordOfLine(
  database: Database,
  { text: textFile }: OpenSource,
  blankLines: number,
  signal: AbortSignal,
): Promise<string> {
  const dialect: ScanDialect | 'lines' = textFile?.dialect ?? 'lines';
  const before = dialect === 'lines' ? 0 : dialect.skipLines + (dialect.header ? 1 : 0);
  if (blankLines === 0 || !textFile) return `line - ${before}`;
  const lines = await database.rows('SELECT DISTINCT line FROM reject_errors ORDER BY line');
  const numbers = lines.map(({ line }) => Number(line));
  const located = await locateRecords(textFile.path, dialect, numbers, signal, 'asReader');
  await database.run('CREATE OR REPLACE TABLE rejected_records (line BIGINT, record BIGINT)');
  await database.append(
    'rejected_records',
    [...located].map(([line, { record }]) => [BigInt(line), BigInt(record)]),
  );
  return `coalesce((SELECT record FROM rejected_records AS r WHERE r.line = reject_errors.line), line - ${before})`;
}

/** The inputs as the manifest names them. */
export function inputsOf(stage: Stage, rejectsBad: boolean): Input[] {
  return stage.files.map(({ source, rows, bad, broken, sha256 }) => ({
    path: source.file.name,
    bytes: source.file.bytes,
    sha256,
    format: source.format,
    rows: rejectsBad ? rows - bad : rows,
    rejected: rejectsBad ? bad + broken : broken,
    ...(source.options && { options: source.options }),
  }));
}

/** Whether an error is about what the file holds. Trouble of the machine (memory, disk) and cancellation are not. */
function isReadersComplaint(error: unknown): boolean {
  const message = firstLine(error);
  return (
    !(error instanceof MldataError) &&
    /^(Invalid Input|Conversion|Parser|IO) Error|^Malformed/.test(message) &&
    !/no space left|permission denied/i.test(message)
  );
}

/** Reading that evens out the line ends of every one of the sources that needs it. `known`: what is known of the first. */
async function evenReading(
  sources: readonly OpenSource[],
  reading: Reading,
  signal: AbortSignal,
  known?: Examined,
): Promise<Reading> {
  const mixed = new Map(reading.mixedNewlines);
  for (const [index, source] of sources.entries()) {
    if (!source.text) continue;
    const { mixedNewlines } = index === 0 && known ? known : await examine(source, signal);
    if (mixedNewlines !== undefined) mixed.set(source.file.path, mixedNewlines);
  }
  return { ...reading, mixedNewlines: mixed };
}

function longerRecords({ longestRecordBytes }: Examined, reading: Reading): Reading | undefined {
  const { maxRecordBytes } = reading;
  if (longestRecordBytes <= maxRecordBytes || maxRecordBytes >= LONGEST_RECORD_BYTES) return undefined;
  return { ...reading, maxRecordBytes: Math.min(LONGEST_RECORD_BYTES, wholeMebibytes(longestRecordBytes + 1024)) };
}

function unreadable(error: unknown, source: OpenSource): MldataError {
  const finding: Finding = {
    code: 'source-unreadable',
    severity: 'error',
    message: `It cannot be read as ${source.format}: ${firstLine(error)}`,
    locations: [{ file: source.file.name }],
    suggestion: 'Correct the file, or say how it is written under `source.options`.',
  };
  return new MldataError('buildFailed', finding.code, `${source.file.name}: ${finding.message}`, [finding], {
    cause: error,
  });
}

function lost(source: OpenSource, read: number, records: number, dataset: string): MldataError {
  const finding: Finding = {
    code: 'records-lost',
    severity: 'error',
    message: `${source.file.name} holds ${records} records but ${read} were read.`,
    dataset,
    locations: [{ file: source.file.name }],
    suggestion: 'Check the quotes and line endings of the file, or say how it is written under `source.options`.',
  };
  return new MldataError('buildFailed', finding.code, finding.message, [finding]);
}
