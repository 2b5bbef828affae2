/** What stands out in columns, and how they are measured against each other, in words. */
import * as l10n from '@vscode/l10n';
import type { AssociationMethod } from '../../src/protocol';

/** `high-cardinality` as `high cardinality`: codes are in the words of the field. */
export function codeWords(code: string): string {
  return code.replaceAll('-', ' ');
}

export function methodWord(method: AssociationMethod): string {
  const words: Readonly<Record<AssociationMethod, string>> = {
    pearson: 'Pearson',
    spearman: 'Spearman',
    cramersV: 'Cramér’s V',
    correlationRatio: l10n.t('Correlation ratio'),
    missing: l10n.t('Missing together'),
  };
  return words[method];
}
