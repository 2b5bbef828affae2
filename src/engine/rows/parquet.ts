/** Parquet files, and Arrow files through them, as one view: nothing of them is read before it is asked for. */
import { pathLiteral, text, type Database } from '../duckdb';
import { castColumns, uniteColumns, valueIn, type StageColumn } from '../schema';
import { openSource, unreadable, USUAL_RECORD_BYTES, type OpenSource } from '../sources';
import type { TargetFiles } from './filesOf';
import type { OpenedRows, OpenRowsContext } from './openRows';
import { ROWS } from './rows';
import { splitDifferences } from './splitDifferences';
import { uncast } from './uncast';
import type { Location } from '../../protocol';

/** Throws what opening the files and uniting their columns throws. */
export async function viewParquet(
  { files, schema, splits }: TargetFiles,
  dataset: string,
  { database, scratch, signal, onProgress }: OpenRowsContext,
): Promise<OpenedRows> {
  const declared = new Map(Object.entries(schema.columns).flatMap(([name, { type }]) => (type ? [[name, type]] : [])));
  const reading = { parseValues: false, maxRecordBytes: USUAL_RECORD_BYTES, mixedNewlines: new Map<string, string>() };
  // Every statement would read the ends of the files again.
  await database.run('SET parquet_metadata_cache = true');
  const sources: OpenSource[] = [];
  for (const [index, file] of files.entries()) {
    onProgress(index / files.length, file.name);
    sources.push(await openSource(file, { database, dataset, scratch, declared, signal, ...reading }));
  }
  const { columns, findings } = await uniteColumns(database, sources, schema, dataset);
  const ends = await endsOf(database, sources);
  const groups = await rowGroupsOf(database, [...ends.keys()]);
  refuseShortened(sources, ends, groups);
  const counts = new Map([...ends].map(([path, { rows }]) => [path, rows]));
  const rowsOfFiles = sources.map(({ parquet = [] }) =>
    parquet.reduce((sum, path) => sum + (counts.get(path) ?? 0), 0),
  );
  const parts = partsOf(sources, columns, counts);
  const selects = parts.map((part) => selectOf(part, columns, splits));
  await database.run(`CREATE VIEW ${ROWS} AS ${selects.join(' UNION ALL ')}`);
  const places = parts.flatMap(({ files }) => files);
  return {
    relation: ROWS,
    columns,
    rows: rowsOfFiles.reduce((sum, rows) => sum + rows, 0),
    rowsOfFiles,
    beginnings: places.flatMap(({ path, base }) => (groups.get(path) ?? []).map(({ first }) => base + first)),
    stored: 'parquet',
    findings: [
      ...sources.flatMap((source) => source.findings),
      ...findings.filter(({ code }) => !splits || code !== 'columns-differ'),
      ...splitDifferences(sources, splits, dataset),
      ...(await uncast(database, sources, columns, dataset)),
    ],
    between: (first, last) => between(places, first, last),
    locate: (rows, texts) =>
      Promise.resolve(rows.flatMap((row, index) => locationOf(Number(row), texts[index], sources, places))),
  };
}

interface Place {
  readonly path: string;
  /** Among the sources: an Arrow file may have become several Parquet files. */
  readonly source: number;
  /** Position of its first row. */
  readonly base: number;
  readonly rows: number;
}

/** Neighbours that one statement reads. */
interface Part {
  readonly source: OpenSource;
  /** Of the first file, among all. */
  readonly first: number;
  readonly files: Place[];
}

function partsOf(
  sources: readonly OpenSource[],
  columns: readonly StageColumn[],
  counts: ReadonlyMap<string, number>,
): Part[] {
  const parts: Part[] = [];
  let last: string | undefined;
  let base = 0;
  let first = 0;
  for (const [index, source] of sources.entries()) {
    // What reads columns of another type by the same names is another statement.
    const kind = JSON.stringify([castColumns(source, columns), source.columns]);
    for (const path of source.parquet ?? []) {
      const rows = counts.get(path) ?? 0;
      const place = { path, source: index, base, rows };
      const part = parts.at(-1);
      if (part && kind === last) part.files.push(place);
      else parts.push({ source, first, files: [place] });
      last = kind;
      base += rows;
      first++;
    }
  }
  return parts;
}

