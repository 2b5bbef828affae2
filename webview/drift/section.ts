/** One of the things that the detail of a column says, under its title. */
import { element } from '../shared/dom';
import type { Child } from '../shared/dom';

export function section(title: string, content: readonly Child[]): HTMLElement {
  return element('section', { class: 'figure-list wide' }, [element('h4', {}, [title]), ...content]);
}
