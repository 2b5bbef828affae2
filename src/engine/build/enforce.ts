/**
 * What becomes of rows that do not fit the schema's types: they stop the build, go to quarantine, or lose the cell,
 * as `onError` says. Nothing is dropped or nulled without a finding.
 */
import { targetLiteral, text } from '../duckdb';
import { locateRecords } from '../text';
import { MldataError, type Finding } from '../../protocol';
import { findBreaches } from '../schema';
import { CELLS, describeMisfits, KEPT, locate, recordsOf, STAGE, type MisfitContext, type Stage } from '../staging';

export interface Enforced {
  readonly findings: readonly Finding[];
  /** Rows in quarantine; they wait in a table for {@link writeRejected}. */
  readonly rejected: number;
}

/** Throws `rows-unreadable` under `onError: fail`, and for broken records unless they go to quarantine. */
export async function enforceTypes(stage: Stage, context: MisfitContext): Promise<Enforced> {
  const enforced = await holdAgainstTypes(stage, context);
  const fatal = enforced.findings.filter((finding) => finding.severity === 'error');
  if (fatal.length === 0) return enforced;
  const rows = stage.files.reduce((sum, { broken, bad }) => sum + broken + bad, 0);
  const shown = fatal.map(({ message }) => message).join(' ');
  throw new MldataError(
    'buildFailed',
    'rows-unreadable',
    `${rows === 1 ? '1 row does' : `${rows} rows do`} not fit the schema. ${shown}`,
    enforced.findings,
  );
}

/** What does not fit the types, where a build would stop as errors. The rows that do are kept. */
export async function holdAgainstTypes(stage: Stage, context: MisfitContext): Promise<Enforced> {
  const { database, schema } = context;
  const broken = stage.files.reduce((sum, file) => sum + file.broken, 0);
  const bad = stage.files.reduce((sum, file) => sum + file.bad, 0);
  if (broken + bad === 0) return { findings: [], rejected: 0 };
  const findings = await describeMisfits(stage, context);
  // `null` keeps the rows: their cells already are null.
  if (schema.onError === 'null')
    await database.run(`CREATE OR REPLACE VIEW ${KEPT} AS SELECT rowid AS id, rowid AS __read, * FROM ${STAGE}`);
  return { findings, rejected: schema.onError === 'quarantine' ? broken + bad : 0 };
}

/** Writes the quarantined rows as Parquet: `file`, `row`, `line`, `reason`, where the reason holds the text. */
export async function writeRejected(stage: Stage, path: string, { database, signal }: MisfitContext): Promise<void> {
  await database.run('CREATE OR REPLACE TABLE rejected_lines (file BIGINT, record BIGINT, line BIGINT)');
  for (const { source, index } of stage.files) {
    if (!source.text) continue;
    const rows = await database.rows(`SELECT DISTINCT record FROM ${CELLS} WHERE file = ${index} ORDER BY record`);
    const found = await locateRecords(
      source.text.path,
      source.text.dialect,
      rows.map((row) => Number(row['record'])),
      signal,
    );
    await database.append(
      'rejected_lines',
      [...found].map(([record, { line }]) => [BigInt(index), BigInt(record), BigInt(line)]),
    );
  }
  const names = stage.files.map(({ source, index }) => `(${index}, ${text(source.file.name)})`).join(', ');
  await database.run(
    `COPY (SELECT names.name AS file, cells.record AS row, any_value(lines.line) AS line, ` +
      `string_agg(concat_ws(': ', cells.name, concat_ws(' ', cells.value, cells.reason)), '; ' ORDER BY cells.name) AS reason ` +
      `FROM ${CELLS} AS cells JOIN (VALUES ${names}) AS names(file, name) ON names.file = cells.file ` +
      `LEFT JOIN rejected_lines AS lines ON lines.file = cells.file AND lines.record = cells.record ` +
      `GROUP BY names.name, cells.file, cells.record ORDER BY cells.file, cells.record) ` +
      `TO ${targetLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/** The breaches of the schema's constraints among the rows that are kept, as findings. */
export async function enforceConstraints(
  stage: Stage,
  { database, dataset, schema, signal }: MisfitContext,
): Promise<Finding[]> {
  const columns = stage.columns.map(({ name, id, physicalType, spec }) => ({
    name,
    expression: id,
    physicalType,
    spec,
  }));
  const breaches = await findBreaches(database, KEPT, columns, schema);
  const findings: Finding[] = [];
  for (const breach of breaches) {
    const places = await recordsOf(stage, breach.rows, database);
    findings.push({
      code: breach.code,
      severity: 'error',
      message: breach.message,
      dataset,
      column: breach.column,
      count: breach.count,
      locations: await locate(stage, places, signal),
      samples: [...new Set(breach.rows.flatMap(({ value }) => (value === null ? [] : [value])))],
      expected: breach.expected,
      actual: breach.actual,
      suggestion: breach.suggestion,
      configPath: ['datasets', dataset, ...breach.configPath],
    });
  }
  return findings;
}
