/** What is known of vectors beside the measures. */
import * as l10n from '@vscode/l10n';
import type { DriftColumn } from '../../src/protocol';
import { element } from '../shared/dom';
import { count, figure, share } from '../shared/format';
import type { Part } from '../shared/parts';
import { section } from './section';

export function embeddingPart({ embedding }: DriftColumn): Part | undefined {
  if (embedding === undefined) return undefined;
  const { dimension, meanShift, psi } = embedding;
  const facts: readonly (readonly [string, string])[] = [
    [l10n.t('dimensions'), count(dimension)],
    [l10n.t('cosine distance of the means'), figure(meanShift)],
    [l10n.t('dimensions that drifted'), psi.share === null ? '–' : share(psi.share)],
    [l10n.t('mean PSI of the dimensions'), figure(psi.mean)],
    [
      psi.maxDimension === undefined
        ? l10n.t('largest PSI')
        : l10n.t('largest PSI, of dimension {0}', count(psi.maxDimension)),
      figure(psi.max),
    ],
  ];
  return {
    name: 'embedding',
    says: embedding,
    draw: () =>
      section(l10n.t('Vectors'), [
        element(
          'dl',
          {},
          facts.map(([label, value]) => element('div', {}, [element('dt', {}, [label]), element('dd', {}, [value])])),
        ),
      ]),
  };
}
