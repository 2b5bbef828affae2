/** What an export says while it runs. */
import { l10n } from 'vscode';
import type { ExportFormat, ExportProgress, ExportStep } from '../../protocol';
import { bytes, share } from '../format';

/** `writing Parquet · 42 % · 96 MiB · 118 MiB/s` */
export function exportProgressText(progress: ExportProgress): string {
  const { step, format, fraction, bytes: written, bytesPerSecond } = progress;
  const doing = stepWords()[step];
  return [
    format === undefined ? doing : `${doing} ${formatWord(format)}`,
    share(Math.floor(fraction * 100) / 100),
    ...(written === undefined ? [] : [bytes(written)]),
    ...(bytesPerSecond === undefined ? [] : [l10n.t('{0}/s', bytes(bytesPerSecond))]),
  ].join(' · ');
}

export function formatWord(format: ExportFormat): string {
  const words: Readonly<Record<ExportFormat, string>> = {
    parquet: 'Parquet',
    csv: 'CSV',
    jsonl: 'JSON Lines',
    arrow: 'Arrow',
    json: 'JSON',
  };
  return words[format];
}

function stepWords(): Readonly<Record<ExportStep, string>> {
  return {
    read: l10n.t('reading'),
    write: l10n.t('writing'),
    package: l10n.t('writing the package'),
    hash: l10n.t('hashing'),
    publish: l10n.t('putting files in place'),
    track: l10n.t('tracking'),
  };
}
