/** What a preset is asked, and what it answers. */
import type { Database } from '../../duckdb';
import type { DriftConvention, DriftMetric, MetricValues } from '../../../protocol';
import type { NumbersOfSide } from '../metrics';

export interface PresetQuestion {
  readonly database: Database;
  readonly kind: 'numbers' | 'categories';
  /** Whether the types of both sides hold whole numbers only. */
  readonly integer: boolean;
  /** SQL of a DOUBLE (`numbers`), or of a text (`categories`), over a relation; NULL where there is no value. */
  readonly baseline: NumbersOfSide;
  readonly current: NumbersOfSide;
  /** Absent: as the tool chooses. */
  readonly metric?: DriftMetric;
}

export interface PresetAnswer {
  readonly metric: DriftMetric;
  /** Why that one, for people. */
  readonly because: string;
  /** Of that metric only; null where the tool would fail, or has no number. */
  readonly metrics: MetricValues;
  readonly conventions: Partial<Record<DriftMetric, DriftConvention>>;
}

/** The sides without what the tools leave out: missing values, NaN and infinite ones. */
export interface Cleaned {
  readonly database: Database;
  readonly baseline: CleanSide;
  readonly current: CleanSide;
}

/** A relation with one column, `v`. */
export interface CleanSide extends NumbersOfSide {
  readonly rows: number;
  /** Rows without a value. */
  readonly missing: number;
}
