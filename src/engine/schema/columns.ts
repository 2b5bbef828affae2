/** The columns of a dataset: those of all its files, united by name, each with the one type it is staged in. */
import { castTyped } from './exact';
import { columnFindings, refuseTwins, specOf, typeFinding } from './columnFindings';
import { refuseUnfit } from './fit';
import { commonType, declaredType, zonedColumns, type HeldType, type Place, type Zones } from './heldTypes';
import { fittingCast } from './candidates';
import { inferTypes, type Fits } from './infer';
import { castText, ZONED } from './types';
import type { Database } from '../duckdb';
import type { OpenSource, SourceColumn } from '../sources';
import type { ColumnSpec, ColumnType, Finding, TableSchema } from '../../protocol';

export interface StageColumn {
  readonly name: string;
  /** Its name in the staged table; names of files may be anything and only reach the output. */
  readonly id: string;
  readonly type: ColumnType;
  readonly physicalType: string;
  readonly spec: ColumnSpec;
  /**
   * Its type was guessed from some of its texts: one that does not fit shows that it was guessed wrongly. `trusted`: what
   * the reader takes for a value of the type is one.
   */
  readonly guessed?: 'typed' | 'trusted' | 'empty';
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
 * @param guess the types of undeclared columns of texts, from some of their rows
 */
export async function uniteColumns(
  database: Database,
  sources: readonly OpenSource[],
  schema: TableSchema,
  dataset: string,
  known: ReadonlyMap<OpenSource, Evidence> = new Map(),
  guess = false,
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
  const { held, fits, zones } = await heldTypes(database, places, schema, known, guess);
  const columns = names.map((name, index): StageColumn => {
    const { type, physical, empty } = held.get(name) ?? { type: 'string', physical: 'VARCHAR' };
    const spec = specOf(schema, name);
    const isGuess = guess && !spec.type && isText(places.get(name)) && (empty ?? physical !== 'VARCHAR');
    return {
      ...{ name, id: `c${index}`, type, physicalType: physical, spec },
      ...(isGuess && { guessed: empty ? ('empty' as const) : ('typed' as const) }),
    };
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
  guess: boolean,
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
  const knownFits = new Map([...known].map(([source, evidence]) => [source, evidence.fits]));
  const infer = async (some: typeof undeclared, onlySome: boolean) => {
    const texts = some.map(([, places]) =>
      places.filter(({ column }) => column.type === 'text').map(({ source, column }) => ({ source, ...column })),
    );
    const { types, fits } = await inferTypes(database, texts, knownFits, onlySome);
    for (const [index, [name, places]] of some.entries())
      held.set(name, await commonType(database, types[index], places));
    return fits;
  };
  const guessed = undeclared.filter(([, places]) => guess && isText(places));
  const fits = await infer(
    undeclared.filter((column) => !guessed.includes(column)),
    false,
  );
  if (guessed.length > 0) await infer(guessed, true);
  for (const [name, places] of columns) {
    const { type } = specOf(schema, name);
    if (type) held.set(name, await declaredType(database, type, zonedNames.has(name), places));
  }
  return { held, fits, zones };
}

function isText(places: readonly Place[] = []): boolean {
  return places.length > 0 && places.every(({ column }) => column.type === 'text');
}

/** SQL for the column's value in a source; NULL where the file lacks the column. */
export function valueIn(source: OpenSource, column: StageColumn): { raw: string; value: string } | undefined {
  const found = source.columns.find(({ name }) => name === column.name);
  if (!found) return undefined;
  return { raw: found.expression, value: castFound(found, column) };
}

function castFound({ expression, type: from }: SourceColumn, { type, physicalType, guessed }: StageColumn): string {
  if (from !== 'text') {
    const value = castTyped(expression, from, type, physicalType);
    // Of larger numbers a double does not keep every digit.
    return guessed && type === 'integer' ? `CASE WHEN abs(${expression}) < ${2 ** 53} THEN ${value} END` : value;
  }
  if (guessed === undefined) return castText(expression, type, physicalType);
  return guessed === 'empty' ? 'NULL' : fittingCast(expression, type, physicalType === ZONED);
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
