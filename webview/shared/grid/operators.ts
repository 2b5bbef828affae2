/** Which filters suit a column. */
import * as l10n from '@vscode/l10n';
import type { FilterOperator, GridColumn, GridFilter } from '../../../src/protocol';

/** The likeliest first. */
export function operatorsOf({ type, physicalType }: GridColumn): FilterOperator[] {
  const ends: FilterOperator[] = ['missing', 'present'];
  const ordered: FilterOperator[] = ['equals', 'notEquals', 'less', 'greater', 'between', 'oneOf'];
  switch (type) {
    case 'integer':
      return [...ordered, ...ends];
    case 'number':
      return [...ordered, ...(/^(FLOAT|DOUBLE)$/.test(physicalType) ? (['nan'] as const) : []), ...ends];
    case 'date':
    case 'datetime':
    case 'time':
    case 'duration':
      return [...ordered, ...ends];
    case 'boolean':
      return ['equals', ...ends];
    case 'object':
    case 'array':
      return ['contains', 'equals', ...ends];
    default:
      return ['contains', 'equals', 'notEquals', 'startsWith', 'oneOf', 'less', 'greater', 'between', 'blank', ...ends];
  }
}

export function operatorWord(operator: FilterOperator): string {
  const words: Readonly<Record<FilterOperator, string>> = {
    equals: l10n.t('is'),
    notEquals: l10n.t('is not'),
    contains: l10n.t('contains'),
    startsWith: l10n.t('starts with'),
    less: l10n.t('is less than'),
    greater: l10n.t('is greater than'),
    between: l10n.t('is between'),
    oneOf: l10n.t('is one of'),
    missing: l10n.t('is missing'),
    present: l10n.t('is not missing'),
    nan: l10n.t('is NaN'),
    blank: l10n.t('is blank'),
  };
  return words[operator];
}

/** How many values it takes; `oneOf` takes them in lines of one field. */
export function fieldsOf(operator: FilterOperator): 0 | 1 | 2 {
  if (operator === 'between') return 2;
  return ['missing', 'present', 'nan', 'blank'].includes(operator) ? 0 : 1;
}

export function filterText({ column, operator, values }: GridFilter): string {
  const shown = values.map((value) => (value === '' ? '""' : value));
  const list =
    operator === 'between' ? shown.join(' – ') : shown.slice(0, 3).join(', ') + (shown.length > 3 ? ', …' : '');
  return `${column} ${operatorWord(operator)}${list === '' ? '' : ` ${list}`}`;
}
