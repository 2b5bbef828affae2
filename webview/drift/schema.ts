/** Columns that only one side has, or that are of another type now. */
import * as l10n from '@vscode/l10n';
import type { Drift } from '../../src/protocol';
import { element, icon, link } from '../shared/dom';
import type { Child } from '../shared/dom';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import { statusMark } from './statusMark';
import type { Actions } from './state';

/** More changes than these are found in the list of columns. */
const MOST = 100;

export function schemaPart({ schema }: Drift, actions: Actions): Part | undefined {
  const { added, removed, retyped, breaking } = schema;
  const changes = [
    ...removed.map((name) => ({ name, status: 'removed' as const, types: '' })),
    ...retyped.map(({ name, baseline, current }) => ({
      name,
      status: 'retyped' as const,
      types: `${baseline} → ${current}`,
    })),
    ...added.map((name) => ({ name, status: 'added' as const, types: '' })),
  ];
  if (changes.length === 0) return undefined;
  const column = (name: string): Child =>
    link(cut(visible(name), 80), `schema/${name}`, () => actions.select(name), l10n.t('Show the column'));
  return {
    name: 'schema',
    says: schema,
    draw: () =>
      element('section', { id: 'schema', 'aria-labelledby': 'schema-title' }, [
        element('h2', { id: 'schema-title' }, [l10n.t('Schema changes')]),
        element('p', { class: 'breaking' }, [
          icon(breaking ? 'warning' : 'info'),
          ' ',
          breaking
            ? l10n.t('Whoever reads the baseline can no longer read the current side.')
            : l10n.t('Whoever reads the baseline can read the current side.'),
        ]),
        element('div', { class: 'scroll' }, [
          element('table', { class: 'changes', 'aria-label': l10n.t('Schema changes') }, [
            element('thead', {}, [
              element(
                'tr',
                {},
                [l10n.t('Change'), l10n.t('Column'), l10n.t('Type')].map((text) =>
                  element('th', { scope: 'col' }, [text]),
                ),
              ),
            ]),
            element(
              'tbody',
              {},
              changes
                .slice(0, MOST)
                .map(({ name, status, types }) =>
                  element('tr', {}, [
                    element('td', {}, [statusMark(status)]),
                    element('td', {}, [column(name)]),
                    element('td', {}, [types]),
                  ]),
                ),
            ),
          ]),
        ]),
        changes.length > MOST
          ? element('p', { class: 'dim' }, [l10n.t('{0} more stand in the list of columns.', changes.length - MOST)])
          : undefined,
      ]),
  };
}
