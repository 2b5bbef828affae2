/** Something to know before reading on, with what can be done about it. */
import { element, icon } from './dom';
import type { Child } from './dom';
import type { Part } from './parts';
import { visible } from './text';

/** `failed` is told at once, everything else when there is time. */
export function notice(name: string, codicon: string, text: string, actions: readonly Child[] = []): Part {
  return {
    name,
    says: text,
    draw: () =>
      element('div', { class: `notice ${name}`, role: name === 'failed' ? 'alert' : 'status' }, [
        icon(codicon),
        element('bdi', { class: 'text' }, [visible(text)]),
        ...actions,
      ]),
  };
}
