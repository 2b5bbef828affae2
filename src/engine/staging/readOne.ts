/** One file of a source: its rows go into the staged table, and every one of its records is accounted for. */
import { firstLine, type Database } from '../duckdb';
import { named, wholeMebibytes, type OpenContext, type OpenSource } from '../sources';
import { castColumns, type StageColumn } from '../schema';
import { asError, hashFile, locateRecords, mixOfNewlines, nulByte, scanText, type ScanDialect } from '../text';
import { MldataError, type Finding } from '../../protocol';

/** The staged rows with `__file` (index of the file) and `__bad` (a cell could not be cast, or the record is none). */
export const STAGE = 'stage';

/** Records the reader could not cut into fields: `file`, `record` (1-based), `reason`, `text`. */
export const BROKEN = 'broken';

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

/** How the files are read: first the fast way; what it cannot do calls for another. */
export type Reading = Pick<OpenContext, 'maxRecordBytes' | 'parseValues' | 'mixedNewlines'>;

/** Above this a single record would no longer fit the memory limits that builds run under. */
const LONGEST_RECORD_BYTES = 128 * 1024 * 1024;

export interface Examined {
  readonly sha256: string;
  readonly records?: number;
  /** Lines that the reader passes over and yet counts. */
  readonly blankLines: number;
  readonly longestRecordBytes: number;
  /** The kinds of line ends, where there is more than one. */
  readonly mixedNewlines?: string;
}

/** What an independent look at the bytes says: the hash, and for text the number of records. */
export async function examine(source: OpenSource, signal: AbortSignal): Promise<Examined> {
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

/** What reading one file takes. */
export interface ReadContext {
  readonly database: Database;
  readonly dataset: string;
  readonly signal: AbortSignal;
  readonly columns: readonly StageColumn[];
  readonly reading: Reading;
}

/** Stages a file, or says how the sources have to be read instead. */
export async function readOne(
  sources: readonly OpenSource[],
  { index, base }: { readonly index: number; readonly base: number },
  { database, dataset, signal, columns, reading }: ReadContext,
  onProgress: (fraction: number) => void,
): Promise<StagedFile | Reading> {
  const source = sources[index];
  if (!source) throw new Error(`There is no source ${index}`);
  const scanning = examine(source, signal);
  // A failure to read is reported first; the scan of the same bytes then has nothing to add.
  scanning.catch(() => undefined);
  try {
    await forgetRejects(database);
    await database.run(`INSERT INTO ${STAGE} ${selection(source, columns, String(index))}`, { onProgress });
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
  const staged = `${STAGE} WHERE rowid >= ${base}`;
  const counted = await database.row(`SELECT count(*) AS rows, count_if(__bad) AS bad FROM ${staged}`);
  if (reading.parseValues && (broken.unparsed || (await overflowed(database, staged, source, columns))))
    return { ...reading, parseValues: false };
  const rows = Number(counted['rows']);
  if (scan.records !== undefined && rows + broken.count !== scan.records) {
    throw lost(source, rows + broken.count, scan.records, dataset);
  }
  return { source, index, base, rows, bad: Number(counted['bad']), broken: broken.count, sha256: scan.sha256 };
}

/**
 * Whether any number that the reader parsed overflowed.
 * @param staged SQL of the rows
 */
export async function overflowed(
  database: Database,
  staged: string,
  source: OpenSource,
  columns: readonly StageColumn[],
): Promise<boolean> {
  const parsed = parsedColumns(source, columns);
  if (parsed.length === 0) return false;
  // No sum with an infinite term is finite: to add takes a third of the time of looking at each.
  const sums = parsed.map(({ id }) => `isfinite(coalesce(sum(${id}), 0))`);
  const { finite } = await database.row(`SELECT ${sums.join(' AND ')} AS finite FROM ${staged}`);
  if (finite === true) return false;
  const looks = parsed.map(({ id }) => `isinf(${id})`);
  const { infinite } = await database.row(`SELECT bool_or(${looks.join(' OR ')}) AS infinite FROM ${staged}`);
  return infinite === true;
}

/** SQL for the rows of a file as they are staged; `file` is SQL for its index, over `relation`. */
export function selection(
  source: OpenSource,
  columns: readonly StageColumn[],
  file: string,
  relation = source.relation,
): string {
  const { inner, failed } = castColumns(source, columns);
  const values = columns.map(({ id }) => `${id}, `).join('');
  return `SELECT ${values}__of, ${failed} FROM (SELECT ${inner.join(', ')}, ${file} AS __of FROM ${relation})`;
}

/** What the reader rejected before. */
export async function forgetRejects(database: Database): Promise<void> {
  await database.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
}

/** Numbers that the reader parsed. */
function parsedColumns(source: OpenSource, columns: readonly StageColumn[]): StageColumn[] {
  if (source.format !== 'csv' && source.format !== 'tsv') return [];
  return columns.filter(({ name }) =>
    source.columns.some((column) => column.name === name && column.type === 'DOUBLE'),
  );
}

/** Whether the last reader rejected a record. Throws nothing where it keeps no account. */
export async function hasRejects(database: Database): Promise<boolean> {
  const known = await database.row("SELECT count(*) AS tables FROM duckdb_tables() WHERE table_name = 'reject_errors'");
  if (Number(known['tables']) === 0) return false;
  return Number((await database.row('SELECT count(*) AS rejects FROM reject_errors'))['rejects']) > 0;
}

/** Copies the reader's rejects. */
async function keepBroken(
  database: Database,
  source: OpenSource,
  index: number,
  blankLines: number,
  signal: AbortSignal,
): Promise<{ count: number; unparsed: boolean }> {
  if (!(await hasRejects(database))) return { count: 0, unparsed: false };
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

/** Whether an error is about what the file holds. Trouble of the machine (memory, disk) and cancellation are not. */
export function isReadersComplaint(error: unknown): boolean {
  const message = firstLine(error);
  return (
    !(error instanceof MldataError) &&
    /^(Invalid Input|Conversion|Parser|IO) Error|^Malformed/.test(message) &&
    !/no space left|disk quota|file too large|permission denied/i.test(message)
  );
}

/** Reading that evens out the line ends of every one of the sources that needs it. `known`: what is known of the first. */
export async function evenReading<R extends Pick<Reading, 'mixedNewlines'>>(
  sources: readonly OpenSource[],
  reading: R,
  signal: AbortSignal,
  known?: Examined,
): Promise<R> {
  const mixed = new Map(reading.mixedNewlines);
  for (const [index, source] of sources.entries()) {
    if (!source.text) continue;
    const { mixedNewlines } = index === 0 && known ? known : await examine(source, signal);
    if (mixedNewlines !== undefined) mixed.set(source.file.path, mixedNewlines);
  }
  return { ...reading, mixedNewlines: mixed };
}

export function longerRecords({ longestRecordBytes }: Examined, reading: Reading): Reading | undefined {
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
