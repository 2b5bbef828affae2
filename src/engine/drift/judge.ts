/** How bad a difference is: held against the levels, and against what chance makes of so few rows. */
import {
  driftLevels,
  levelOf,
  rankOf,
  type DriftLevel,
  type DriftMeasure,
  type DriftStatus,
  type Levels,
} from '../../protocol';

/** What was measured of one variable, as far as it decides. */
export interface Measured {
  readonly by: DriftMeasure;
  /** The figure, or of a test its p-value, corrected where it is; null where it is not defined. */
  readonly value: number | null;
  /** Absent: nobody said how much is much. */
  readonly levels?: Levels | undefined;
  /** What two samples of these sizes come to at most, in 99 of 100 cases, though nothing has changed. */
  readonly noise?: number;
  /** Rows of each side that would be enough to tell; of a test, a large difference in four of five cases. */
  readonly needed?: number;
  /** Rows of each side that there are; of sides of different sizes, their harmonic mean. */
  readonly rows?: number;
  /** Whether both sides are the same to the last row, which needs no power to be seen. */
  readonly same?: boolean;
}

export interface Judged {
  readonly status: Extract<DriftStatus, 'none' | 'insufficient' | DriftLevel>;
  readonly decidedBy: DriftMeasure;
  readonly value: number | null;
  readonly levels?: Levels;
  /** The bound of the level reached, else the lowest. */
  readonly threshold?: number;
  readonly note?: string;
}

export function judge(measured: Measured): Judged {
  const { by, value, levels, noise, needed, rows = Infinity, same = false } = measured;
  const base = { decidedBy: by, value };
  if (value === null) return { ...base, status: same ? 'none' : 'insufficient', ...(levels && { levels }) };
  if (!levels)
    return {
      ...base,
      status: 'none',
      note: `How much of ${by} is much depends on the column: say so in \`thresholds\`.`,
    };
  const level = levelOf(by, value, levels);
  const known = { ...base, levels };
  if (level && (noise === undefined || value > noise))
    return { ...known, status: level, threshold: levels[driftLevels.indexOf(level)] ?? levels[0] };
  const below = { ...known, threshold: levels[0] };
  if (same) return { ...below, status: 'none' };
  if (noise !== undefined && noise >= levels[0])
    return {
      ...below,
      status: 'insufficient',
      note:
        `Not enough data: two samples of these sizes differ by up to ${shown(noise)} though nothing has changed, so that ` +
        `${shown(value)} says nothing.${needed === undefined ? '' : ` It takes ${counted(needed)} rows on each side.`}`,
    };
  if (noise === undefined && needed !== undefined && rows < needed)
    return {
      ...below,
      status: 'insufficient',
      note: `Not enough data: to find a large difference in four of five cases takes ${counted(needed)} rows on each side.`,
    };
  return { ...below, status: 'none' };
}

interface Part {
  readonly count: number;
  readonly rows: number;
}

/** Of a normal distribution, 99 in 100 values lie within so many deviations. */
const WITHIN = 2.576;

/** The change of the share of missing values, against what chance makes of it: two proportions with one variance. */
export function missingShare(baseline: Part, current: Part, levels: Levels): Judged {
  const share = ({ count, rows }: Part) => (rows === 0 ? 0 : count / rows);
  const value = Math.abs(share(current) - share(baseline));
  const pooled = (baseline.count + current.count) / Math.max(1, baseline.rows + current.rows);
  const noise =
    WITHIN * Math.sqrt(pooled * (1 - pooled) * (1 / Math.max(1, baseline.rows) + 1 / Math.max(1, current.rows)));
  const { note: _, ...judged } = judge({ by: 'missing', value, levels, noise });
  // So few rows are said of the values themselves.
  return judged.status === 'insufficient' ? { ...judged, status: 'none' } : judged;
}

/** The first of the worst. */
export function worst<T extends { readonly status: DriftStatus }>(all: readonly T[]): T | undefined {
  return all.reduce<T | undefined>(
    (found, each) => (found && rankOf(found.status) >= rankOf(each.status) ? found : each),
    undefined,
  );
}

function shown(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function counted(rows: number): string {
  return rows.toLocaleString('en');
}
