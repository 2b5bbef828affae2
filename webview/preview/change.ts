/** Added, removed, changed: a sign, a word and a colour for each. */
import * as l10n from '@vscode/l10n';
import type { RowStatus } from '../../src/protocol';
import { element } from '../shared/dom';
import type { Child } from '../shared/dom';

const signs: Readonly<Record<RowStatus, string>> = { same: '', changed: '~', added: '+', removed: '−' };

function statusWord(status: RowStatus): string {
  const words: Readonly<Record<RowStatus, string>> = {
    same: l10n.t('same'),
    changed: l10n.t('changed'),
    added: l10n.t('added'),
    removed: l10n.t('removed'),
  };
  return words[status];
}

export function statusMark(status: RowStatus): HTMLElement {
  return element('span', { class: `status ${status}` }, [
    element('span', { class: 'sign', 'aria-hidden': 'true' }, [signs[status]]),
    statusWord(status),
  ]);
}

/** A value that has become another. */
export function became(before: Child, after: Child): HTMLElement[] {
  return [
    element('del', {}, [before]),
    element('span', { class: 'arrow', role: 'img', 'aria-label': l10n.t('became') }, ['→']),
    element('ins', {}, [after]),
  ];
}
