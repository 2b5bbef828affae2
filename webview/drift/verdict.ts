/** What a comparison comes to: in a word, in a sentence, in figures. */
import * as l10n from '@vscode/l10n';
import type { Drift, DriftSide } from '../../src/protocol';
import { mostDrifted } from '../../src/protocol/driftLevel';
import { count, duration, moment, share } from '../shared/format';
import type { Fact, Outcome } from '../shared/headline';
import { cut, visible } from '../shared/text';
import { measured, measureName } from './measures';

export function outcome({ summary, schema }: Drift): Outcome {
  if (summary.drift) return { kind: 'bad', text: l10n.t('Drifted') };
  if (schema.breaking) return { kind: 'bad', text: l10n.t('Schema broken') };
  if (summary.drifted > 0) return { kind: 'attention', text: l10n.t('Some columns drifted') };
  return { kind: 'good', text: l10n.t('Stable') };
}

export function verdict({ summary, columns }: Drift): string {
  const { compared, drifted, insufficient } = summary;
  const stable = compared - drifted - insufficient;
  const worst = mostDrifted(columns);
  const failed = columns.filter(({ status }) => status === 'failed').length;
  const unknown = [
    ...(insufficient === 0 ? [] : [l10n.t('Too little data to tell of {0}.', count(insufficient))]),
    ...(failed === 0 ? [] : [l10n.t('{0} could not be compared.', count(failed))]),
  ];
  if (compared === 0) return l10n.t('Both sides have no column in common.');
  if (worst === undefined) {
    const none =
      insufficient === 0
        ? l10n.t('Nothing drifted: all {0} columns are stable.', count(compared))
        : l10n.t('Nothing drifted: {0} of {1} columns are stable.', count(stable), count(compared));
    return [none, ...unknown].join(' ');
  }
  const { name, decidedBy, value } = worst;
  const figure =
    decidedBy === undefined || value === undefined ? '' : `${measureName(decidedBy)} ${measured(decidedBy, value)}`;
  const most = l10n.t('{0} drifted most ({1}).', cut(visible(name), 60), figure);
  return [l10n.t('{0} of {1} columns are stable.', count(stable), count(compared)), most, ...unknown].join(' ');
}

export function origin({ generatedAt, durationMs, baseline, current }: Drift): string {
  return [
    l10n.t('{0} against {1}', sideName(current), sideName(baseline)),
    l10n.t('compared {0} in {1}', moment(generatedAt), duration(durationMs / 1000)),
  ].join(' · ');
}

function sideName({ reference, split, builtAt, versionId, from, to }: DriftSide): string {
  const more = [
    ...(split === undefined ? [] : [l10n.t('split {0}', split)]),
    ...(versionId === undefined || reference.includes(versionId) ? [] : [versionId.slice(0, 8)]),
    ...(builtAt === undefined ? [] : [l10n.t('built {0}', moment(builtAt))]),
    ...(from === undefined || to === undefined ? [] : [`${from} – ${to}`]),
  ];
  const name = cut(visible(reference), 60);
  return more.length === 0 ? name : `${name} (${more.join(', ')})`;
}

export function driftFacts({ summary, baseline, current, schema }: Drift): Fact[] {
  const changes = schema.added.length + schema.removed.length + schema.retyped.length;
  return [
    { label: l10n.t('columns compared'), value: count(summary.compared) },
    { label: l10n.t('drifted'), value: count(summary.drifted) },
    {
      label: l10n.t('share that drifted'),
      value: share(summary.share),
      title: l10n.t('By importance; the dataset drifts from {0} on', share(summary.limit)),
    },
    { label: l10n.t('rows of the baseline'), value: count(baseline.rows), title: baseline.reference },
    { label: l10n.t('rows of the current side'), value: count(current.rows), title: current.reference },
    { label: l10n.t('schema changes'), value: count(changes) },
  ];
}
