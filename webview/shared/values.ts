/** Values and names from data, as elements: isolated from the text around them, cut, in full on hover. */
import * as l10n from '@vscode/l10n';
import { element, prose } from './dom';
import type { Child } from './dom';
import { cut, visible } from './text';

/** Longer hovers than this help nobody. */
const MAX_HOVER = 2000;

export function nameElement(name: string, length = 80): HTMLElement {
  const text = name === '' ? '""' : cut(visible(name), length);
  const whole = visible(name);
  return element('bdi', { class: 'name', title: whole === text ? undefined : cut(whole, MAX_HOVER) }, [text]);
}

/** `null` is missing, `""` empty; both are told from texts that read the same by being dim. */
export function valueElement(value: string | null, length = 60): HTMLElement {
  if (value === null) return element('span', { class: 'dim' }, ['null']);
  if (value === '') return element('span', { class: 'dim' }, ['""']);
  const whole = visible(value);
  const text = cut(whole, length);
  const title = whole === text ? undefined : cut(whole, MAX_HOVER);
  return element('bdi', { class: value === 'NaN' ? 'dim' : undefined, title }, [text]);
}

/** A sentence of a finding, which may quote data. */
export function sentence(text: string): Child[] {
  return [element('bdi', {}, prose(cut(visible(text), 600)))];
}

/** Stands beside a figure that is not exact. */
export function mark(kind: 'sample' | 'estimate'): HTMLElement {
  return kind === 'sample'
    ? element('span', { class: 'mark', title: l10n.t('Of a sample of the rows') }, [l10n.t('sample')])
    : element('span', { class: 'mark', title: l10n.t('An estimate, not an exact figure') }, ['≈']);
}
