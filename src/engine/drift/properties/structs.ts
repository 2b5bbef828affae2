/** The fields of objects, each compared as a column of its own would be. */
import { text, type Database } from '../../duckdb';
import { columnTypeOf, type StageColumn } from '../../schema';
import { areAlike, type ColumnPair } from '../pairs';
import type { DriftRows } from '../rows';
import { valuesOf, type Side, type Variable } from '../variable';

/** The first ones that both sides have. */
const MOST_FIELDS = 50;

/** Of structs of the engine; objects of JSON may have any fields, and none are compared. */
export async function fieldsOf(
  database: Database,
  pair: ColumnPair,
  rows: { readonly [Each in Side]: DriftRows },
): Promise<Variable[]> {
  if (![pair.baseline, pair.current].every(({ physicalType }) => physicalType.startsWith('STRUCT('))) return [];
  const [baseline = [], current = []] = await Promise.all(
    (['baseline', 'current'] as const).map((side) => members(database, pair[side], rows[side])),
  );
  return current
    .flatMap((field): Variable[] => {
      const twin = baseline.find(({ name }) => name === field.name);
      if (!twin || !areAlike({ baseline: twin, current: field })) return [];
      const [before, now] = [valuesOf(twin), valuesOf(field)];
      return before && now ? [{ property: field.name, column: pair.current.name, baseline: before, current: now }] : [];
    })
    .slice(0, MOST_FIELDS);
}

async function members(database: Database, { id }: StageColumn, { relation }: DriftRows): Promise<StageColumn[]> {
  const fields = await database.describe(`SELECT ${id}.* FROM ${relation}`);
  return fields.map(({ name, type }) => ({
    ...{ name, id: `struct_extract(${id}, ${text(name)})`, type: columnTypeOf(type), physicalType: type, spec: {} },
  }));
}
