/** What a build says while it runs. */
import { l10n } from 'vscode';
import type { BuildStep, Progress } from '../../protocol';
import { bytes, duration, share } from '../format';

/** `passengers: reading titanic-1.csv · 42 % · 12 s left` */
export function progressText({ dataset, step, detail, fraction, etaSeconds, ...came }: Progress): string {
  const doing = detail === undefined ? stepWords()[step] : `${stepWords()[step]} ${detail}`;
  const parts = [`${dataset}: ${doing}`];
  // Before a build begins there is no share of it.
  if (step !== 'fetch') parts.push(share(Math.floor(fraction * 100) / 100));
  else if (came.bytes !== undefined) parts.push(bytes(came.bytes));
  if (step === 'fetch' && came.bytesPerSecond !== undefined) parts.push(`${bytes(came.bytesPerSecond)}/s`);
  if (etaSeconds !== undefined) parts.push(l10n.t('{0} left', duration(Math.max(1, Math.round(etaSeconds)) * 1000)));
  return parts.join(' · ');
}

/** Of one among several: `passengers: reading · 42 %` */
export function shortProgressText({ dataset, step, fraction }: Progress): string {
  return progressText({ dataset, step, fraction });
}

export function stepWords(): Readonly<Record<BuildStep, string>> {
  return {
    fetch: l10n.t('fetching'),
    resolve: l10n.t('finding files'),
    read: l10n.t('reading'),
    enforce: l10n.t('checking the schema'),
    transform: l10n.t('transforming'),
    split: l10n.t('splitting'),
    check: l10n.t('checking'),
    fit: l10n.t('learning from the training rows'),
    write: l10n.t('writing'),
    hash: l10n.t('hashing'),
    publish: l10n.t('putting files in place'),
    track: l10n.t('tracking'),
    compare: l10n.t('comparing with its baseline'),
  };
}
