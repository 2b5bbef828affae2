/** What the forms of other tools have in common: what of a column they have no place for is carried under a key of ours. */
import * as z from 'zod';
import {
  columnSpecSchema,
  foreignKeySchema,
  type ColumnSpec,
  type ColumnType,
  type ForeignKey,
  type SchemaColumn,
  type SchemaLoss,
  type TableShape,
} from '../../../protocol';

/** A schema of another tool, and what came of it. */
export interface Read {
  readonly shape: TableShape;
  readonly losses: readonly SchemaLoss[];
}

export interface Written<Content> {
  readonly content: Content;
  readonly losses: readonly SchemaLoss[];
}

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What is declared of a column, without its name. */
export function specOf(column: SchemaColumn): ColumnSpec {
  const { name: _name, physicalType: _physical, nullable: _nullable, nullableFrom: _from, ...spec } = column;
  return spec;
}

/** Whether no value of it may be missing. */
export function isRequired({ name, required }: SchemaColumn, { primaryKey }: TableShape): boolean {
  return required ?? primaryKey.includes(name);
}

export function columnOf(name: string, type: ColumnType, spec: ColumnSpec): SchemaColumn {
  return {
    name,
    ...spec,
    type: spec.type ?? type,
    ...(spec.required !== undefined && { nullable: !spec.required, nullableFrom: 'declared' as const }),
  };
}

/** Without the keys that have no value. */
export function present<T extends object>(entries: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as never;
}

/** The losses of keys that stand under a key of ours. */
export function carriedLosses(column: string | undefined, carried: object, tool: string): SchemaLoss[] {
  return Object.keys(carried).map((key) => ({
    ...(column !== undefined && { column }),
    key,
    how: 'carried',
    message: `${tool} has no place for \`${key}\`: it stands under a key of mldata, which other tools do not heed.`,
  }));
}

export function lost(column: string | undefined, key: string, message: string): SchemaLoss {
  return { ...(column !== undefined && { column }), key, how: 'lost', message };
}

/** What we carried of a column; nothing of what somebody else wrote there and is none of ours. */
export function carriedSpec(value: unknown): ColumnSpec {
  const parsed = columnSpecSchema.safeParse(value);
  return parsed.success ? present(parsed.data) : {};
}

const keysSchema = z.object({
  primaryKey: z.array(z.string()).optional(),
  foreignKeys: z.array(foreignKeySchema).optional(),
});

/** The same of the keys of a table. */
export function carriedKeys(value: unknown): { readonly primaryKey?: string[]; readonly foreignKeys?: ForeignKey[] } {
  const parsed = keysSchema.safeParse(value);
  return parsed.success ? present(parsed.data) : {};
}

/** Columns of one name are one column: the last counts, and it is said. */
export function withoutTwins(columns: readonly SchemaColumn[]): Read['losses'] {
  const names = columns.map(({ name }) => name);
  const twins = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(twins)].map((name) =>
    lost(name, 'name', `${name} stands there more than once; the last one counts.`),
  );
}
