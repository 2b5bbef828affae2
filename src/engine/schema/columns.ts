/** The columns of a dataset: those of all its files, united by name, each with the one type it is staged in. */
import { castTyped } from './exact';
import { columnFindings, refuseTwins, specOf, typeFinding } from './columnFindings';
import { refuseUnfit } from './fit';
import { commonType, declaredType, zonedColumns, type HeldType, type Place, type Zones } from './heldTypes';
import { inferTypes, type Fits } from './infer';
import { castText } from './types';
import type { Database } from '../duckdb';
import type { OpenSource } from '../sources';
import type { ColumnSpec, ColumnType, Finding, TableSchema } from '../../protocol';

export interface StageColumn {
  readonly name: string;
  /** Its name in the staged table; names of files may be anything and only reach the output. */
  readonly id: string;
  readonly type: ColumnType;
  readonly physicalType: string;
  readonly spec: ColumnSpec;
}

export interface UnitedColumns {
  readonly columns: readonly StageColumn[];
  readonly findings: readonly Finding[];
  readonly evidence: ReadonlyMap<OpenSource, Evidence>;
}

/** What was found out about the texts of one file, whatever the others hold. */
export interface Evidence {
  readonly fits: Fits;
  readonly zones: Zones;
}

/**
 * Unites the columns of all files in the order of their first appearance and decides the type of each. Throws
 * `duplicate-column`, and `constraint-type` or `invalid-pattern` for constraints that the types cannot answer.
 * @param known what was found out about files before
 */
export async function uniteColumns(
  database: Database,
  sources: readonly OpenSource[],
  schema: TableSchema,
  dataset: string,
  known: ReadonlyMap<OpenSource, Evidence> = new Map(),
): Promise<UnitedColumns> {
  const places = new Map<string, Place[]>();
  for (const source of sources) {
    for (const column of source.columns) {
      const there = places.get(column.name);
      if (there) there.push({ source, column });
      else places.set(column.name, [{ source, column }]);
    }
  }
  for (const name of Object.keys(schema.columns))
    if (!places.has(name) && specOf(schema, name).required === false) places.set(name, []);
  const names = [...places.keys()];
  refuseTwins(names, sources, dataset);
  const { held, fits, zones } = await heldTypes(database, places, schema, known);
  const columns = names.map((name, index): StageColumn => {
    const { type, physical } = held.get(name) ?? { type: 'string', physical: 'VARCHAR' };
    return { name, id: `c${index}`, type, physicalType: physical, spec: specOf(schema, name) };
  });
  await refuseUnfit(
    database,
    columns.filter(({ name }) => !held.get(name)?.empty),
    dataset,
  );
  return {
    columns,
    findings: [
      ...columnFindings(sources, schema, dataset),
      ...columns.flatMap((column) => typeFinding(column, held.get(column.name)?.because, dataset)),
    ],
    evidence: new Map(
      sources.map((source) => [source, { fits: fits.get(source) ?? new Map(), zones: zones.get(source) ?? new Map() }]),
    ),
  };
}

async function heldTypes(
  database: Database,
  columns: ReadonlyMap<string, readonly Place[]>,
  schema: TableSchema,
  known: ReadonlyMap<OpenSource, Evidence>,
) {
  const held = new Map<string, HeldType>();
  const datetimes = [...columns].filter(([name]) => specOf(schema, name).type === 'datetime');
  const { zoned, zones } = await zonedColumns(
    database,
    datetimes.map(([, places]) => places),
    new Map([...known].map(([source, evidence]) => [source, evidence.zones])),
  );
  const zonedNames = new Set(datetimes.flatMap(([name], index) => (zoned[index] ? [name] : [])));
  const undeclared = [...columns].filter(([name]) => !specOf(schema, name).type);
  const { types, fits } = await inferTypes(
    database,
    undeclared.map(([, places]) =>
      places.filter(({ column }) => column.type === 'text').map(({ source, column }) => ({ source, ...column })),
    ),
    new Map([...known].map(([source, evidence]) => [source, evidence.fits])),
  );
  for (const [index, [name, places]] of undeclared.entries())
    held.set(name, await commonType(database, types[index], places));
  for (const [name, places] of columns) {
    const { type } = specOf(schema, name);
    if (type) held.set(name, await declaredType(database, type, zonedNames.has(name), places));
  }
  return { held, fits, zones };
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

/** Each column's value as its id and, where a cast can fail, its raw value as `r…`; and when a row is bad. */
export function castColumns(source: OpenSource, columns: readonly StageColumn[]): { inner: string[]; failed: string } {
  const inner: string[] = [];
  const failures: string[] = [];
  for (const column of columns) {
    const found = valueIn(source, column);
    inner.push(`${found?.value ?? 'NULL'} AS ${column.id}`);
    if (!found || found.raw === found.value) continue;
    inner.push(`${found.raw} AS r${column.id}`);
    failures.push(`(r${column.id} IS NOT NULL AND ${column.id} IS NULL)`);
  }
  if (source.readable !== undefined) {
    inner.push(`${source.readable} AS __readable`);
    failures.push('NOT __readable');
  }
  if (inner.length === 0) inner.push('NULL AS __nothing');
  return { inner, failed: failures.length > 0 ? failures.join(' OR ') : 'false' };
}
