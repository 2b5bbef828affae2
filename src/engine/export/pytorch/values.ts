/** SQL of values as samples have them, of the table of what is exported. */
import { finite, text } from '../../duckdb';
import { columnTypeOf } from '../../schema';
import { EXPORTED, type ReadData } from '../exported';
import type { PlannedColumn } from './kinds';

/** Kinds that are one number. */
export const isNumeric = ({ kind }: Pick<PlannedColumn, 'kind'>): boolean =>
  kind === 'number' || kind === 'datetime' || kind === 'time';

/** The number as a DOUBLE, NULL where there is none; of numeric kinds. */
export function numberOf({ id, kind, physicalType }: Pick<PlannedColumn, 'id' | 'kind' | 'physicalType'>): string {
  if (kind === 'time') return `epoch(${id}::TIME)`;
  if (kind === 'datetime') return `CASE WHEN isfinite(${id}::TIMESTAMP) THEN epoch(${id}::TIMESTAMP) END`;
  return columnTypeOf(physicalType) === 'boolean' ? `${id}::INTEGER::DOUBLE` : finite(id);
}

/** The text of a class or category. */
export function textOf({ id, physicalType }: Pick<PlannedColumn, 'id' | 'physicalType'>): string {
  // 0 and -0 are equal, and have other texts; NaN and infinity are no classes.
  const number = columnTypeOf(physicalType) === 'number';
  return `CAST(${number ? `CASE WHEN isfinite(${id}::DOUBLE) THEN ${id} + 0 END` : id} AS VARCHAR)`;
}

/** What numbers are learned from: the training rows, or all where the rows are in no splits. */
export function trainingOf({ splits }: Pick<ReadData, 'splits'>): {
  readonly split: string;
  readonly relation: string;
} {
  if (splits.length === 0) return { split: 'data', relation: EXPORTED };
  return { split: 'train', relation: `(FROM ${EXPORTED} WHERE __split = ${text('train')})` };
}
