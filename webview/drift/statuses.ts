/** What a comparison says of a column, in a word and a picture. */
import * as l10n from '@vscode/l10n';
import type { DriftStatus } from '../../src/protocol';

export const statusIcons: Readonly<Record<DriftStatus, string>> = {
  high: 'error',
  medium: 'warning',
  low: 'info',
  failed: 'circle-slash',
  retyped: 'diff-modified',
  removed: 'diff-removed',
  added: 'diff-added',
  insufficient: 'question',
  none: 'pass',
};

/** Worst first, as a row of chips shows them. */
export const statusOrder = Object.keys(statusIcons) as readonly DriftStatus[];

export function statusWord(status: DriftStatus): string {
  const words: Readonly<Record<DriftStatus, string>> = {
    none: l10n.t('Stable'),
    low: l10n.t('Low'),
    medium: l10n.t('Medium'),
    high: l10n.t('High'),
    insufficient: l10n.t('Too little data'),
    added: l10n.t('Added'),
    removed: l10n.t('Removed'),
    retyped: l10n.t('Type changed'),
    failed: l10n.t('Not compared'),
  };
  return words[status];
}
