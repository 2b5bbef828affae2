/** The columns of a dataset: those of all its files, united by name, each with the one type it is staged in. */
import { text, type Database } from '../duckdb';
import { inferTypes, type InferredType } from './infer';
import { castText, castTyped, columnTypeOf, fits, patterns, physicalType } from './types';
import type { OpenSource, SourceColumn } from '../sources';
import type { ColumnSpec, ColumnType, Finding, TableSchema } from '../../protocol';

export interface StageColumn {
  readonly name: string;
  /** Its name in the staged table; names of files may be anything and only reach the output. */
  readonly id: string;
  readonly type: ColumnType;
  readonly physicalType: string;
  readonly spec: ColumnSpec;
}

/** Unites the columns of all files in the order of their first appearance and decides the type of each. */
export async function uniteColumns(
  database: Database,
  sources: readonly OpenSource[],
  schema: TableSchema,
): Promise<StageColumn[]> {
  const names = [...new Set(sources.flatMap((source) => source.columns.map((column) => column.name)))];
  const optional = Object.keys(schema.columns).filter(
    (name) => !names.includes(name) && specOf(schema, name).required === false,
  );
  const undeclared = names.filter((name) => !specOf(schema, name).type);
  const inferred = await inferTypes(
    database,
    undeclared.map((name) =>
      placesOf(sources, name)
        .filter(({ column }) => column.type === 'text')
        .map(({ source, column }) => ({ relation: source.glance, expression: column.expression })),
    ),
  );
  const columns: StageColumn[] = [];
  for (const name of [...names, ...optional]) {
    const spec = specOf(schema, name);
    const places = placesOf(sources, name);
    const { type, physical } = spec.type
      ? await declaredType(database, spec.type, places)
      : await commonType(database, inferred[undeclared.indexOf(name)], places);
    columns.push({ name, id: `c${columns.length}`, type, physicalType: physical, spec });
  }
  return columns;
}

/** SQL for the column's value in a source; NULL where the file lacks the column. */
export function valueIn(source: OpenSource, column: StageColumn): { raw: string; value: string } | undefined {
  const found = source.columns.find(({ name }) => name === column.name);
  if (!found) return undefined;
  const value =
    found.type === 'text'
      ? castText(found.expression, column.type, column.physicalType)
      : castTyped(found.expression, found.type, column.type, column.physicalType);
  return { raw: found.expression, value };
}

/** What is to be said of declared columns that are not there, extra ones, and files that differ from the first. */
export function columnFindings(sources: readonly OpenSource[], schema: TableSchema, dataset: string): Finding[] {
  const findings: Finding[] = [];
  const names = new Set(sources.flatMap((source) => source.columns.map((column) => column.name)));
  const declared = Object.keys(schema.columns);
  for (const name of declared.filter((name) => !names.has(name))) {
    const optional = specOf(schema, name).required === false;
    findings.push({
      code: 'column-missing',
      severity: optional ? 'info' : 'error',
      message: optional
        ? `The declared column ${name} is in no file; it is written as null.`
        : `The declared column ${name} is in no file.`,
      dataset,
      column: name,
      locations: sources.slice(0, 1).map(({ file }) => ({ file: file.name, line: 1 })),
      suggestion: `The files have ${preview([...names])}. Correct the name, remove it, or say \`required: false\`.`,
      configPath: ['datasets', dataset, 'schema', 'columns', name],
    });
  }
  if (schema.extraColumns !== 'ignore') {
    for (const name of [...names].filter((name) => !declared.includes(name))) {
      findings.push({
        code: 'column-extra',
        severity: schema.extraColumns === 'error' ? 'error' : 'warning',
        message: `The column ${name} is not declared.`,
        dataset,
        column: name,
        suggestion: 'Declare it under `schema.columns`, or say `extraColumns: ignore`.',
        configPath: ['datasets', dataset, 'schema', 'extraColumns'],
      });
    }
  }
  const [first, ...others] = sources;
  for (const source of others) {
    const difference = first && differenceOf(first, source);
    if (!difference) continue;
    findings.push({
      code: 'columns-differ',
      severity: 'warning',
      message: `${source.file.name} has other columns than ${first.file.name}: ${difference}. They are united by name.`,
      dataset,
      locations: [{ file: source.file.name, line: 1 }],
      suggestion: 'Check that the files belong together; what a file lacks is null.',
      configPath: ['datasets', dataset, 'source'],
    });
  }
  return findings;
}

