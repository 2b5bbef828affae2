/** What stands out, worst first, each with what to do about it. */
import * as l10n from '@vscode/l10n';
import { findingsPart } from '../shared/findingItem';
import type { FindingWays } from '../shared/findingItem';
import type { Part } from '../shared/parts';
import type { Actions, PageState } from './state';

export function alertsPart({ profile, offers }: PageState, actions: Actions): Part | undefined {
  if (profile === undefined || profile.columns.length === 0) return undefined;
  const select = (column: string): void => actions.select(column);
  return findingsPart({
    title: l10n.t('Alerts'),
    findings: profile.alerts,
    none: l10n.t('Nothing stood out.'),
    ways: { ...waysOf(offers.config, actions), select },
  });
}

/** Of an alert that stands with its column. */
export function waysOf(config: boolean, { send }: Actions): FindingWays {
  return {
    openConfig: config ? (path) => send({ type: 'openConfig', ...(path !== undefined && { path }) }) : undefined,
    select: undefined,
  };
}
