/** Splits that follow a file of row numbers, and writing such a file. */
import { firstLine, pathLiteral, struct, targetLiteral, text, type Database } from '../../duckdb';
import { openForReading, readAt, sniffDialect } from '../../text';
import { splitNames, type Finding, type MldataError } from '../../../protocol';
import { position, refuseSplit, SPLIT_ROWS, type SplitContext } from './part';
import { sourceRows } from './sourceRows';
import { KEPT, type Stage } from '../../staging';

/** A header is shorter. */
const HEAD_BYTES = 1 << 16;

/** Reads `row,split` or `file,row,split`. Rows that the file does not name are left out, with a finding. */
export async function splitByIndices(context: SplitContext): Promise<Finding[]> {
  const { database, dataset, stage, split, indicesPath, asRead } = context;
  if (indicesPath === undefined) throw new Error('A split by indices needs the path of its file');
  await readIndices(context, indicesPath);
  await database.run(
    `CREATE OR REPLACE TABLE ${SPLIT_ROWS} AS SELECT rows.id, indices.split FROM ${sourceRows(stage.files)} AS rows ` +
      `JOIN split_indices AS indices ON indices.row = rows.row AND indices.file = rows.file`,
  );
  const unmatched = await database.row(
    `SELECT count(*) AS count, any_value(file || ', row ' || row) AS example FROM split_indices ` +
      `ANTI JOIN ${sourceRows(stage.files, asRead)} AS rows USING (file, row)`,
  );
  if (Number(unmatched['count']) > 0) {
    const message = `${String(unmatched['count'])} of the rows that ${split.indices} names are not in the data, such as ${String(unmatched['example'])}.`;
    throw refuse(context, 'indices-unknown', message);
  }
  const left = await database.row(
    `SELECT (SELECT count(*) FROM ${KEPT}) - (SELECT count(*) FROM ${SPLIT_ROWS}) AS rows`,
  );
  return Number(left['rows']) > 0 ? [leftOut(dataset, Number(left['rows']), split.indices ?? '')] : [];
}

/** Fills `split_indices(file, row, name, split)`. */
async function readIndices(context: SplitContext, path: string): Promise<void> {
  const { database, stage } = context;
  const [only] = stage.files;
  const columns = await columnsOf(context, path);
  const named = columns.includes('file');
  if (!columns.includes('row') || !columns.includes('split')) {
    throw refuse(
      context,
      'indices-unreadable',
      `It has the columns ${columns.join(', ')} instead of file, row and split.`,
    );
  }
  if (!named && stage.files.length > 1) {
    throw refuse(
      context,
      'indices-unreadable',
      'It does not say which of the files each row is of: add a column `file`.',
    );
  }
  const relation =
    `read_csv(${pathLiteral(path)}, auto_detect = false, strict_mode = true, header = true, delim = ',', quote = '"', escape = '"', ` +
    `columns = ${struct(columns.map((name) => [name, text('VARCHAR')]))})`;
  try {
    await database.run(
      `CREATE OR REPLACE TABLE split_indices AS SELECT ${named ? 'file' : `${text(only?.source.file.name ?? '')} AS file`}, ` +
        `CASE WHEN regexp_full_match(row, '[0-9]+') THEN try_cast(row AS BIGINT) END AS row, row AS number, ` +
        `split AS name, ${position(splitNames)} AS split FROM ${relation}`,
    );
  } catch (error) {
    const line = /on Line: (\d+)/.exec(firstLine(error))?.[1];
    throw refuse(
      context,
      'indices-unreadable',
      line === undefined
        ? `${firstLine(error)}.`
        : `Line ${line} has not as many fields as the header, or a quote too many.`,
    );
  }
  const checks = [
    ['row IS NULL', 'number', 'is no row number'],
    ['split IS NULL', 'name', `is no split; they are ${splitNames.join(', ')}`],
  ] as const;
  for (const [wrong, column, complaint] of checks) {
    const [row] = await database.rows(`SELECT ${column} AS value FROM split_indices WHERE ${wrong} LIMIT 1`);
    if (row) throw refuse(context, 'indices-unreadable', `${String(row['value'] ?? 'An empty field')} ${complaint}.`);
  }
  const twice = await database.rows(
    'SELECT file, row FROM split_indices GROUP BY file, row HAVING count(*) > 1 ORDER BY ALL LIMIT 1',
  );
  if (twice[0])
    throw refuse(
      context,
      'indices-unreadable',
      `Row ${String(twice[0]['row'])} of ${String(twice[0]['file'])} stands twice.`,
    );
}

/** The names in the header. */
async function columnsOf(context: SplitContext, path: string): Promise<readonly string[]> {
  const handle = await openForReading(path).catch(() => {
    throw refuse(context, 'indices-unreadable', 'It cannot be read. Check that it is there and that you may read it.');
  });
  try {
    const head = await readAt(handle, 0, HEAD_BYTES);
    const syntax = { delimiter: ',', quote: '"', escape: '"', header: true, skipLines: 0, encoding: 'utf-8' } as const;
    const file = context.split.indices ?? path;
    return sniffDialect(head, syntax, { path: file, format: 'csv', complete: head.length < HEAD_BYTES }).dialect
      .columns;
  } finally {
    await handle.close();
  }
}

/** Writes `file,row,split` for every row that is in a split, in the order of the source. */
export async function writeIndices(database: Database, stage: Stage, path: string): Promise<void> {
  const names = splitNames.map(text).join(', ');
  await database.run(
    `COPY (SELECT rows.file, rows.row, list_extract([${names}], parts.split + 1) AS split FROM ${sourceRows(stage.files)} AS rows ` +
      `JOIN ${SPLIT_ROWS} AS parts USING (id) ORDER BY id) TO ${targetLiteral(path)} (FORMAT csv, HEADER)`,
  );
}

function leftOut(dataset: string, left: number, path: string): Finding {
  return {
    code: 'indices-incomplete',
    severity: 'warning',
    message: `${left === 1 ? '1 row is' : `${left} rows are`} in no split, because ${path} does not name ${left === 1 ? 'it' : 'them'}.`,
    dataset,
    count: left,
    suggestion: 'Name them in the file if they belong to the dataset.',
    configPath: ['datasets', dataset, 'split', 'indices'],
  };
}

function refuse(context: SplitContext, code: string, message: string): MldataError {
  const suggestion = 'The file is a CSV of file, row (1-based) and split; `writeIndices: true` writes one.';
  return refuseSplit(context, 'indices', code, `${context.split.indices}: ${message}`, suggestion);
}
