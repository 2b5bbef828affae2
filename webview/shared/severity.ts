/** How bad a finding is: an icon and a word, never a colour alone. */
import * as l10n from '@vscode/l10n';
import type { Severity } from '../../src/protocol';

export const severityIcons: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'info' };

export function severityWord(severity: Severity): string {
  const words: Readonly<Record<Severity, string>> = {
    error: l10n.t('Error'),
    warning: l10n.t('Warning'),
    info: l10n.t('Note'),
  };
  return words[severity];
}
