/** What is being done: a bar that grows, and a way to stop. */
import * as l10n from '@vscode/l10n';
import { element, icon } from './dom';
import { button } from './toolkit';

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
      'aria-valuemin': '0',
      'aria-valuemax': '100',
    },
    [this.bar],
  );

  /** @param label what is being done, for those who hear it */
  constructor(label: string, cancel: () => void) {
    this.track.setAttribute('aria-label', label);
    this.element = element('div', { class: 'notice working' }, [
      icon('loading'),
      this.text,
      this.track,
      button({ text: l10n.t('Cancel'), icon: 'debug-stop', onClick: cancel }),
    ]);
  }

  /** @param fraction share of the whole that is done, 0–1 */
  tell(text: string, fraction = 0): void {
    const percent = Math.round(fraction * 100);
    this.text.textContent = text;
    this.bar.style.width = `${percent}%`;
    this.track.setAttribute('aria-valuenow', `${percent}`);
  }
}
