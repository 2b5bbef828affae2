/** Columns that no figure tells anything of: they are on one side only, or could not be compared. */
import type { DriftSettings } from '../../config';
import type { DriftColumn } from '../../protocol';
import { firstLine } from '../duckdb';
import type { StageColumn } from '../schema';
import type { FailedColumn } from './findings';
import { namesakes, type Pairs } from './pairs';
import { semanticOfKind } from './planColumn';

export function unmeasured(
  { added, removed }: Pairs,
  failed: readonly FailedColumn[],
  { columns }: DriftSettings,
): DriftColumn[] {
  const unknown = (status: 'added' | 'removed' | 'failed', column: StageColumn, notes: string[]): DriftColumn => {
    const { name, type } = column;
    const { importance, muted } = columns[name] ?? {};
    return {
      ...{ name, type, semantic: semanticOfKind(column), status, metrics: {}, conventions: {} },
      ...(notes.length > 0 && { notes }),
      ...(importance !== undefined && { importance }),
      ...(muted === true && { muted }),
    };
  };
  const ofOneSide = (status: 'added' | 'removed', own: readonly StageColumn[], others: readonly StageColumn[]) => {
    const side = status === 'added' ? 'The baseline' : 'The current side';
    const namesake = namesakes(others);
    return own.map((column) => {
      const twin = namesake(column);
      const notes = twin === undefined ? [] : [`${side} has ${twin}, which differs by letter case or blanks only.`];
      return unknown(status, column, notes);
    });
  };
  return [
    ...ofOneSide('added', added, removed),
    ...ofOneSide('removed', removed, added),
    ...failed.map(({ column, error }) => unknown('failed', column, [`It could not be compared: ${firstLine(error)}`])),
  ];
}
