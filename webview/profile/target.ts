/** What is to be predicted: how its classes are balanced, and what tells most of it. */
import * as l10n from '@vscode/l10n';
import type { Profile } from '../../src/protocol';
import { element } from '../shared/dom';
import type { Part } from '../shared/parts';
import { nameElement } from '../shared/values';
import { chartFigure } from '../shared/charts/chartFigure';
import { targetCharts } from './charts/target';
import type { Actions } from './state';

export function targetPart({ target, columns }: Profile, actions: Actions): Part | undefined {
  if (target === undefined || columns.length === 0) return undefined;
  return {
    name: 'target',
    says: target,
    draw: () =>
      element('section', { id: 'target', 'aria-labelledby': 'target-title' }, [
        element('h2', { id: 'target-title' }, [l10n.t('Target'), ': ', nameElement(target.column, 60)]),
        element('div', { class: 'charts' }, [
          ...targetCharts(target, actions).map(({ key, chart }) =>
            chartFigure(chart, { key: `target/${key}`, showRows: actions.showRows }),
          ),
        ]),
      ]),
  };
}
