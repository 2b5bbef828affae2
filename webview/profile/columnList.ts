/** The list of columns: type, name, the figures that matter for the type, alerts, and how the values are spread. */
import * as l10n from '@vscode/l10n';
import type { ProfileColumn } from '../../src/protocol';
import { ColumnList } from '../shared/columnList';
import { toggled } from '../shared/listView';
import type { ListChip } from '../shared/columnListTools';
import { element, icon } from '../shared/dom';
import type { Child } from '../shared/dom';
import { share } from '../shared/format';
import { typeIcons, typeWord } from '../shared/semanticTypes';
import { severityIcons, severityWord } from '../shared/severity';
import { mark, nameElement } from '../shared/values';
import { kinds, sortKeys, sortWord, visibleColumns, wholeList } from './columnFilter';
import type { ColumnView } from './columnFilter';
import { shortFigures } from './figures';
import { sparklineElement } from './sparklineElement';
import { codeWords } from './types';

/** More kinds of alerts than these would be a wall of chips. */
const MAX_CHIPS = 8;

export interface ProfileListEvents {
  sampled(column: ProfileColumn): boolean;
  onSelect(column: ProfileColumn): void;
  onOpen(): void;
  onView(view: ColumnView): void;
}

export function profileColumnList(events: ProfileListEvents): ColumnList<ProfileColumn, ColumnView> {
  return new ColumnList<ProfileColumn, ColumnView>({
    whole: wholeList,
    sorts: sortKeys.map((key) => ({ key, text: sortWord(key) })),
    visible: visibleColumns,
    chips,
    row: (column) => row(column, events.sampled(column)),
    onSelect: (column) => events.onSelect(column),
    onOpen: () => events.onOpen(),
    onView: (view) => events.onView(view),
  });
}

function chips(columns: readonly ProfileColumn[], view: ColumnView): ListChip<ColumnView>[] {
  const { types, alerts } = kinds(columns);
  return [
    ...(types.length < 2 ? [] : types).map(({ value, count: size }) => ({
      icon: typeIcons[value],
      text: typeWord(value),
      size,
      pressed: view.types.includes(value),
      key: `type/${value}`,
      then: { ...view, types: toggled(view.types, value) },
    })),
    ...alerts.slice(0, MAX_CHIPS).map(({ value, count: size }) => ({
      icon: 'bell',
      text: codeWords(value),
      size,
      pressed: view.alerts.includes(value),
      key: `alert/${value}`,
      then: { ...view, alerts: toggled(view.alerts, value) },
    })),
  ];
}

function row(column: ProfileColumn, sampled: boolean): Child[] {
  const figures = shortFigures(column);
  const text = figures.map(({ label, value }) => (label === '' ? value : `${label} ${value}`)).join(' · ');
  const approximate = figures.some(({ key }) => key !== undefined && column.approximate?.includes(key) === true);
  const [worst] = column.alerts;
  return [
    element('span', { class: 'type', title: typeWord(column.semantic) }, [icon(typeIcons[column.semantic])]),
    element('span', { class: 'what' }, [
      element('span', { class: 'first' }, [
        nameElement(column.name, 60),
        element('span', { class: 'unseen' }, [typeWord(column.semantic)]),
        column.role === undefined ? undefined : element('span', { class: 'badge' }, [column.role]),
        worst === undefined
          ? undefined
          : element(
              'span',
              { class: `severity-mark ${worst.severity}`, title: column.alerts.map(({ code }) => code).join(', ') },
              [
                icon(severityIcons[worst.severity]),
                element('span', { class: 'unseen' }, [severityWord(worst.severity)]),
                `${column.alerts.length}`,
              ],
            ),
      ]),
      element(
        'span',
        {
          class: 'second dim',
          title: figures.map(({ label, title, value }) => `${label} ${title ?? value}`.trim()).join('\n'),
        },
        [sampled ? mark('sample') : undefined, approximate ? mark('estimate') : undefined, element('bdi', {}, [text])],
      ),
    ]),
    element('span', { class: 'spark' }, [
      sparklineElement(column),
      column.nulls === 0
        ? undefined
        : element('span', { class: 'nulls', title: l10n.t('missing') }, [
            l10n.t('{0} missing', share(column.nullRatio)),
          ]),
    ]),
  ];
}
