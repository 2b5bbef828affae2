/** Splits that follow a file of row numbers, and writing such a file. */
import { pathLiteral, text, firstLine, type Database } from '../../duckdb';
import { MldataError, splitNames, type Finding } from '../../../protocol';
import { shifts } from '../enforce';
import { position, refuseSplit, SPLIT_ROWS, type SplitContext } from './part';
import { KEPT, type Stage } from '../stage';

/** `id`, `file` (name) and `row` (1-based, as in the source) of every kept row. */
function sourceRows(stage: Stage): string {
  const broken = stage.files.filter((file) => file.broken > 0);
  const files = stage.files
    .map(({ source, index, base }) => `(${index}, ${text(source.file.name)}, ${base})`)
    .join(', ');
  const accepted =
    `SELECT id, files.name AS file, __file, id - files.base AS accepted FROM ${KEPT} ` +
    `JOIN (VALUES ${files}) AS files(index, name, base) ON files.index = __file`;
  if (broken.length === 0) return `(SELECT id, file, accepted + 1 AS row FROM (${accepted}))`;
  const moved = broken.map(({ index }) => `SELECT ${index} AS __file, * FROM (${shifts(index)})`).join(' UNION ALL ');
  return (
    `(SELECT id, file, accepted + 1 + coalesce(shift, 0) AS row FROM (${accepted}) AS rows ` +
    `ASOF LEFT JOIN (${moved}) AS moved ON rows.__file = moved.__file AND rows.accepted >= moved.threshold)`
  );
}

/** Reads `row,split` or `file,row,split`. Rows that the file does not name are left out, with a finding. */
export async function splitByIndices(context: SplitContext): Promise<Finding[]> {
  const { database, dataset, stage, split, indicesPath } = context;
  if (indicesPath === undefined) throw new Error('A split by indices needs the path of its file');
  await readIndices(context, indicesPath);
  await database.run(
    `CREATE OR REPLACE TABLE ${SPLIT_ROWS} AS SELECT rows.id, indices.split FROM ${sourceRows(stage)} AS rows ` +
      `JOIN split_indices AS indices ON indices.row = rows.row AND indices.file = rows.file`,
  );
  const unmatched = await database.row(
    `SELECT count(*) AS count, any_value(file || ', row ' || row) AS example FROM split_indices ` +
      `ANTI JOIN ${sourceRows(stage)} AS rows USING (file, row)`,
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

async function readIndices(context: SplitContext, path: string): Promise<void> {
  const { database, stage } = context;
  const [only] = stage.files;
  try {
    const columns = (await database.describe(`SELECT * FROM read_csv(${pathLiteral(path)}, all_varchar = true)`)).map(
      ({ name }) => name,
    );
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
    await database.run(
      `CREATE OR REPLACE TABLE split_indices AS SELECT ${named ? 'file' : `${text(only?.source.file.name ?? '')} AS file`}, ` +
        `CAST(row AS BIGINT) AS row, split AS name, ${position(splitNames)} AS split FROM read_csv(${pathLiteral(path)}, all_varchar = true)`,
    );
  } catch (error) {
    if (error instanceof MldataError) throw error;
    throw refuse(context, 'indices-unreadable', firstLine(error));
  }
  const wrong = await database.row(
    `SELECT count(*) AS count, any_value(name) AS name FROM split_indices WHERE split IS NULL`,
  );
  if (Number(wrong['count']) > 0)
    throw refuse(
      context,
      'indices-unreadable',
      `${String(wrong['name'])} is no split; they are ${splitNames.join(', ')}.`,
    );
  const twice = await database.rows(
    'SELECT file, row FROM split_indices GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1',
  );
  if (twice[0])
    throw refuse(
      context,
      'indices-unreadable',
      `Row ${String(twice[0]['row'])} of ${String(twice[0]['file'])} stands twice.`,
    );
}

/** Writes `file,row,split` for every row that is in a split, in the order of the source. */
export async function writeIndices(database: Database, stage: Stage, path: string): Promise<void> {
  const names = splitNames.map(text).join(', ');
  await database.run(
    `COPY (SELECT rows.file, rows.row, list_extract([${names}], parts.split + 1) AS split FROM ${sourceRows(stage)} AS rows ` +
      `JOIN ${SPLIT_ROWS} AS parts USING (id) ORDER BY id) TO ${pathLiteral(path)} (FORMAT csv, HEADER)`,
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
