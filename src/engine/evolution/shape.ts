/** The schema of a build as its manifest has it, and of rows as they were read. */
import { columnTypeOf, type StageColumn } from '../schema';
import type { ColumnSpec, Manifest, SchemaColumn, TableSchema, TableShape } from '../../protocol';

/** A column of rows, with how many of them have no value; absent: nobody counted. */
export type CountedColumn = Pick<StageColumn, 'name' | 'type' | 'physicalType' | 'spec'> & {
  readonly missing?: number;
};

/** Constraints that hold of columns that steps changed are those that are declared of no values. */
const undeclared: Pick<TableSchema, 'primaryKey' | 'foreignKeys'> = { primaryKey: [] };

export function shapeOfManifest({ columns, columnsRead = [], config, steps, rows }: Manifest): TableShape {
  const { schema } = config;
  // A build of before says nothing of what its steps left alone: what has kept its type is taken for that.
  const isSilent = columns.every(({ missing }) => missing === undefined);
  const kept = (name: string, type: string) => columnsRead.some((read) => read.name === name && read.type === type);
  const counted = columns.map(({ name, type, physicalType, role, description, missing, asRead }): CountedColumn => {
    const declared = Object.hasOwn(schema.columns, name) ? (schema.columns[name] ?? {}) : {};
    const { title } = declared;
    // What is declared holds of values as they were read.
    const holds = steps === undefined || asRead === true || (isSilent && kept(name, type));
    const words: ColumnSpec = {
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
    };
    const known = role === declared.role ? declared.role : undefined;
    const spec = holds ? declared : { ...words, ...(known && { role: known }) };
    // Of no rows nothing is seen.
    return { name, type, physicalType, spec, ...(missing !== undefined && rows > 0 && { missing }) };
  });
  return shapeOf(counted, schema);
}

/** @param missing by the ids of columns; one that is not there nobody counted */
export function withMissing(columns: readonly StageColumn[], missing: ReadonlyMap<string, number>): CountedColumn[] {
  return columns.map((column) => {
    const count = missing.get(column.id);
    return { ...column, ...(count !== undefined && { missing: count }) };
  });
}

/** Keys of columns that are not there are left out. */
export function shapeOf(
  columns: readonly CountedColumn[],
  { primaryKey, foreignKeys }: Pick<TableSchema, 'primaryKey' | 'foreignKeys'> = undeclared,
): TableShape {
  const names = new Set(columns.map(({ name }) => name));
  const areThere = (fields: readonly string[]) => fields.every((name) => names.has(name));
  const key = areThere(primaryKey) ? primaryKey : [];
  const keys = (foreignKeys ?? []).filter(({ fields }) => areThere(fields));
  return {
    columns: columns.map((column) => schemaColumn(column, key)),
    primaryKey: [...key],
    ...(keys.length > 0 && { foreignKeys: keys }),
  };
}

function schemaColumn(
  { name, type, physicalType, spec, missing }: CountedColumn,
  primaryKey: readonly string[],
): SchemaColumn {
  const { type: _type, ...declared } = spec;
  const isRequired = spec.required ?? (primaryKey.includes(name) ? true : undefined);
  const nullability: Pick<SchemaColumn, 'nullable' | 'nullableFrom'> =
    isRequired !== undefined
      ? { nullable: !isRequired, nullableFrom: 'declared' }
      : missing !== undefined
        ? { nullable: missing > 0, nullableFrom: 'seen' }
        : {};
  return { name, type, physicalType, ...declared, ...nullability };
}

/**
 * What is seen of a schema, without what is declared of it: what is held against files, of which nothing is declared.
 * Whether values are missing is left out where that is only allowed.
 */
export function asSeen({ columns }: TableShape): TableShape {
  return {
    columns: columns.map(({ name, type, physicalType, nullable, nullableFrom }): SchemaColumn => {
      const isKnown = nullable !== undefined && (nullableFrom === 'seen' || !nullable);
      return {
        name,
        type: physicalType === undefined ? type : columnTypeOf(physicalType),
        ...(physicalType !== undefined && { physicalType }),
        ...(isKnown && { nullable, nullableFrom: 'seen' as const }),
      };
    }),
    primaryKey: [],
  };
}

/** The part of a schema that a config declares. */
export function declarationOf({
  columns,
  primaryKey,
  foreignKeys,
}: TableShape): Pick<TableSchema, 'columns' | 'primaryKey' | 'foreignKeys'> {
  const specs = columns.map(
    ({ name, physicalType: _physical, nullable: _nullable, nullableFrom: _from, ...spec }): [string, ColumnSpec] => [
      name,
      spec,
    ],
  );
  // Own properties, whatever the columns are called.
  return { columns: Object.fromEntries(specs), primaryKey, ...(foreignKeys && { foreignKeys }) };
}
