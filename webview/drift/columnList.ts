/** The list of columns: type, name, status, what decided, and both sides as a small drawing. */
import * as l10n from '@vscode/l10n';
import type { DriftColumn } from '../../src/protocol';
import { ColumnList } from '../shared/columnList';
import { toggled } from '../shared/listView';
import type { ListChip } from '../shared/columnListTools';
import { element, icon } from '../shared/dom';
import type { Child } from '../shared/dom';
import { share } from '../shared/format';
import { typeIcons, typeWord } from '../shared/semanticTypes';
import { svgElement } from '../shared/svg';
import { nameElement } from '../shared/values';
import { kinds, sortKeys, sortWord, visibleColumns, wholeView } from './columnFilter';
import type { DriftView } from './columnFilter';
import { drawnOf, HEIGHT, pairedPaths, WIDTH } from './pairedSparkline';
import { decision } from './decision';
import { statusMark } from './statusMark';
import { statusIcons, statusWord } from './statuses';

export interface DriftListEvents {
  onSelect(column: DriftColumn): void;
  onOpen(): void;
  onView(view: DriftView): void;
}

export function driftColumnList(events: DriftListEvents): ColumnList<DriftColumn, DriftView> {
  return new ColumnList<DriftColumn, DriftView>({
    whole: wholeView,
    sorts: sortKeys.map((key) => ({ key, text: sortWord(key) })),
    visible: visibleColumns,
    chips,
    row,
    onSelect: (column) => events.onSelect(column),
    onOpen: () => events.onOpen(),
    onView: (view) => events.onView(view),
  });
}

function chips(columns: readonly DriftColumn[], view: DriftView): ListChip<DriftView>[] {
  const { statuses, types } = kinds(columns);
  return [
    ...(statuses.length < 2 ? [] : statuses).map(({ value, size }) => ({
      icon: statusIcons[value],
      text: statusWord(value),
      size,
      pressed: view.statuses.includes(value),
      key: `status/${value}`,
      then: { ...view, statuses: toggled(view.statuses, value) },
    })),
    ...(types.length < 2 ? [] : types).map(({ value, size }) => ({
      icon: typeIcons[value],
      text: typeWord(value),
      size,
      pressed: view.types.includes(value),
      key: `type/${value}`,
      then: { ...view, types: toggled(view.types, value) },
    })),
  ];
}

function row(column: DriftColumn): Child[] {
  const { name, semantic, status, muted, missing } = column;
  return [
    element('span', { class: 'type', title: typeWord(semantic) }, [icon(typeIcons[semantic])]),
    element('span', { class: 'what' }, [
      element('span', { class: 'first' }, [
        nameElement(name, 60),
        element('span', { class: 'unseen' }, [typeWord(semantic)]),
        muted === true ? element('span', { class: 'badge' }, [l10n.t('muted')]) : undefined,
      ]),
      element('span', { class: 'second' }, [statusMark(status), element('bdi', { class: 'dim' }, [decision(column)])]),
    ]),
    element('span', { class: 'spark' }, [
      sparkline(column),
      missing === undefined || missing.baseline === missing.current
        ? undefined
        : element('span', { class: 'nulls', title: l10n.t('missing, baseline and current') }, [
            `${share(missing.baseline)} → ${share(missing.current)}`,
          ]),
    ]),
  ];
}

function sparkline(column: DriftColumn): SVGElement {
  const drawn = drawnOf(column);
  const { baseline, current, outlined } = pairedPaths(drawn ?? {});
  return svgElement(
    'svg',
    { width: `${WIDTH}`, height: `${HEIGHT}`, class: 'paired', 'aria-hidden': 'true' },
    drawn === undefined
      ? []
      : [
          svgElement('path', { d: baseline, class: outlined ? 'baseline area' : 'baseline' }),
          svgElement('path', { d: current, class: outlined ? 'current line' : 'current' }),
        ],
  );
}
