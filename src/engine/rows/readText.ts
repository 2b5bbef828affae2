/** Text files, beside typed ones too, read into a table. */
import { text, type Database } from '../duckdb';
import { BROKEN, CELLS, describeMisfits, KEPT, locate, recordsOf, STAGE, stage, type Stage } from '../staging';
import type { TargetFiles } from './filesOf';
import type { OpenedRows, OpenRowsContext } from './openRows';
import { ROWS } from './rows';
import { splitDifferences } from './splitDifferences';

/** Throws what staging the files throws. A record that is no row at all is left out, with a finding. */
export async function readText(
  { files, schema, splits }: TargetFiles,
  dataset: string,
  { database, scratch, signal, onProgress, guess = 'tested' }: OpenRowsContext,
): Promise<OpenedRows> {
  const staged = await stage(files, { database, dataset, schema, scratch, signal, onProgress, guess });
  const isWhole = staged.files.every(({ bad, broken }) => bad + broken === 0);
  const misfits = isWhole
    ? []
    : await describeMisfits(staged, { database, dataset, schema: { ...schema, onError: 'null' }, signal });
  const noRows = isWhole ? new Map<number, number>() : await dropNoRows(database, staged);
  const rowsOfFiles = staged.files.map(({ index, rows }) => rows - (noRows.get(index) ?? 0));
  const split = splits ? `, [${splits.map(text).join(', ')}][__file::BIGINT + 1] AS __split` : '';
  const table = noRows.size > 0 ? READABLE : STAGE;
  await database.run(`CREATE VIEW ${ROWS} AS SELECT *, rowid AS __row${split} FROM ${table}`);
  return {
    relation: ROWS,
    columns: staged.columns,
    rows: rowsOfFiles.reduce((sum, rows) => sum + rows, 0),
    rowsOfFiles,
    stored: 'table',
    findings: [
      ...staged.findings.filter(({ code }) => !splits || code !== 'columns-differ'),
      ...splitDifferences(
        staged.files.map(({ source }) => source),
        splits,
        dataset,
      ),
      ...misfits.map((finding) => ({ ...finding, severity: 'warning' as const })),
    ],
    release: async () => {
      await database.run(`DROP VIEW ${ROWS}; DROP VIEW IF EXISTS ${KEPT}; DROP TABLE ${table}`);
    },
    between: (first, last) => `__row BETWEEN ${first} AND ${last}`,
    locate: async (rows, texts) => {
      const read = noRows.size > 0 ? await stagedPlaces(database, rows) : rows;
      const records = await recordsOf(
        staged,
        read.map((id, index) => ({ id, value: texts[index] ?? null })),
        database,
      );
      return locate(staged, records, signal);
    },
  };
}

const READABLE = 'readable_rows';

/** Where rows that were moved together stood before. */
async function stagedPlaces(database: Database, rows: readonly bigint[]): Promise<bigint[]> {
  if (rows.length === 0) return [];
  const found = await database.rows(
    `SELECT rowid AS id, __staged FROM ${READABLE} WHERE rowid IN (${rows.join(', ')})`,
  );
  return rows.flatMap((id) => {
    const row = found.find((each) => each['id'] === id);
    return row ? [row['__staged'] as bigint] : [];
  });
}

/** Lines that are no object are staged as rows without values. Tells how many of each file were dropped. */
async function dropNoRows(database: Database, { files }: Stage): Promise<Map<number, number>> {
  const counts = await database.rows(
    `SELECT file, count(*) AS rows FROM ${CELLS} WHERE reason = 'NOT AN OBJECT' GROUP BY file`,
  );
  if (counts.length === 0) return new Map();
  const bases = files.map(({ index, base }) => `(${index}, ${base})`).join(', ');
  const before = `SELECT count(*) FROM ${BROKEN} AS b WHERE b.file = c.file AND b.record < c.record`;
  await database.run(
    `CREATE TABLE ${READABLE} AS SELECT *, rowid AS __staged FROM ${STAGE} WHERE rowid NOT IN (` +
      `SELECT f.base + c.record - 1 - (${before}) FROM ${CELLS} AS c JOIN (VALUES ${bases}) AS f(file, base) USING (file) ` +
      `WHERE c.reason = 'NOT AN OBJECT'); DROP VIEW IF EXISTS ${KEPT}; DROP TABLE ${STAGE}`,
  );
  return new Map(counts.map((row) => [Number(row['file']), Number(row['rows'])]));
}
