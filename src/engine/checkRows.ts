/** Checks of rows that are divided: of a build before it is published, and of the sources of a dataset. */
import { dirname } from 'node:path';
import { plannedChecks } from '../config';
import { placesOf, type BuildJob, type Checker, type DividedRows } from './build';
import { gateResults, runChecks, type Checked, type CheckedRows } from './checks';
import { literal, text, type Database } from './duckdb';
import { openReferences, type OpenedReferences } from './references';
import { KEPT } from './staging';
import { documentHead } from './version';
import { type DatasetSpec, type Finding, type Quality, type SplitName, type ValidateRequest } from '../protocol';

/** The relation of the rows that are checked. */
const CHECKED = 'checked_rows';

/** The checks of a build: those that its config names. */
export function checkerOf({ spec, folder, scratch, references: named = {} }: BuildJob): Checker {
  let opened: OpenedReferences | undefined;
  return {
    prepare: async ({ database, signal }) => {
      opened = await openReferences(named, { database, scratch, signal });
      return opened.files;
    },
    check: async (divided, { database, signal, onProgress }) => {
      const started = performance.now();
      const references = opened?.rows ?? new Map();
      const rows = await dividedRows(divided, { spec, database, folder, signal, references });
      const checked = await runChecks(rows, plannedChecks(spec.checks, 'named'), spec.name, ({ step, fraction }) => {
        onProgress(fraction, step);
      });
      // Steps that follow give the rows under it another name.
      await database.run(`DROP VIEW ${CHECKED}`);
      return qualityOf(rows, checked, { dataset: spec.name, of: 'source', started });
    },
  };
}

interface DividedContext extends Pick<CheckedRows, 'references'> {
  readonly spec: DatasetSpec;
  readonly database: Database;
  /** The config's folder, absolute. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Rows as read, each with its split. */
export async function dividedRows(
  divided: DividedRows,
  { spec, database, folder, signal, references }: DividedContext,
): Promise<CheckedRows> {
  const { splits, parts } = divided;
  const cases: string[] = [];
  for (const { name, members } of splits) {
    await database.run(members.prepare);
    cases.push(`WHEN ${members.condition} THEN ${text(name)}`);
  }
  const split = cases.length > 0 ? `CASE ${cases.join(' ')} END` : 'NULL::VARCHAR';
  const { columns } = divided.rows;
  const ids = columns.map(({ id }) => `${id}, `).join('');
  await database.run(`CREATE OR REPLACE VIEW ${CHECKED} AS SELECT ${ids}id AS __row, ${split} AS __split FROM ${KEPT}`);
  const { rows } = (!spec.split && parts[0]) || (await countRows(database, KEPT));
  return {
    ...{ database, relation: CHECKED, columns, rows, references, signal, spec, schema: spec.schema },
    read: divided.staged.columns.map(({ name }) => name),
    splits: splits.filter((part) => part.rows > 0).map(({ name }) => name),
    found: divided.readFindings.map(withinDataset),
    enforced: true,
    mediaFolders: [...new Set([...divided.staged.files.map(({ source }) => dirname(source.file.path)), folder])],
    locate: (ids, texts = []) => placesOf(divided, ids, texts, { database, signal }),
  };
}

/** A finding as checks make theirs: its place begins within the dataset. */
export function withinDataset({ dataset: _dataset, docs: _docs, configPath, ...finding }: Finding) {
  const within = configPath?.[0] === 'datasets' ? configPath.slice(2) : undefined;
  return { ...finding, ...(within && { configPath: within }) };
}

export async function countRows(database: Database, relation: string): Promise<{ rows: number }> {
  return { rows: Number((await database.row(`SELECT count(*) AS rows FROM ${relation}`))['rows']) };
}

export interface Chosen {
  readonly split?: SplitName;
  /** So many of the rows, or such a share of them (0–1), drawn by the seed. */
  readonly sample?: ValidateRequest['sample'];
  readonly seed: number;
}

/** The rows of a split, or a sample of them: the same ones for the same seed, whatever the number of threads. */
export async function chosenRows(rows: CheckedRows, { split, sample, seed }: Chosen): Promise<CheckedRows> {
  if (split === undefined && sample === undefined) return rows;
  const { database } = rows;
  const whole = { ...rows, whole: rows.relation };
  const part = 'rows_of_split';
  await database.run(
    `CREATE VIEW ${part} AS SELECT * FROM ${rows.relation}${split === undefined ? '' : ` WHERE __split = ${text(split)}`}`,
  );
  const count = split === undefined ? rows : await countRows(database, part);
  const splits = split === undefined ? rows.splits : rows.splits.filter((name) => name === split);
  const wanted = sample && ('rows' in sample ? sample.rows : Math.ceil(sample.share * count.rows));
  if (wanted === undefined || wanted >= count.rows) return { ...whole, ...count, relation: part, splits };
  const drawn = 'drawn_rows_to_check';
  await database.run(
    `CREATE TABLE ${drawn} AS SELECT * FROM ${part} WHERE __row IN ` +
      `(SELECT __row FROM ${part} ORDER BY hash(__row, ${literal(seed)}), __row LIMIT ${wanted})`,
  );
  return { ...whole, rows: wanted, relation: drawn, splits, sampled: wanted / count.rows };
}

export interface QualityContext extends Pick<Quality, 'dataset' | 'of'> {
  readonly split?: string | undefined;
  readonly sampled?: Quality['sampled'] | undefined;
  readonly started: number;
}

/** The document of what checks found. */
export function qualityOf(
  { columns, rows, schema, spec }: CheckedRows,
  { results, findings }: Checked,
  { dataset, of, split, sampled, started }: QualityContext,
): Quality {
  const measured = { findings, columns: columns.map(({ name }) => name), schema };
  const gates = spec?.gates ? gateResults(spec.gates, measured) : [];
  const isPassed = results.every(({ status }) => status === 'passed' || status === 'skipped');
  return {
    ...documentHead('mldata/quality'),
    ...{ dataset, of, rows, columns: columns.length },
    ...(split !== undefined && { split }),
    ...(sampled && { sampled }),
    passed: isPassed && gates.every(({ passed }) => passed),
    checks: [...results],
    ...(gates.length > 0 && { gates }),
    findings: [...findings],
    durationMs: Math.round(performance.now() - started),
  };
}
