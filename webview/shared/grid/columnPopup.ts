/** What can be done with a column: order, filter, pin, hide. */
import * as l10n from '@vscode/l10n';
import type { FilterOperator, GridColumn, GridFilter, GridView } from '../../../src/protocol';
import { element } from '../dom';
import { fieldsOf, operatorsOf, operatorWord } from './operators';
import { closePopup, item, openPopup } from './popup';
import { visible } from '../text';

export interface ColumnActions {
  readonly sort: (direction: 'ascending' | 'descending' | undefined, add: boolean) => void;
  /** Undefined takes the filters of the column away. */
  readonly filter: (filter: GridFilter | undefined) => void;
  readonly pin: (pinned: boolean) => void;
  readonly hide: () => void;
}

export function openColumnPopup(
  at: { readonly x: number; readonly y: number },
  column: GridColumn,
  { view, pinned, actions, back }: { view: GridView; pinned: boolean; actions: ColumnActions; back: HTMLElement },
): void {
  const { name } = column;
  const sorted = view.sort.some((each) => each.column === name);
  openPopup(
    at,
    l10n.t('Column {0}', visible(name)),
    [
      item(l10n.t('Sort Ascending'), 'arrow-up', () => actions.sort('ascending', false)),
      item(l10n.t('Sort Descending'), 'arrow-down', () => actions.sort('descending', false)),
      sorted ? item(l10n.t('Do Not Sort'), 'close', () => actions.sort(undefined, true)) : undefined,
      pinned
        ? item(l10n.t('Unpin Column'), 'pinned', () => actions.pin(false))
        : item(l10n.t('Pin Column'), 'pin', () => actions.pin(true)),
      item(l10n.t('Hide Column'), 'eye-closed', actions.hide),
      filterForm(
        column,
        view.filters.find((filter) => filter.column === name),
        actions.filter,
      ),
    ],
    back,
  );
}

function filterForm(
  column: GridColumn,
  current: GridFilter | undefined,
  apply: (filter: GridFilter | undefined) => void,
): HTMLElement {
  const operators = operatorsOf(column);
  const choice = document.createElement('select');
  choice.setAttribute('aria-label', l10n.t('Condition'));
  for (const operator of operators) {
    choice.append(new Option(operatorWord(operator), operator, false, operator === current?.operator));
  }
  const chosen = (): FilterOperator => operators.find((each) => each === choice.value) ?? 'present';
  const fields = element('div', { class: 'fields' });
  const draw = (values: readonly string[]): void => fields.replaceChildren(...valueFields(column, chosen(), values));
  draw(current?.values ?? []);
  choice.addEventListener('change', () => draw([]));
  const form = element('form', { class: 'filter' }, [
    element('p', { class: 'dim' }, [l10n.t('Show rows where {0}', visible(column.name))]),
    choice,
    fields,
    element('div', { class: 'buttons' }, [
      element('button', { type: 'submit', class: 'primary' }, [l10n.t('Apply Filter')]),
      current === undefined ? undefined : removeButton(() => apply(undefined)),
    ]),
  ]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const operator = chosen();
    const values = [...fields.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')]
      .map(({ value }) => value)
      .flatMap((value) => (operator === 'oneOf' ? value.split('\n').filter((line) => line !== '') : [value]));
    closePopup();
    apply({ column: column.name, operator, values });
  });
  return form;
}

function removeButton(onClick: () => void): HTMLElement {
  const made = element('button', { type: 'button' }, [l10n.t('Remove Filter')]);
  made.addEventListener('click', () => {
    closePopup();
    onClick();
  });
  return made;
}

function valueFields({ type }: GridColumn, operator: FilterOperator, values: readonly string[]): HTMLElement[] {
  if (operator === 'oneOf') {
    const list = document.createElement('textarea');
    list.rows = 4;
    list.value = values.join('\n');
    list.setAttribute('aria-label', l10n.t('Values, one per line'));
    list.placeholder = l10n.t('Values, one per line');
    return [list];
  }
  if (type === 'boolean' && operator === 'equals') {
    const choice = document.createElement('select');
    choice.setAttribute('aria-label', l10n.t('Value'));
    const field = document.createElement('input');
    field.hidden = true;
    field.value = values[0] ?? 'true';
    for (const value of ['true', 'false']) choice.append(new Option(value, value, false, value === field.value));
    choice.addEventListener('change', () => (field.value = choice.value));
    return [choice, field];
  }
  const labels = operator === 'between' ? [l10n.t('From'), l10n.t('To')] : [l10n.t('Value')];
  return labels.slice(0, fieldsOf(operator)).map((label, index) => {
    const field = document.createElement('input');
    field.type = 'text';
    field.value = values[index] ?? '';
    field.setAttribute('aria-label', label);
    field.placeholder = placeholder(type) ?? label;
    if (index === 0) field.dataset['first'] = '';
    return field;
  });
}

/** How a value is written, where that is not plain. */
function placeholder(type: GridColumn['type']): string | undefined {
  if (type === 'date') return '2024-12-31';
  if (type === 'datetime') return '2024-12-31 23:59:59';
  if (type === 'time') return '23:59:59';
  return type === 'duration' ? 'P1DT2H' : undefined;
}
