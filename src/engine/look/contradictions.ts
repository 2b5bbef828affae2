/** Where a schema contradicts the values: what a build would stop at, and values of an enum that nobody has. */
import { type Database } from '../duckdb';
import { comparison, findBreaches, valueIn, type StageColumn } from '../schema';
import type { OpenSource } from '../sources';
import { complaint } from '../staging';
import { valuesOf } from '../words';
import { MAX_SAMPLES, type Finding, type TableSchema } from '../../protocol';

export interface Compared {
  readonly database: Database;
  readonly dataset: string;
  readonly schema: TableSchema;
  readonly sources: readonly OpenSource[];
  readonly columns: readonly StageColumn[];
  /** The rows of the sources: `id`, the columns by their ids, and `__bad`. */
  readonly table: string;
  /** Whether there are no other rows. */
  readonly whole: boolean;
}

export async function contradictions(compared: Compared): Promise<Finding[]> {
  return [...(await misfits(compared)), ...(await breaches(compared)), ...(await unseen(compared))];
}

/** Cells that are none of their column's declared type. */
async function misfits({ database, dataset, schema, sources, columns, whole }: Compared): Promise<Finding[]> {
  const counts = new Map<StageColumn, { count: number; samples: string[] }>();
  for (const source of sources) {
    const castable = columns.flatMap((column) => {
      const found = valueIn(source, column);
      return found && found.raw !== found.value
        ? [{ column, raw: found.raw, failed: `(${found.raw}) IS NOT NULL AND (${found.value}) IS NULL` }]
        : [];
    });
    if (castable.length === 0) continue;
    const failing = castable.map(({ failed }, index) => `count_if(${failed}) AS f${index}`);
    const row = await database.row(`SELECT ${failing.join(', ')} FROM ${source.relation}`);
    for (const [index, { column, raw, failed }] of castable.entries()) {
      const count = Number(row[`f${index}`]);
      if (count === 0) continue;
      const known = counts.get(column) ?? { count: 0, samples: [] };
      const rows = await database.rows(
        `SELECT left(CAST(${raw} AS VARCHAR), 200) AS value FROM ${source.relation} WHERE ${failed} LIMIT ${MAX_SAMPLES}`,
      );
      const samples = [...new Set([...known.samples, ...rows.map(({ value }) => String(value))])];
      counts.set(column, { count: known.count + count, samples: samples.slice(0, MAX_SAMPLES) });
    }
  }
  return [...counts].map(([column, { count, samples }]) => ({
    code: 'cast-failed',
    severity: schema.onError === 'fail' ? 'error' : 'warning',
    message: `${valuesOf(count)} of ${column.name} ${complaint(column)}${suchAs(samples)}${among(whole)}.`,
    dataset,
    column: column.name,
    count,
    samples,
    suggestion:
      'Declare another type or `nullValues`, correct the cells, or say `onError: quarantine` or `onError: null`.',
    configPath: ['datasets', dataset, 'schema', 'columns', column.name],
  }));
}

/** The constraints, as builds check them: on the rows that are kept. */
async function breaches({ database, dataset, schema, columns, table, whole }: Compared): Promise<Finding[]> {
  const kept = schema.onError === 'null' ? table : `(SELECT * FROM ${table} WHERE NOT __bad)`;
  const checked = columns.map(({ name, id, physicalType, spec }) => ({ name, expression: id, physicalType, spec }));
  const found = await findBreaches(database, kept, checked, schema);
  return found.map(({ code, column, count, message, suggestion, configPath, rows }) => {
    const samples = [...new Set(rows.flatMap(({ value }) => (value === null ? [] : [value])))];
    return {
      code,
      severity: 'error',
      message: `${message.replace(/\.$/, '')}${suchAs(samples)}${among(whole)}.`,
      dataset,
      column,
      count,
      samples,
      suggestion,
      configPath: ['datasets', dataset, ...configPath],
    };
  });
}

/** Values of an enum that no row has; of a part of the rows nothing is said. */
async function unseen({ database, dataset, columns, table, whole }: Compared): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { id, name, type, physicalType, spec } of whole ? columns : []) {
    if (!spec.enum || spec.enum.length === 0) continue;
    const { value, literals } = comparison(id, { type, physicalType }, spec.enum, false);
    const counts = literals.map((literal, index) => `count(*) FILTER (WHERE ${value} = ${literal}) AS f${index}`);
    const row = await database.row(`SELECT count(${id}) AS present, ${counts.join(', ')} FROM ${table}`);
    if (Number(row['present']) === 0) continue;
    const never = spec.enum.flatMap((each, index) => (Number(row[`f${index}`]) === 0 ? [{ each, index }] : []));
    for (const { each, index } of never.slice(0, MAX_SAMPLES))
      findings.push({
        code: 'enum-unseen',
        severity: 'info',
        message: `No row has \`${each}\` as ${name}.`,
        dataset,
        column: name,
        suggestion: 'Take it out of `enum` if it is misspelt or no longer used.',
        configPath: ['datasets', dataset, 'schema', 'columns', name, 'enum', index],
      });
  }
  return findings;
}

function suchAs([first]: readonly string[]): string {
  return first === undefined ? '' : `, such as \`${first}\``;
}

function among(whole: boolean): string {
  return whole ? '' : ', among the first rows';
}
