/** Figures as people read them. */
import { env, l10n } from 'vscode';

export function count(value: number): string {
  return value.toLocaleString(env.language);
}

export function rows(value: number): string {
  return value === 1 ? l10n.t('1 row') : l10n.t('{0} rows', count(value));
}

export function warnings(value: number): string {
  return value === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', count(value));
}

/** Binary units, at most four significant figures. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size.toLocaleString(env.language, { maximumSignificantDigits: unit === 0 ? 4 : 3 })} ${units[unit] ?? ''}`;
}

/** A share of the whole, 0–1, as `3.2 %`. */
export function share(fraction: number): string {
  return `${(fraction * 100).toLocaleString(env.language, { maximumFractionDigits: 1 })} %`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return l10n.t('{0} ms', count(Math.round(milliseconds)));
  const seconds = milliseconds / 1000;
  if (seconds < 60) return l10n.t('{0} s', seconds.toLocaleString(env.language, { maximumSignificantDigits: 2 }));
  return l10n.t('{0} min {1} s', count(Math.floor(seconds / 60)), Math.floor(seconds % 60));
}

/** How long ago a moment was, in the largest unit that fits. */
export function age(then: Date, now: Date): string {
  const minutes = Math.floor((now.getTime() - then.getTime()) / 60_000);
  if (minutes < 1) return l10n.t('just now');
  if (minutes < 60) return l10n.t('{0} min ago', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return l10n.t('{0} h ago', hours);
  const days = Math.floor(hours / 24);
  return days === 1 ? l10n.t('1 day ago') : l10n.t('{0} days ago', count(days));
}
