/** What is compared: values of a column, or something about them, such as their length. */
import { kindOf, numberTypeOf, type Kind } from '../statistics';
import type { StageColumn } from '../schema';
import type { DriftRows } from './rows';

/** Over a relation of one side. */
export type Values =
  | {
      readonly kind: 'numbers';
      /** SQL of the number as a DOUBLE, which may be NaN or infinite; NULL where there is none. */
      readonly sql: string;
      /** Whether all are whole; whether any may be NaN or infinite. */
      readonly integer: boolean;
      readonly floating: boolean;
    }
  | {
      readonly kind: 'categories';
      /** SQL of the text; NULL where there is none. */
      readonly sql: string;
    };

export type Numbers = Values & { readonly kind: 'numbers' };

export interface Variable {
  /** Of a column itself: absent. */
  readonly property?: string;
  readonly column: string;
  readonly baseline: Values;
  readonly current: Values;
}

/** The rows of one side as variables see them. */
export interface Seen {
  readonly relation: string;
  readonly rows: number;
  /** Of how many rows these are some, where they are not all. */
  readonly of?: number;
}

/** Variables over the same relation, which are counted together. */
export interface VariableGroup {
  readonly variables: readonly Variable[];
  /** Of the current side called again for each window, and what it made then is of use no more. */
  look(side: Side, rows: DriftRows): Promise<Seen>;
  release(): Promise<void>;
}

export type Side = 'baseline' | 'current';

export const numbers = (sql: string, { integer = false, floating = false } = {}): Values => ({
  ...{ kind: 'numbers', sql, integer, floating },
});
export const categories = (sql: string): Values => ({ kind: 'categories', sql });

/** The values of a column as they stand; undefined where something else about them is compared. */
export function valuesOf(column: StageColumn, kind: Kind = kindOf(column)): Values | undefined {
  const { id, physicalType } = column;
  switch (kind) {
    case 'number': {
      const { integer, floating } = numberTypeOf(physicalType);
      return numbers(`CAST(${id} AS DOUBLE)`, { integer, floating });
    }
    case 'boolean':
      return categories(`CAST(${id} AS VARCHAR)`);
    case 'time':
      return numbers(secondsOf(column), { floating: !physicalType.startsWith('TIME ') && physicalType !== 'TIME' });
    case 'text':
      return categories(physicalType === 'VARCHAR' ? id : `CAST(${id} AS VARCHAR)`);
    case 'list':
    case 'struct':
    case 'media':
      return undefined;
  }
}

/** Since 1970, or since midnight. The engine has infinite times, but not their seconds. */
function secondsOf({ id, physicalType }: StageColumn): string {
  if (!/^(DATE|TIMESTAMP)/.test(physicalType)) return `epoch(CAST(${id} AS TIME))`;
  const time = /^(DATE|TIMESTAMP|TIMESTAMP WITH TIME ZONE)$/.test(physicalType) ? id : `CAST(${id} AS TIMESTAMP)`;
  return `CASE WHEN isfinite(${id}) THEN epoch(${time}) WHEN ${id} > 'epoch' THEN 'infinity'::DOUBLE WHEN ${id} IS NOT NULL THEN '-infinity'::DOUBLE END`;
}

/** SQL of a number where it is finite. */
export function finiteOf({ sql, floating }: Numbers): string {
  return floating ? `CASE WHEN isfinite(${sql}) THEN ${sql} END` : sql;
}
