/** A small button that filters a list while it is pressed, with how many it would leave. */
import { element, icon } from './dom';
import { count } from './format';

export function chip(
  codicon: string,
  text: string,
  size: number,
  pressed: boolean,
  key: string,
  onClick: () => void,
): HTMLElement {
  const made = element('button', { type: 'button', class: 'chip', 'aria-pressed': `${pressed}`, 'data-key': key }, [
    icon(codicon),
    text,
    element('span', { class: 'dim' }, [count(size)]),
  ]);
  made.addEventListener('click', onClick);
  return made;
}