function differenceOf(first: OpenSource, other: OpenSource): string | undefined {
  const expected = first.columns.map(({ name }) => name);
  const found = other.columns.map(({ name }) => name);
  const lacking = expected.filter((name) => !found.includes(name));
  const extra = found.filter((name) => !expected.includes(name));
  const parts = [
    lacking.length > 0 && `lacks ${preview(lacking)}`,
    extra.length > 0 && `adds ${preview(extra)}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

function specOf(schema: TableSchema, name: string): ColumnSpec {
  return Object.hasOwn(schema.columns, name) ? (schema.columns[name] ?? {}) : {};
}

interface Place {
  readonly source: OpenSource;
  readonly column: SourceColumn;
}

function placesOf(sources: readonly OpenSource[], name: string): Place[] {
  return sources.flatMap((source) =>
    source.columns.filter((column) => column.name === name).map((column) => ({ source, column })),
  );
}

interface HeldType {
  readonly type: ColumnType;
  readonly physical: string;
}

async function declaredType(database: Database, type: ColumnType, places: readonly Place[]): Promise<HeldType> {
  const [only, ...others] = new Set(places.map(({ column }) => column.type));
  // Files that already hold the declared type keep their own width: INT32 stays INT32.
  if (only !== undefined && only !== 'text' && others.length === 0 && fits(only, type)) return { type, physical: only };
  const zoned = type === 'datetime' && (await isZoned(database, places));
  return { type, physical: physicalType(type, zoned) };
}

/**
 * The type of an undeclared column: what its typed files hold and what was inferred from its texts (undefined: no text
 * has a value), widened as far as that loses no kind. Else text, so that an undeclared column rejects no row.
 */
async function commonType(
  database: Database,
  inferred: InferredType | undefined,
  places: readonly Place[],
): Promise<HeldType> {
  const held = new Set(places.map(({ column }) => column.type).filter((type) => type !== 'text'));
  if (inferred) held.add(physicalType(inferred.type, inferred.zoned));
  const [only = 'VARCHAR', ...others] = held;
  const kinds = new Set([...held].map(kindOf));
  const physical = others.length === 0 ? only : kinds.size === 1 ? await widest(database, [...held]) : 'VARCHAR';
  return { type: inferred && others.length === 0 ? inferred.type : columnTypeOf(physical), physical };
}

/** Types of one kind have a type that holds the values of all of them. */
function kindOf(physical: string): string {
  const type = columnTypeOf(physical);
  if (type === 'integer') return 'number';
  return type === 'any' || type === 'datetime' ? physical : type;
}

/** Whether most date-times of a declared column name their zone, by the first thousand values of each file. */
async function isZoned(database: Database, places: readonly Place[]): Promise<boolean> {
  let balance = 0;
  for (const { source, column } of places) {
    if (column.type.startsWith('TIMESTAMP')) return column.type === 'TIMESTAMP WITH TIME ZONE';
    const matching = (pattern: string) => `count(*) FILTER (WHERE regexp_full_match(value, ${text(pattern)}))`;
    const row = await database.row(
      `SELECT ${matching(patterns.zonedDatetime)} - ${matching(patterns.datetime)} AS balance FROM ` +
        `(SELECT CAST(${column.expression} AS VARCHAR) AS value FROM ${source.glance} LIMIT 1000)`,
    );
    balance += Number(row['balance']);
  }
  return balance > 0;
}

/** The type that holds all of them, by the engine's own rules for a union. */
async function widest(database: Database, types: readonly string[]): Promise<string> {
  const [column] = await database.describe(
    types.map((type) => `SELECT CAST(NULL AS ${type}) AS value`).join(' UNION ALL '),
  );
  return column?.type ?? 'VARCHAR';
}

function preview(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
}
