/** A small menu behind a button: arrows move in it, Escape closes it. */
import * as l10n from '@vscode/l10n';
import { element, icon } from './dom';

export interface MenuItem {
  readonly text: string;
  readonly run: () => Promise<void> | undefined;
}

export function menuButton(label: string, key: string, items: () => readonly MenuItem[]): HTMLElement {
  const button = element(
    'button',
    {
      class: 'icon-button',
      type: 'button',
      title: label,
      'aria-label': label,
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'data-key': key,
    },
    [icon('ellipsis')],
  );
  const whole = element('span', { class: 'menu-holder' }, [button]);
  let menu: HTMLElement | undefined;
  const close = (): void => {
    const open = menu;
    menu = undefined; // first: taking what has the focus from the page closes the menu once more
    open?.remove();
    button.setAttribute('aria-expanded', 'false');
  };
  button.addEventListener('click', () => {
    if (menu !== undefined) {
      close();
      return;
    }
    menu = menuOf(items(), close, (done) => announce(whole, done));
    whole.append(menu);
    button.setAttribute('aria-expanded', 'true');
    menu.querySelector('button')?.focus();
  });
  whole.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && whole.contains(relatedTarget))) close();
  });
  whole.addEventListener('keydown', (event) => {
    const choices = [...whole.querySelectorAll<HTMLElement>('.menu button')];
    const at = choices.findIndex((each) => each === document.activeElement);
    if (event.key === 'Escape' && choices.length > 0) {
      close();
      button.focus();
    } else if (at >= 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      choices[(at + (event.key === 'ArrowDown' ? 1 : choices.length - 1)) % choices.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return whole;
}

function menuOf(items: readonly MenuItem[], close: () => void, announceDone: (text: string) => void): HTMLElement {
  return element(
    'div',
    { class: 'menu', role: 'menu' },
    items.map(({ text, run }) => {
      const item = element('button', { type: 'button', role: 'menuitem' }, [text]);
      item.addEventListener('click', () => {
        close();
        const running = run();
        void Promise.resolve(running).then(
          () => announceDone(l10n.t('Copied')),
          () => announceDone(l10n.t('The clipboard cannot be written to here.')),
        );
      });
      return item;
    }),
  );
}

/** Says for a moment what became of it. */
function announce(holder: HTMLElement, text: string): void {
  const said = element('span', { class: 'said', role: 'status' }, [text]);
  holder.append(said);
  setTimeout(() => said.remove(), 2000);
}
