/** What an alert says. */
import { driftLevels, type DriftAlert, type DriftSide } from '../../protocol';
import { severityOf } from './decide';

const NAMED = 5;

export interface Compared {
  readonly dataset: string;
  /** Which version was built. */
  readonly build: string;
  /** What it was held against: a version, or a path. */
  readonly baseline: string;
}

/** @param columns worst first, at least one */
export function alertOf(
  { dataset, build, baseline }: Compared,
  columns: DriftAlert['columns'],
  at: string,
): DriftAlert {
  const levels = columns.map((column) => severityOf(column));
  const severity = driftLevels.findLast((level) => levels.includes(level)) ?? 'low';
  const named = columns
    .slice(0, NAMED)
    .map(({ name, status, why }) => `${name} (${status}${why === 'worse' ? ', worse than before' : ''})`);
  const more = columns.length > NAMED ? ` and ${columns.length - NAMED} more` : '';
  const drifted = columns.length === 1 ? 'a column drifted' : `${columns.length} columns drifted`;
  const message = `${dataset}: ${drifted} from ${baseline}: ${named.join(', ')}${more}.`;
  return { kind: 'mldata/alert', version: 1, at, dataset, build, baseline, severity, message, columns };
}

/** A trial of everything that an alert goes through. */
export function trialAlert({ dataset, build, baseline }: Compared, at: string): DriftAlert {
  const message = `${dataset}: this is a trial of its alerts. Nothing drifted.`;
  const compared = { dataset, build, baseline };
  return { kind: 'mldata/alert', version: 1, at, ...compared, severity: 'low', message, columns: [], test: true };
}

/** The version of a side, or what it was named by. */
export function sideName({ versionId, reference }: DriftSide): string {
  return versionId ?? reference;
}
