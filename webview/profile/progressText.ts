/** What is being done, in words. */
import * as l10n from '@vscode/l10n';
import type { ProfileProgress } from '../../src/protocol';
import { duration } from '../shared/format';
import { cut, visible } from '../shared/text';

export function progressText(progress: ProfileProgress | undefined): string {
  if (progress === undefined) return l10n.t('Starting');
  const { step, detail, etaSeconds } = progress;
  const words = {
    read: l10n.t('Reading'),
    columns: l10n.t('Describing columns'),
    pairs: l10n.t('Comparing columns'),
    rows: l10n.t('Comparing rows'),
    splits: l10n.t('Describing splits'),
  };
  return [
    words[step],
    ...(detail === undefined ? [] : [cut(visible(detail), 60)]),
    ...(etaSeconds === undefined ? [] : [l10n.t('about {0} left', duration(Math.ceil(etaSeconds)))]),
  ].join(' · ');
}
