/** Which columns of one side are which of the other. */
import { kindOf } from '../statistics';
import type { StageColumn } from '../schema';

export interface ColumnPair {
  readonly baseline: StageColumn;
  readonly current: StageColumn;
}

export interface Pairs {
  /** In the order of the current side. */
  readonly both: readonly ColumnPair[];
  readonly added: readonly StageColumn[];
  readonly removed: readonly StageColumn[];
}

export function pairColumns(baseline: readonly StageColumn[], current: readonly StageColumn[]): Pairs {
  const before = new Map(baseline.map((column) => [column.name, column]));
  const now = new Set(current.map(({ name }) => name));
  return {
    both: current.flatMap((column) => {
      const twin = before.get(column.name);
      return twin ? [{ baseline: twin, current: column }] : [];
    }),
    added: current.filter(({ name }) => !before.has(name)),
    removed: baseline.filter(({ name }) => !now.has(name)),
  };
}

/** Whether values of both sides can be held against each other, whatever their types are called. */
export function areAlike({ baseline, current }: ColumnPair): boolean {
  const [before, now] = [kindOf(baseline), kindOf(current)];
  if (before !== now) return false;
  // Hours of a day are no times of a calendar, and images no recordings.
  if (before === 'time') return (baseline.type === 'time') === (current.type === 'time');
  return before !== 'media' || baseline.type === current.type;
}

/** Finds the name that a column has among those of the other side but for letter case, blanks and Unicode normal form. */
export function namesakes(others: readonly StageColumn[]): (column: StageColumn) => string | undefined {
  const names = new Map(others.toReversed().map(({ name }) => [plain(name), name]));
  return ({ name }) => names.get(plain(name));
}

function plain(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
}
