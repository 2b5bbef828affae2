/** What tracking says while it runs. */
import { l10n } from 'vscode';
import type { TrackProgress, TrackStep } from '../../protocol';
import { bytes, duration, share } from '../format';

/** `hashing train.parquet · 42 % · 1.2 GiB/s · 12 s left` */
export function trackProgressText(progress: TrackProgress): string {
  const { step, detail, fraction, bytesPerSecond, etaSeconds } = progress;
  const doing = stepWords()[step];
  return [
    detail === undefined ? doing : `${doing} ${detail}`,
    share(Math.floor(fraction * 100) / 100),
    ...(bytesPerSecond === undefined ? [] : [l10n.t('{0}/s', bytes(bytesPerSecond))]),
    ...(etaSeconds === undefined ? [] : [l10n.t('{0} left', duration(Math.max(1, Math.round(etaSeconds)) * 1000))]),
  ].join(' · ');
}

function stepWords(): Readonly<Record<TrackStep, string>> {
  return {
    look: l10n.t('looking at the files'),
    hash: l10n.t('hashing'),
    cache: l10n.t('filling the cache'),
    write: l10n.t('writing'),
  };
}
