/** How what is tracked stands, in few words. */
import { l10n } from 'vscode';
import type { TrackingPath, TrackingState, TrackingTool } from '../../protocol';
import type { DatasetTracking } from '../datasets/trackings';
import { bytes } from '../format';

export function toolWord(tool: TrackingTool): string {
  const words: Readonly<Record<TrackingTool, string>> = {
    dvc: 'DVC',
    'dvc-pipeline': l10n.t('DVC pipeline'),
    'git-lfs': 'Git LFS',
  };
  return words[tool];
}

export function stateWord(state: TrackingState): string {
  const words: Readonly<Record<TrackingState, string>> = {
    untracked: l10n.t('not tracked'),
    'up-to-date': l10n.t('up to date'),
    modified: l10n.t('modified'),
    missing: l10n.t('missing'),
    'not-in-cache': l10n.t('not in cache'),
    'missing-remote': l10n.t('not pushed'),
    pointer: l10n.t('pointer only'),
    committed: l10n.t('in git itself'),
    broken: l10n.t('broken'),
  };
  return words[state];
}

/** What somebody should see to, the worst first. That nothing was pushed yet is no trouble. */
const troubles: readonly TrackingState[] = ['broken', 'missing', 'pointer', 'not-in-cache', 'modified', 'committed'];

/** Behind rows and age; undefined where nothing is to be seen to. */
export function trackingTrouble({ paths }: DatasetTracking): string | undefined {
  const worst = troubles.find((state) => paths.some((each) => each.state === state));
  return worst && stateWord(worst);
}

/** `DVC: up to date`, for a tooltip and a screen reader. */
export function trackingSummary({ paths }: DatasetTracking): string {
  const said = paths.map(({ tool, state }) =>
    tool === undefined ? stateWord(state) : l10n.t('{0}: {1}', toolWord(tool), stateWord(state)),
  );
  return [...new Set(said)].join(', ');
}

/** `up to date · DVC · 1.2 MiB`: in a narrow view the end is cut off. */
export function describePath({ tool, state, bytes: size }: TrackingPath): string {
  const facts = [stateWord(state), tool && toolWord(tool), size === undefined ? undefined : bytes(size)];
  return facts.filter((fact) => fact !== undefined).join(' · ');
}
