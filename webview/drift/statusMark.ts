/** A status as an element: an icon and a word, never a colour alone. */
import type { DriftStatus } from '../../src/protocol';
import { element, icon } from '../shared/dom';
import { statusIcons, statusWord } from './statuses';

export function statusMark(status: DriftStatus): HTMLElement {
  return element('span', { class: `status-mark ${status}` }, [icon(statusIcons[status]), statusWord(status)]);
}
