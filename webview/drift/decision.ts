/** What decided about a column, in words. */
import * as l10n from '@vscode/l10n';
import type { DriftColumn, DriftProperty } from '../../src/protocol';
import { figure } from '../shared/format';
import { measured, measureName } from './measures';
import { propertyWord } from './properties';

/** `PSI 0.31`, or what else there is to say in a row of a list. */
export function decision({ decidedBy, value, type, baselineType, decidingProperty }: DriftColumn): string {
  if (baselineType !== undefined) return `${baselineType} → ${type}`;
  if (decidedBy === undefined || value === undefined) return '';
  const what = `${measureName(decidedBy)} ${measured(decidedBy, value)}`;
  return decidingProperty === undefined ? what : `${propertyWord(decidingProperty)}: ${what}`;
}

/** What decided and the bound it was held against, in a sentence. */
export function decisionSentence({ decidedBy, value, threshold, status }: DriftColumn | DriftProperty): string {
  if (decidedBy === undefined || value === undefined) return '';
  const what = `${measureName(decidedBy)}: ${measured(decidedBy, value)}`;
  if (threshold === undefined) return what;
  const bound = decidedBy === 'missing' ? measured('missing', threshold) : figure(threshold);
  return status === 'none' || status === 'insufficient'
    ? l10n.t('{0}; low from {1}', what, bound)
    : l10n.t('{0}, threshold {1}', what, bound);
}
