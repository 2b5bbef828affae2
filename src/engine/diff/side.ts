/** The rows of one of the builds, read into a table. */
import { stat } from 'node:fs/promises';
import { text, type Database } from '../duckdb';
import { castColumns, isNumeric, uniteColumns, type StageColumn } from '../schema';
import { openSource, writtenCsv } from '../sources';
import { MldataError, type Manifest, type OutputFormat } from '../../protocol';

export interface Side {
  readonly reference: string;
  readonly manifest: Manifest;
  /** Absolute paths by the artifact's path; one whose bytes are not there is left out. */
  readonly files: Readonly<Record<string, string>>;
}

export interface SideTable {
  /** With `split`, and the columns by their ids. */
  readonly name: string;
  readonly columns: readonly StageColumn[];
}

export interface ReadContext {
  readonly database: Database;
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Those that tell types come first. */
const formats: readonly OutputFormat[] = ['parquet', 'arrow', 'jsonl', 'csv'];

/** Above this a record is not read; the count of the rows tells. */
const LONGEST_RECORD_BYTES = 16 * 1024 * 1024;

/** Throws `artifacts-missing` where no format is complete, and `artifact-changed` where a file has other rows than it had. */
export async function readSide(name: string, side: Side, context: ReadContext): Promise<SideTable> {
  const { database, scratch, signal } = context;
  const { dataset, columns: recorded } = side.manifest;
  const declared = new Map(recorded.map((column) => [column.name, column.type]));
  const artifacts = completeArtifacts(side);
  const sources = [];
  for (const { path, format } of artifacts) {
    const at = side.files[path] ?? '';
    const { size } = await stat(at);
    const options = format === 'csv' ? writtenCsv : {};
    const file = { path: at, name: path, bytes: size, format, options, quotedIsText: true as const };
    const reading = {
      parseValues: false,
      maxRecordBytes: LONGEST_RECORD_BYTES,
      mixedNewlines: new Map<string, string>(),
    };
    sources.push(await openSource(file, { database, dataset, scratch, declared, signal, ...reading }));
  }
  const schema = {
    columns: Object.fromEntries([...declared].map(([column, type]) => [column, { type }])),
    primaryKey: [],
    extraColumns: 'ignore' as const,
    onError: 'null' as const,
  };
  const united = await uniteColumns(database, sources, schema, dataset);
  const isText = artifacts.some(({ format }) => format === 'csv' || format === 'jsonl');
  const columns = isText ? withRecorded(united.columns, recorded) : united.columns;
  const types = columns.map(({ id, physicalType }) => `, ${id} ${physicalType}`).join('');
  await database.run(`CREATE TABLE ${name} (split VARCHAR${types})`);
  const values = columns.map(({ id }) => `, ${id}`).join('');
  for (const [index, source] of sources.entries()) {
    const { inner } = castColumns(source, columns);
    const { path = '', split = 'data', rows: expected } = artifacts[index] ?? {};
    const rows = await database.run(
      `INSERT INTO ${name} SELECT ${text(split)}${values} FROM (SELECT ${inner.join(', ')} FROM ${source.relation})`,
    );
    if (rows !== expected) throw changed(side, path);
  }
  return { name, columns };
}

const NUMBER = /^(U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d{1,2},\s*\d{1,2}\))$/;

/** Text does not tell of which type its numbers were: as doubles, those of a FLOAT or DECIMAL would be others. */
function withRecorded(columns: readonly StageColumn[], recorded: Manifest['columns']): StageColumn[] {
  return columns.map((column) => {
    const physicalType = recorded.find(({ name }) => name === column.name)?.physicalType ?? '';
    // What somebody wrote into a manifest must not become SQL.
    return isNumeric(column.physicalType) && NUMBER.test(physicalType) ? { ...column, physicalType } : column;
  });
}

function completeArtifacts({ reference, manifest, files }: Side) {
  const data = manifest.artifacts.filter(({ kind }) => kind === 'data');
  for (const format of formats) {
    const written = data.flatMap((file) => (file.format === format ? [{ ...file, format }] : []));
    if (written.length > 0 && written.every(({ path }) => files[path] !== undefined)) return written;
  }
  const missing = data.map(({ path }) => path).filter((path) => files[path] === undefined);
  throw new MldataError(
    'buildFailed',
    'artifacts-missing',
    `Files of ${reference} are not there: ${missing.slice(0, 10).join(', ')}. Build it again, or restore it with \`mldata versions restore\`, so that its rows can be compared.`,
  );
}

function changed({ reference, manifest }: Side, path: string): MldataError {
  return new MldataError(
    'buildFailed',
    'artifact-changed',
    `${path} of ${reference} does not hold the rows that its manifest names: it was changed since it was built. Build ${manifest.dataset} again.`,
  );
}
