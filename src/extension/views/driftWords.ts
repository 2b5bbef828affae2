/** What a comparison came to, in few words. */
import { env, l10n } from 'vscode';
import { isLevel } from '../../protocol';
import type { Drift, DriftColumn } from '../../protocol';
import { age, count, share } from '../format';

/** Behind rows and age; undefined where no column drifted. */
export function drifted({ summary }: Drift): string | undefined {
  return summary.drifted === 0 ? undefined : l10n.t('{0} drifted', count(summary.drifted));
}

/** How many of the columns, the worst of them, and against what: for a tooltip. */
export function driftSummary({ summary, baseline, generatedAt }: Drift): string {
  const { compared, drifted, severity } = summary;
  const facts =
    drifted === 0
      ? [l10n.t('none of {0} columns', count(compared))]
      : [
          l10n.t('{0} of {1} columns ({2})', count(drifted), count(compared), share(summary.share)),
          l10n.t('worst: {0}', levelWord(severity)),
        ];
  return [...facts, ...since(baseline.reference, generatedAt)].join(' · ');
}

/** The same of one column; undefined where it was not compared. */
export function columnDrift({ columns, baseline, generatedAt }: Drift, name: string): string | undefined {
  const column = columns.find((each) => each.name === name);
  if (column === undefined) return undefined;
  const muted = column.muted === true ? [l10n.t('muted')] : [];
  return [measured(column), ...muted, ...since(baseline.reference, generatedAt)].join(' · ');
}

function measured({ status, decidedBy, value }: DriftColumn): string {
  const word = levelWord(status);
  if (decidedBy === undefined || value === undefined || value === null) return word;
  const shown = value.toLocaleString(env.language, { maximumSignificantDigits: 3 });
  const bound = isLevel(status) ? l10n.t('{0} by {1}', word, decidedBy) : decidedBy;
  return `${bound}: ${shown}`;
}

function since(baseline: string, at: string): string[] {
  return [l10n.t('against {0}', baseline), age(new Date(at), new Date())];
}

export function levelWord(status: DriftColumn['status']): string {
  const words: Readonly<Record<DriftColumn['status'], string>> = {
    none: l10n.t('none'),
    low: l10n.t('low'),
    medium: l10n.t('medium'),
    high: l10n.t('high'),
    insufficient: l10n.t('not enough data'),
    added: l10n.t('added'),
    removed: l10n.t('removed'),
    retyped: l10n.t('of another type'),
    failed: l10n.t('could not be compared'),
  };
  return words[status];
}
