/** What stands under the pointer in a chart. */
import { element } from '../dom';
import type { ShowTooltip } from './drawing';

const box = element('div', { class: 'tooltip', 'aria-hidden': 'true' });
box.hidden = true;

export const showTooltip: ShowTooltip = (_, event, __, value) => {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  box.hidden = text === '';
  if (box.hidden) return;
  if (!box.isConnected) document.body.append(box);
  box.textContent = text;
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(event.clientX + 12, window.innerWidth - width - 8);
  const top = event.clientY + 16 + height > window.innerHeight ? event.clientY - height - 8 : event.clientY + 16;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${Math.max(8, top)}px`;
};

export function hideTooltip(): void {
  box.hidden = true;
}
