/** One popup at a time, at a place of the page: closed by Escape, by a click elsewhere, and by what it was opened for. */
import { element, icon } from '../dom';
import type { Child } from '../dom';

let close: (() => void) | undefined;

export function closePopup(): void {
  close?.();
}

/** `back` gets the keyboard afterwards. */
export function openPopup(
  at: { readonly x: number; readonly y: number },
  label: string,
  content: readonly Child[],
  back: HTMLElement,
): HTMLElement {
  closePopup();
  const popup = element('div', { class: 'popup', role: 'dialog', 'aria-label': label }, content);
  const end = (): void => {
    if (close !== end) return;
    close = undefined;
    document.removeEventListener('pointerdown', outside, true);
    const hadFocus = popup.contains(document.activeElement);
    popup.remove();
    if (hadFocus) back.focus({ preventScroll: true });
  };
  const outside = (event: Event): void => {
    if (event.target instanceof Node && !popup.contains(event.target)) end();
  };
  popup.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') end();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveFocus(popup, event);
    event.stopPropagation();
  });
  document.addEventListener('pointerdown', outside, true);
  close = end;
  document.body.append(popup);
  popup.style.left = `${Math.max(4, Math.min(at.x, window.innerWidth - popup.offsetWidth - 4))}px`;
  popup.style.top = `${Math.max(4, Math.min(at.y, window.innerHeight - popup.offsetHeight - 4))}px`;
  popup.querySelector<HTMLElement>('[data-first], button, input, select')?.focus();
  return popup;
}

/** Between the items of a menu; fields have these keys to themselves. */
function moveFocus(popup: HTMLElement, event: KeyboardEvent): void {
  if (!(document.activeElement instanceof HTMLButtonElement)) return;
  const buttons = [...popup.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + (event.key === 'ArrowDown' ? 1 : buttons.length - 1)) % buttons.length]?.focus();
  event.preventDefault();
}

/** An item of a popup: closes it. */
export function item(text: string, iconName: string, onClick: () => void, keys?: string): HTMLElement {
  const made = element('button', { class: 'item', type: 'button' }, [
    icon(iconName),
    element('span', {}, [text]),
    keys === undefined ? undefined : element('span', { class: 'keys' }, [keys]),
  ]);
  made.addEventListener('click', () => {
    closePopup();
    onClick();
  });
  return made;
}
