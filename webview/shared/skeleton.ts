/** What stands in the place of a report on columns that is on its way: of the same shape, so that nothing jumps. */
import { element } from './dom';

const ROWS = 8;

/** @param label what is being done, for those who hear it */
export function skeleton(label: string): HTMLElement {
  const bone = (kind: string): HTMLElement => element('span', { class: `bone ${kind}` });
  const fact = (): HTMLElement => element('div', {}, [bone('fact'), bone('label')]);
  const row = (): HTMLElement => element('div', { class: 'row' }, [bone('name'), bone('spark')]);
  return element('div', { class: 'skeleton', role: 'status', 'aria-label': label }, [
    element('div', { class: 'facts', 'aria-hidden': 'true' }, Array.from({ length: 6 }, fact)),
    element('div', { class: 'list-and-detail', 'aria-hidden': 'true' }, [
      element('div', { class: 'columns' }, Array.from({ length: ROWS }, row)),
      element('div', { class: 'detail-place' }, [bone('chart')]),
    ]),
  ]);
}