function selectOf({ source, first, files }: Part, columns: readonly StageColumn[], splits?: readonly string[]): string {
  const values = columns.map(
    (column) => `${valueIn(source, column)?.value ?? `NULL::${column.physicalType}`} AS ${column.id}`,
  );
  const [only, ...others] = files;
  const paths = files.map(({ path }) => pathLiteral(path)).join(', ');
  const alone = only && others.length === 0;
  const at = (list: readonly string[]) => (alone ? list[0] : `[${list.join(', ')}][file_index::BIGINT + 1]`);
  const row =
    alone && only.base === 0
      ? 'file_row_number'
      : `file_row_number + ${at(files.map(({ base }) => `${base}::BIGINT`))}`;
  return (
    `SELECT ${[...values, `${row} AS __row`].join(', ')}, ${alone ? `${first}::BIGINT` : `file_index::BIGINT + ${first}`} AS __file, ` +
    `file_row_number AS __at${splits ? `, ${at(files.map((file) => text(splits[file.source] ?? '')))} AS __split` : ''} ` +
    `FROM read_parquet([${paths}], hive_partitioning = false)`
  );
}

function locationOf(
  row: number,
  text: string | null | undefined,
  sources: readonly OpenSource[],
  places: readonly Place[],
): Location[] {
  const place = places.findLast(({ base }) => base <= row);
  const source = place && sources[place.source];
  if (!source) return [];
  const first = places.find((each) => each.source === place.source) ?? place;
  return [{ file: source.file.name, row: row - first.base + 1, ...(typeof text === 'string' && { text }) }];
}

/** Files are told apart by their number; within one of them its row groups are. */
function between(places: readonly Place[], first: number, last: number): string {
  if (places.length < 2) return `__row BETWEEN ${first} AND ${last}`;
  const from = Math.max(
    0,
    places.findIndex(({ base, rows }) => first < base + rows),
  );
  const to = places.findLastIndex(({ base }) => base <= last);
  const { base } = places[from] ?? { base: 0 };
  if (from === to) return `__file = ${from} AND __at BETWEEN ${first - base} AND ${last - base}`;
  return `__file BETWEEN ${from} AND ${to} AND __row BETWEEN ${first} AND ${last}`;
}

/** What the end of a file tells of it. */
interface FileEnd {
  readonly rows: number;
  /** For data, bytes. */
  readonly room: number;
}

/** By path. Only the ends of the files are read. */
async function endsOf(database: Database, sources: readonly OpenSource[]): Promise<Map<string, FileEnd>> {
  const paths = sources.flatMap(({ parquet = [] }) => parquet);
  // Eight bytes stand behind the metadata.
  const found = await database.rows(
    `SELECT file_name, num_rows, file_size_bytes::BIGINT - footer_size::BIGINT - 8 AS room FROM parquet_file_metadata(${listOf(paths)})`,
  );
  return new Map(
    found.map((row) => [String(row['file_name']), { rows: Number(row['num_rows']), room: Number(row['room']) }]),
  );
}

interface RowGroup {
  /** Position of its first row in the file. */
  readonly first: number;
  /** Bytes of the file that end with its last. */
  readonly needed: number;
}

/** By path; none of a file without rows. Asked once: of ten gigabytes it takes a quarter of a second. */
async function rowGroupsOf(database: Database, paths: readonly string[]): Promise<Map<string, RowGroup[]>> {
  // Without a dictionary the place of one is missing or 0.
  const found = await database.rows(
    `SELECT file_name, any_value(row_group_num_rows) AS rows, max(CASE WHEN dictionary_page_offset > 0 THEN least(dictionary_page_offset, data_page_offset) ELSE data_page_offset END + total_compressed_size) AS needed ` +
      `FROM parquet_metadata(${listOf(paths)}) GROUP BY file_name, row_group_id ORDER BY file_name, row_group_id`,
  );
  const groups = new Map<string, RowGroup[]>();
  let next = 0;
  for (const row of found) {
    const path = String(row['file_name']);
    const ofFile = groups.get(path) ?? [];
    if (ofFile.length === 0) next = 0;
    groups.set(path, ofFile);
    ofFile.push({ first: next, needed: Number(row['needed']) });
    next += Number(row['rows']);
  }
  return groups;
}

function listOf(paths: readonly string[]): string {
  return `[${paths.map(pathLiteral).join(', ')}]`;
}

/**
 * Throws `source-unreadable` for a file that has its end but not all that its end says is before it: a transfer may have
 * left out a part in the middle. Otherwise every column would fail by itself, with figures around that are not so.
 */
function refuseShortened(
  sources: readonly OpenSource[],
  ends: ReadonlyMap<string, FileEnd>,
  groups: ReadonlyMap<string, readonly RowGroup[]>,
): void {
  for (const { file, parquet = [] } of sources) {
    for (const path of parquet) {
      const { room = Infinity } = ends.get(path) ?? {};
      const needed = (groups.get(path) ?? []).reduce((most, group) => Math.max(most, group.needed), 0);
      if (needed <= room) continue;
      const message = `It has room for ${room} bytes of data, but its metadata tells of ${needed}.`;
      throw unreadable(file, 'source-unreadable', message, 'Write or fetch the file again: a part of it is missing.');
    }
  }
}
