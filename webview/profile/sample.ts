/** The first rows, as they are. */
import * as l10n from '@vscode/l10n';
import type { Profile } from '../../src/protocol';
import { element } from '../shared/dom';
import { button } from '../shared/toolkit';
import type { Part } from '../shared/parts';
import type { Actions, PageState } from './state';
import { nameElement, valueElement } from '../shared/values';

/** A table of more columns than these belongs into the grid. */
const MAX_COLUMNS = 50;

export function samplePart({ offers }: PageState, profile: Profile, { send }: Actions): Part | undefined {
  const { head, columns } = profile;
  if (head.length === 0 || columns.length === 0) return undefined;
  return {
    name: 'sample',
    says: { head, names: columns.map(({ name }) => name), offers },
    draw: () =>
      element('section', { id: 'sample', 'aria-labelledby': 'sample-title' }, [
        element('h2', { id: 'sample-title' }, [l10n.t('First rows')]),
        rows(profile),
        ...(columns.length > MAX_COLUMNS
          ? [element('p', { class: 'dim' }, [l10n.t('{0} more columns', columns.length - MAX_COLUMNS)])]
          : []),
        offers.engine
          ? element('div', { class: 'actions' }, [
              button({
                text: l10n.t('Show All Rows'),
                icon: 'list-selection',
                onClick: () => send({ type: 'showData', filters: [] }),
              }),
            ])
          : undefined,
      ]),
  };
}

function rows({ head, columns }: Profile): HTMLElement {
  const shown = columns.slice(0, MAX_COLUMNS);
  const kind = (at: number): string | undefined => (shown[at]?.semantic === 'numeric' ? 'numeric' : undefined);
  return element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': l10n.t('First rows') }, [
    element('table', { class: 'head', 'aria-label': l10n.t('First rows') }, [
      element('thead', {}, [
        element(
          'tr',
          {},
          shown.map(({ name }, at) => element('th', { scope: 'col', class: kind(at) }, [nameElement(name, 30)])),
        ),
      ]),
      element(
        'tbody',
        {},
        head.map((cells) =>
          element(
            'tr',
            {},
            shown.map((_, at) => element('td', { class: kind(at) }, [valueElement(cells[at] ?? null, 40)])),
          ),
        ),
      ),
    ]),
  ]);
}
