/** Categories that are the same to a person. */
import * as l10n from '@vscode/l10n';
import type { DriftColumn } from '../../src/protocol';
import { element } from '../shared/dom';
import type { Part } from '../shared/parts';
import { shown } from '../shared/text';
import { section } from './section';

export function variantsPart({ variants = [] }: DriftColumn): Part | undefined {
  if (variants.length === 0) return undefined;
  const ways = { case: l10n.t('upper and lower case'), blanks: l10n.t('blanks'), unicode: l10n.t('Unicode form') };
  return {
    name: 'variants',
    says: variants,
    draw: () =>
      section(l10n.t('The same, written differently'), [
        element(
          'div',
          { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': l10n.t('The same, written differently') },
          [
            element('table', { 'aria-label': l10n.t('The same, written differently') }, [
              element('thead', {}, [
                element(
                  'tr',
                  {},
                  [l10n.t('Baseline'), l10n.t('Current'), l10n.t('Differ by')].map((text) =>
                    element('th', { scope: 'col' }, [text]),
                  ),
                ),
              ]),
              element(
                'tbody',
                {},
                variants
                  .slice(0, 50)
                  .map(({ baseline, current, by }) =>
                    element('tr', {}, [
                      element('td', {}, [element('bdi', {}, [shown(baseline)])]),
                      element('td', {}, [element('bdi', {}, [shown(current)])]),
                      element('td', {}, [ways[by]]),
                    ]),
                  ),
              ),
            ]),
          ],
        ),
      ]),
  };
}
