/** What is missing together, and which rows occur more than once. */
import * as l10n from '@vscode/l10n';
import type { Profile } from '../../src/protocol';
import { element, link } from '../shared/dom';
import { count, share } from '../shared/format';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import type { Actions } from './state';

/** A pattern of more columns than these says how many more there are. */
const MAX_NAMES = 8;
const MAX_PATTERNS = 12;

export function missingPart(profile: Profile, { select }: Actions): Part | undefined {
  const { missing, rows, sample, columns } = profile;
  const read = sample?.rows ?? rows;
  if (read === 0 || columns.length === 0) return undefined;
  return {
    name: 'missing',
    says: { missing, read },
    draw: () =>
      element('section', { id: 'missing', 'aria-labelledby': 'missing-title' }, [
        element('h2', { id: 'missing-title' }, [l10n.t('Missing values')]),
        element('p', { class: 'dim' }, [
          missing.cells === 0
            ? l10n.t('Every cell has a value.')
            : l10n.t(
                '{0} of the cells have no value; {1} of the rows are complete.',
                share(missing.cellRatio),
                share(missing.completeRows / read),
              ),
        ]),
        missing.patterns.length === 0 ? undefined : patterns(missing, read, select),
      ]),
  };
}

function patterns(missing: Profile['missing'], read: number, select: Actions['select']): HTMLElement {
  const shown = missing.patterns.slice(0, MAX_PATTERNS);
  const most = Math.max(1, missing.completeRows, ...shown.map(({ rows }) => rows));
  const line = (what: readonly (HTMLElement | string)[], rows: number, kind: string): HTMLElement => {
    const bar = element('span', { class: `bar ${kind}` });
    bar.style.width = `${Math.max((rows / most) * 100, 0.5)}%`;
    return element('tr', {}, [
      element('td', { class: 'columns-missing' }, what),
      element('td', { class: 'bar-cell', 'aria-hidden': 'true' }, [element('span', { class: 'track' }, [bar])]),
      element('td', { class: 'numeric', title: count(rows) }, [share(rows / read)]),
      element('td', { class: 'numeric' }, [count(rows)]),
    ]);
  };
  const rest = missing.otherRows + missing.patterns.slice(MAX_PATTERNS).reduce((sum, { rows }) => sum + rows, 0);
  const restPatterns = missing.otherPatterns + missing.patterns.length - shown.length;
  return element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': l10n.t('Missing together') }, [
    element('table', { class: 'patterns', 'aria-label': l10n.t('Missing together') }, [
      element('thead', {}, [
        element('tr', {}, [
          element('th', { scope: 'col' }, [l10n.t('Missing in the same rows')]),
          element('td', {}),
          element('th', { scope: 'col', class: 'numeric' }, [l10n.t('Share')]),
          element('th', { scope: 'col', class: 'numeric' }, [l10n.t('Rows')]),
        ]),
      ]),
      element('tbody', {}, [
        line([element('span', { class: 'dim' }, [l10n.t('nothing')])], missing.completeRows, 'complete'),
        ...shown.map(({ columns, rows }, at) =>
          line(
            [
              ...columns
                .slice(0, MAX_NAMES)
                .flatMap((name, index) => [
                  ...(index === 0 ? [] : [', ']),
                  link(cut(visible(name), 30), `missing/${at}/${name}`, () => select(name)),
                ]),
              ...(columns.length > MAX_NAMES ? [` ${l10n.t('and {0} more', count(columns.length - MAX_NAMES))}`] : []),
            ],
            rows,
            'hatched-bar',
          ),
        ),
        ...(rest === 0
          ? []
          : [
              line(
                [
                  element('span', { class: 'dim' }, [
                    restPatterns === 1 ? l10n.t('1 other pattern') : l10n.t('{0} other patterns', count(restPatterns)),
                  ]),
                ],
                rest,
                'hatched-bar',
              ),
            ]),
      ]),
    ]),
  ]);
}

export function duplicatesPart({ duplicates, rows, sample, columns }: Profile): Part | undefined {
  const read = sample?.rows ?? rows;
  if (read === 0 || columns.length === 0) return undefined;
  return {
    name: 'duplicates',
    says: { duplicates, read },
    draw: () =>
      element('section', { id: 'duplicates', 'aria-labelledby': 'duplicates-title' }, [
        element('h2', { id: 'duplicates-title' }, [l10n.t('Duplicate rows')]),
        element('p', { class: 'dim' }, [
          duplicates.groups === 0
            ? l10n.t('No row occurs twice.')
            : l10n.t(
                '{0} different rows occur more than once; keeping each once would remove {1} rows ({2}).',
                count(duplicates.groups),
                count(duplicates.surplusRows),
                share(duplicates.surplusRows / read),
              ),
        ]),
      ]),
  };
}
