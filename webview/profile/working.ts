/** What is being done: a bar that grows, and a way to stop. */
import * as l10n from '@vscode/l10n';
import type { ProfileProgress } from '../../src/protocol';
import { element, icon } from '../shared/dom';
import { duration } from '../shared/format';
import { cut, visible } from '../shared/text';
import { button } from '../shared/toolkit';

/** Its figures are changed in place: a button that was drawn anew with each of them would miss clicks. */
export class WorkingNotice {
  readonly element: HTMLElement;
  private readonly text = element('bdi', { class: 'text' });
  private readonly bar = element('span', { class: 'bar' });
  private readonly track = element(
    'div',
    {
      class: 'track',
      role: 'progressbar',
      'aria-label': l10n.t('Profiling'),
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    },
    [this.bar],
  );

  constructor(cancel: () => void) {
    this.element = element('div', { class: 'notice working' }, [
      icon('loading'),
      this.text,
      this.track,
      button({ text: l10n.t('Cancel'), icon: 'debug-stop', onClick: cancel }),
    ]);
  }

  tell(progress: ProfileProgress | undefined): void {
    const percent = Math.round((progress?.fraction ?? 0) * 100);
    this.text.textContent = textOf(progress);
    this.bar.style.width = `${percent}%`;
    this.track.setAttribute('aria-valuenow', `${percent}`);
  }
}

function textOf(progress: ProfileProgress | undefined): string {
  if (progress === undefined) return l10n.t('Starting');
  const { step, detail, etaSeconds } = progress;
  const words = {
    read: l10n.t('Reading'),
    columns: l10n.t('Describing columns'),
    pairs: l10n.t('Comparing columns'),
    rows: l10n.t('Comparing rows'),
    splits: l10n.t('Describing splits'),
  };
  return [
    words[step],
    ...(detail === undefined ? [] : [cut(visible(detail), 60)]),
    ...(etaSeconds === undefined ? [] : [l10n.t('about {0} left', duration(Math.ceil(etaSeconds)))]),
  ].join(' · ');
}
