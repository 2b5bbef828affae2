/** Which drift is worth an alert: what is new or worse than what was told before, so that nobody is told the same twice. */
import { driftLevels, type Drift, type DriftAlert, type DriftColumn, type DriftLevel } from '../../protocol';

/** Columns of which somebody was told and that still drift, with the worst level of which they were told. */
export type Told = ReadonlyMap<string, DriftLevel>;

export interface Decision {
  /** Worst first; none: nobody is told. */
  readonly columns: DriftAlert['columns'];
  /** What holds once they are told. */
  readonly told: Told;
}

/**
 * A column that no longer drifts is new when it drifts again. One of which nothing can be told stays as it was; a muted one is
 * as if it did not drift.
 * @param level from which level on a column is worth an alert
 */
export function decide({ columns }: Pick<Drift, 'columns'>, told: Told, level: DriftLevel): Decision {
  const now = new Map<string, DriftLevel>();
  const worth: { readonly reached: DriftLevel; readonly column: DriftAlert['columns'][number] }[] = [];
  for (const column of columns) {
    const { name, status, muted, decidedBy, value, threshold } = column;
    if (muted) continue;
    const before = told.get(name);
    if (status === 'insufficient' || status === 'failed') {
      if (before !== undefined) now.set(name, before);
      continue;
    }
    const reached = severityOf(column);
    if (reached === undefined || rank(reached) < rank(level)) continue;
    now.set(name, before !== undefined && rank(before) > rank(reached) ? before : reached);
    if (before !== undefined && rank(reached) <= rank(before)) continue;
    worth.push({
      reached,
      column: {
        name,
        status,
        ...(decidedBy !== undefined && { by: decidedBy }),
        ...(value !== undefined && { value }),
        ...(threshold !== undefined && { threshold }),
        why: before === undefined ? 'new' : 'worse',
      },
    });
  }
  worth.sort((a, b) => rank(b.reached) - rank(a.reached));
  return { columns: worth.map(({ column }) => column), told: now };
}

/** How bad a status is; undefined for what is no drift. Whoever reads a column misses one that is gone or of another type. */
export function severityOf({ status }: Pick<DriftColumn, 'status'>): DriftLevel | undefined {
  if (status === 'removed' || status === 'retyped') return 'high';
  if (status === 'added') return 'low';
  return driftLevels.find((level) => level === status);
}

function rank(level: DriftLevel): number {
  return driftLevels.indexOf(level);
}
